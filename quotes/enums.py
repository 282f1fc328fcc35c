"""The words of this app. Where a quote stands, and what became of its approval, are two axes that never mix."""

from django.utils.translation import gettext_lazy as _

from prm.choices import TextChoices


class QuoteStatus(TextChoices):
    """Where a quote, or one revision of it, stands."""

    DRAFT = "draft", _("Draft")
    PENDING_APPROVAL = "pending_approval", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    ISSUED = "issued", _("Issued")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Approval(TextChoices):
    """What became of the approval that a revision needs; also where one step of it stands."""

    NOT_REQUIRED = "not_required", _("Not required")
    PENDING = "pending", _("Pending")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    RECALLED = "recalled", _("Recalled")
    STALE = "stale", _("Stale")


class Action(TextChoices):
    """What can be done to a revision of a quote."""

    CHANGE = "change", _("Change")
    SEND = "send", _("Send for approval")
    ASK = "ask", _("Ask for information")
    ANSWER = "answer", _("Answer")
    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    RECALL = "recall", _("Recall")
    ISSUE = "issue", _("Issue")
    ACCEPT = "accept", _("Accept")
    DECLINE = "decline", _("Decline")
    EXPIRE = "expire", _("Let expire")
    SUPERSEDE = "supersede", _("Supersede")
    WITHDRAW = "withdraw", _("Withdraw")


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
