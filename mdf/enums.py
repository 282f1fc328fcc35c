"""The words of this app, as the product uses them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from prm.choices import TextChoices


class FundStatus(TextChoices):
    """A fund is set up as a draft, takes requests while open, and only counts money once closed."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", pgettext_lazy("fund", "Open")
    CLOSED = "closed", pgettext_lazy("fund", "Closed")


class RequestStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    INFO_REQUESTED = "info_requested", _("Information asked")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    LAPSED = "lapsed", _("Lapsed")


class RequestAction(TextChoices):
    """What can be done to a request for funds."""

    SUBMIT = "submit", _("Submit")
    OPEN = "open", _("Open")
    ASK = "ask", _("Ask for information")
    ANSWER = "answer", _("Answer")
    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    WITHDRAW = "withdraw", _("Withdraw")
    COMPLETE = "complete", _("Complete")
    CANCEL = "cancel", _("Cancel")
    LAPSE = "lapse", _("Let lapse")
    REOPEN = "reopen", _("Reopen")
    REOPEN_REJECTED = "reopen_rejected", _("Reopen after an appeal")


class ClaimStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    INFO_REQUESTED = "info_requested", _("Information asked")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SCHEDULED = "scheduled", _("Scheduled")
    PART_PAID = "part_paid", _("Partly paid")
    PAID = "paid", _("Paid")
    CLAWED_BACK = "clawed_back", _("Clawed back")


class ClaimAction(TextChoices):
    """What can be done to a claim."""

    SUBMIT = "submit", _("Submit")
    OPEN = "open", _("Open")
    JUDGE = "judge", _("Judge a file or a line")
    ASK = "ask", _("Ask for information")
    ANSWER = "answer", _("Answer")
    AGREE = "agree", _("Approve as one of several")
    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    WITHDRAW = "withdraw", _("Withdraw")
    SCHEDULE = "schedule", _("Put into a batch")
    UNSCHEDULE = "unschedule", _("Take out of a batch")
    UNSCHEDULE_REST = "unschedule_rest", _("Take the rest out of a batch")
    PAY_PART = "pay_part", _("Pay a part")
    PAY = "pay", _("Pay")
    REOPEN = "reopen", _("Reopen after an appeal")
    RAISE = "raise", _("Pay more after an appeal")
    CLAW_BACK = "claw_back", _("Claw back")
    CLAW_BACK_PART = "claw_back_part", _("Claw back a part")


class ExtensionStatus(TextChoices):
    """A partner asks once for more time to claim."""

    PENDING = "pending", _("Waits for a decision")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class BatchStatus(TextChoices):
    """A batch is put together, handed over to the bank as a file, and paid."""

    OPEN = "open", _("Being prepared")
    EXPORTED = "exported", _("Exported")
    PAID = "paid", _("Paid")
    CANCELLED = "cancelled", _("Cancelled")


class PaymentStatus(TextChoices):
    SCHEDULED = "scheduled", _("Scheduled")
    PAID = "paid", _("Paid")
    CANCELLED = "cancelled", _("Cancelled")


class EntryKind(TextChoices):
    """Why money moved from one account of the ledger to another."""

    ALLOCATION = "allocation", _("Allocation")
    ACCRUAL = "accrual", _("Accrual")
    ADJUSTMENT = "adjustment", _("Adjustment")
    TRANSFER = "transfer", _("Transfer")
    RESERVATION = "reservation", _("Reservation")
    RELEASE = "release", _("Release")
    CONSUMPTION = "consumption", _("Consumption")
    PAYMENT = "payment", _("Payment")
    FORFEITURE = "forfeiture", _("Forfeiture")
    REINSTATEMENT = "reinstatement", _("Reinstatement")
    CLAWBACK = "clawback", _("Clawback")
    FX = "fx", _("Exchange difference")


class AccountKind(TextChoices):
    """Where money can be: with the fund, or in one of the five places of a partner's allocation."""

    SOURCE = "source", _("Vendor's money")
    UNALLOCATED = "unallocated", _("Not allocated")
    AVAILABLE = "available", _("Available")
    RESERVED = "reserved", _("Reserved")
    PAYABLE = "payable", _("To be paid")
    PAID = "paid", _("Paid")
    FORFEITED = "forfeited", _("Forfeited")


class ProofKind(TextChoices):
    """Documents that prove that an activity took place, and what it cost."""

    INVOICE = "invoice", _("Invoice")
    PAYMENT_PROOF = "payment_proof", _("Proof of payment")
    PHOTO = "photo", _("Photo")
    SCREENSHOT = "screenshot", _("Screenshot")
    ARTWORK = "artwork", _("Copy of the advertisement")
    ATTENDEE_LIST = "attendee_list", _("List of attendees")
    LEAD_LIST = "lead_list", _("List of leads")
    AGENDA = "agenda", _("Agenda or invitation")
    REPORT = "report", _("Report of results")
    OTHER = "other", _("Other document")


class ProofVerdict(TextChoices):
    """What whoever decides says of one file of a claim."""

    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")


FIRST_ACTIVITY_TYPES = {
    "event": (_("Customer event or trade fair"), _("Room, stand, catering, speakers and invitations.")),
    "webinar": (_("Webinar"), _("Platform, promotion and moderation.")),
    "digital": (_("Online advertising"), _("Search, social media and banners with the vendor’s brand.")),
    "print": (_("Print advertising or mailing"), _("Design, printing, placement and postage.")),
    "telemarketing": (_("Telephone campaign"), _("Calls to named companies by an agency or your own people.")),
    "content": (_("Content and translation"), _("Articles, case studies, videos and their translation.")),
    "training": (_("Sales training"), _("Training of your own sales people on the vendor’s products.")),
}
"""How the kinds of activity are called that a new vendor starts with, and what they pay for."""
