"""The words of this app. Where a quote stands and where its approval stands are two axes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from prm.choices import TextChoices


class Status(TextChoices):
    """Where one revision of a quote stands."""

    DRAFT = "draft", _("Draft")
    PENDING_APPROVAL = "pending_approval", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    ISSUED = "issued", pgettext_lazy("quote", "Issued")
    ACCEPTED = "accepted", pgettext_lazy("quote", "Accepted")
    DECLINED = "declined", pgettext_lazy("quote", "Declined")
    EXPIRED = "expired", _("Expired")
    SUPERSEDED = "superseded", pgettext_lazy("quote", "Superseded")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Approval(TextChoices):
    """Whether the vendor's people agree to the discounts of a revision."""

    NOT_REQUIRED = "not_required", _("Not required")
    PENDING = "pending", _("Pending")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    RECALLED = "recalled", _("Recalled")
    STALE = "stale", _("Stale")


class Action(TextChoices):
    """What can be done to a revision."""

    ASK_APPROVAL = "ask_approval", _("Send for approval")
    CLEAR = "clear", _("Finish without approval")
    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    RECALL = "recall", _("Recall")
    OVERTURN = "overturn", _("Approve after an appeal")
    REOPEN = "reopen", _("Change")
    ISSUE = "issue", pgettext_lazy("quote", "Issue")
    ACCEPT = "accept", _("Accept")
    DECLINE = "decline", _("Decline")
    EXPIRE = "expire", _("Let expire")
    SUPERSEDE = "supersede", _("Replace by a revision")
    WITHDRAW = "withdraw", _("Withdraw")


class StepKind(TextChoices):
    """The steps of a price from the list to what is paid."""

    LIST = "list", _("List price")
    VOLUME = "volume", _("Volume")
    TIER = "tier", _("Tier")
    REGISTRATION = "registration", _("Registration")
    SPECIAL = "special", _("Special discount")
    NET = "net", _("Net price")


class Counted(TextChoices):
    """Which discounts the ladder of approvals looks at; the vendor chooses."""

    SPECIAL = "special", _("The special discount alone")
    EVERYTHING = "everything", _("Everything off the list price")


class VersionStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class StepStatus(TextChoices):
    """Where one approver's part of an approval stands."""

    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    STALE = "stale", _("Stale")
    DROPPED = "dropped", _("No longer needed")


class OrderStatus(TextChoices):
    REQUESTED = "requested", _("Requested")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    SCHEDULED = "scheduled", _("Scheduled")
    PART_SHIPPED = "part_shipped", _("Partly shipped")
    FULFILLED = "fulfilled", _("Fulfilled")
    CANCELLED = "cancelled", _("Cancelled")


class OrderAction(TextChoices):
    """What the vendor does with an order."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledge")
    SCHEDULE = "schedule", _("Schedule")
    SHIP = "ship", _("Ship a part")
    FULFIL = "fulfil", _("Ship the rest")
    CANCEL = "cancel", _("Cancel")


class Language(TextChoices):
    """The languages a customer is written to in."""

    ENGLISH = "en", _("English")
    GERMAN = "de", _("German")
