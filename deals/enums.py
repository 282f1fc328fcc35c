"""The words of this app. Review, protection and stage of a deal are three axes that never mix."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from prm.choices import TextChoices
from prm.policies.courses import Because as Because
from prm.policies.courses import Course as Course
from prm.policies.courses import Deemed as Deemed


class Review(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    INFO_REQUESTED = "info_requested", _("Information asked")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ProtectionState(TextChoices):
    NONE = "none", _("None")
    ACTIVE = "active", _("Active")
    EXPIRING = "expiring", _("Expiring")
    EXPIRED = "expired", _("Expired")
    RELEASED = "released", _("Released")
    REVOKED = "revoked", _("Revoked")
    FULFILLED = "fulfilled", _("Fulfilled")


class Stage(TextChoices):
    PROSPECT = "prospect", _("Prospect")
    QUALIFIED = "qualified", _("Qualified")
    TECHNICAL_VALIDATION = "technical_validation", _("Technical validation")
    BUSINESS_VALIDATION = "business_validation", _("Business validation")
    COMMITTED = "committed", _("Committed")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class Action(TextChoices):
    """What can be done to a registration."""

    SUBMIT = "submit", _("Submit")
    OPEN = "open", _("Open")
    ASK = "ask", _("Ask for information")
    ANSWER = "answer", _("Answer")
    APPROVE = "approve", _("Approve")
    APPROVE_BESIDE = "approve_beside", _("Approve beside others")
    REJECT = "reject", _("Reject")
    REOPEN = "reopen", _("Reopen after an appeal")
    REPEAT = "repeat", _("Ask again")
    WITHDRAW = "withdraw", _("Withdraw")
    CHECK_IN = "check_in", _("Check in")
    ASK_EXTENSION = "ask_extension", _("Ask for an extension")
    EXTEND = "extend", _("Extend protection")
    RELEASE = "release", _("Release protection")
    FORFEIT = "forfeit", _("Release what nobody confirmed")
    REVOKE = "revoke", _("Revoke protection")
    REINSTATE = "reinstate", _("Protect again after an appeal")
    WARN = "warn", _("Warn of expiry")
    EXPIRE = "expire", _("Let protection expire")
    HAND_OVER = "hand_over", _("Hand over to a colleague")
    ADVANCE = "advance", _("Change stage")
    WIN = "win", _("Mark won")
    LOSE = "lose", _("Mark lost")
    RESUME = "resume", _("Reopen the deal")
    AMEND = "amend", _("Change the facts")
    ACCEPT = "accept", _("Approve an amendment")
    ASK_TRANSFER = "ask_transfer", _("Ask for a transfer")
    TRANSFER = "transfer", _("Transfer to another partner")


class ActivityKind(TextChoices):
    """What a partner did with the customer before registering."""

    MEETING = "meeting", _("Meeting")
    CALL = "call", _("Call")
    DEMO = "demo", _("Demonstration")
    WORKSHOP = "workshop", _("Workshop")
    TRIAL = "trial", _("Trial")
    PROPOSAL = "proposal", _("Proposal")


class KeyKind(TextChoices):
    """What identifies an end customer exactly."""

    TAX_ID = "tax_id", _("Tax number")
    DOMAIN = "domain", _("Website")
    NAME = "name", _("Name")


class DealType(TextChoices):
    """What kind of deal a partner registers; rules tell them apart."""

    RESALE = "resale", _("Resale")
    REFERRAL = "referral", _("Referral")
    SERVICES = "services", _("Services attached")
    MANAGED = "managed", _("Managed service")
    RENEWAL = "renewal", _("Renewal")
    TENDER = "tender", _("Tender")


class EnteredAs(TextChoices):
    """Who filled a registration in: its partner, or somebody on the partner's behalf."""

    PARTNER = "partner", _("The partner")
    DISTRIBUTOR = "distributor", _("Its distributor")
    VENDOR = "vendor", _("The vendor")


class Source(TextChoices):
    """Who brought the opportunity up."""

    PARTNER = "partner", _("We found it")
    CUSTOMER = "customer", _("The customer came to us")
    VENDOR = "vendor", _("The vendor passed it on")


class CountsFrom(TextChoices):
    """From which day a protection counts."""

    APPROVAL = "approval", _("The approval")
    SUBMISSION = "submission", _("The submission")


class Criterion(TextChoices):
    """By what one of several who want the same customer and product comes first."""

    SUBMISSION = "submission", _("the earlier complete submission")
    APPROVAL = "approval", _("the earlier approval")
    LETTER = "letter", _("the customer’s letter that chooses the partner")
    INCUMBENCY = "incumbency", _("who sold to the customer last")
    CERTIFICATION = "certification", _("more certified people")
    TIER = "tier", _("the higher tier")
    ACTIVITIES = "activities", _("more pre-sales activities")
    VALUE = "value", _("the higher value")


class Contested(TextChoices):
    """What rules do with a registration that they would approve, while others are after the customer."""

    PERSON = "person", _("A person decides")
    FIRST = "first", _("Approve it if it comes first")
    SHARED = "shared", _("Approve it as a co-seller")
    SECOND = "second", _("Approve it as second partner")


class Award(TextChoices):
    """What an approval gives: the customer alone, or a place beside others without protection."""

    SOLE = "sole", _("Protected alone")
    SHARED = "shared", _("Co-seller")
    SECOND = "second", _("Second partner")


class Combined(TextChoices):
    """What becomes of two benefits for one thing."""

    HIGHEST = "highest", _("The higher one")
    ADDED = "added", _("Both, added")


class ListKind(TextChoices):
    """What a vendor's list names."""

    CUSTOMERS = "customers", _("Customers")
    PRODUCTS = "products", _("Products")


class DirectStage(TextChoices):
    """How an opportunity stands that the vendor works at itself."""

    OPEN = "open", pgettext_lazy("state", "Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class TouchKind(TextChoices):
    """How the vendor's own people were in touch with a customer."""

    MEETING = "meeting", _("Meeting")
    CALL = "call", _("Call")
    EMAIL = "email", _("E-mail")
    DEMO = "demo", _("Demonstration")
    EVENT = "event", _("Event")
    OTHER = "other", _("Other")


class CaseStatus(TextChoices):
    """How far a conflict case is."""

    OPEN = "open", pgettext_lazy("state", "Open")
    EVIDENCE_REQUESTED = "evidence_requested", _("Evidence asked")
    DECIDED = "decided", _("Decided")
    APPEALED = "appealed", _("Appealed")
    FINAL = "final", _("Final")


class CaseAction(TextChoices):
    """What can be done to a conflict case."""

    JOIN = "join", _("Add a registration")
    ASK = "ask", _("Ask for evidence")
    GO_ON = "go_on", _("Go on without waiting")
    DECIDE = "decide", _("Decide")
    SETTLE = "settle", _("Close, as there is nothing to decide between")
    APPEAL = "appeal", _("Appeal")
    STAND = "stand", _("Let the decision stand for now")
    CONCLUDE = "conclude", _("Make it final")


class CaseDecision(TextChoices):
    """What a conflict case can come to."""

    AWARD = "award", _("Award to one")
    SHARE = "share", _("Share among all")
    SPLIT = "split", _("Split by product")
    REJECT = "reject", _("Reject all")
    MERGE = "merge", _("Merge into one")
    APART = "apart", _("No conflict: different companies")


class CaseResult(TextChoices):
    """What a case brought to one registration."""

    AWARDED = "awarded", _("Awarded")
    PART = "part", _("Awarded in part")
    SHARED = "shared", _("Co-seller")
    SECOND = "second", _("Second partner")
    REFUSED = "refused", _("Refused")
    KEPT = "kept", _("Kept")
    MERGED = "merged", _("Merged")
    LEFT = "left", _("Left before the decision")
    APART = "apart", _("No conflict")


class ExtensionStatus(TextChoices):
    PENDING = "pending", _("Waiting for a decision")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class AmendmentStatus(TextChoices):
    """What became of a change of facts that a partner proposed."""

    APPLIED = "applied", _("Changed at once")
    PENDING = "pending", _("Waiting for a decision")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    RECALLED = "recalled", _("Taken back")
    LAPSED = "lapsed", _("Lapsed")


class TransferStatus(TextChoices):
    """How far it is that a deal goes to another partner."""

    ASKED = "asked", _("Asked for")
    DONE = "done", _("Transferred")
    REFUSED = "refused", _("Refused")
    RECALLED = "recalled", _("Taken back")


class Ground(TextChoices):
    """Why the vendor has to agree to an amendment of an approved deal."""

    ALL = "all", _("The terms ask for a decision about each change.")
    VALUE = "value", _("The value grows beyond what the terms allow.")
    CURRENCY = "currency", _("The value is in another currency.")
    PRODUCTS = "products", _("A product family is added.")
    TYPE = "type", _("It becomes another type of deal.")
    CLOSE = "close", _("It closes after its protection has ended.")
    RULES = "rules", _("The rules looked at what changes.")


class Problem(TextChoices):
    """Why a line of an imported list cannot be taken over."""

    NO_NAME = "no_name", _("It has no name.")
    NO_LETTERS = "no_letters", _("The name has no letter and no digit.")
    TOO_LONG = "too_long", _("A cell is too long. A name has at most 200 characters, a website 253.")
    UNKNOWN_COUNTRY = "unknown_country", _("The country is not known. Write its name, or its code such as DE.")
    NO_WEBSITE = "no_website", _("This is no website of a company. Write its domain, or leave it empty.")
    NO_NUMBER = "no_number", _("The tax or register number has no letter and no digit.")
    FAILED = (
        "failed",
        _("It could not be taken over. Look for what is unusual in it, or write the customer down by hand."),
    )


class Found(TextChoices):
    """What a line of an imported list turned out to be."""

    NEW = "new", _("New")
    SAME = "same", _("Known already")
    ALIKE = "alike", _("May be the same")
    WRONG = "wrong", _("Cannot be taken over")
