"""The words of this app."""

from django.utils.translation import gettext_lazy as _

from prm.choices import TextChoices


class PartnerType(TextChoices):
    """Decides who owns marketing, selling, supporting and the product experience."""

    SALES_AGENT = "sales_agent", _("Sales agent")
    RESELLER = "reseller", _("Reseller")
    VAR = "var", _("Value-added reseller")
    SYSTEM_INTEGRATOR = "system_integrator", _("System integrator")
    DISTRIBUTOR = "distributor", _("Distributor")
    OEM = "oem", _("OEM")
    MSP = "msp", _("Managed service provider")
    ISV = "isv", _("Software vendor")
    REFERRAL = "referral", _("Referral partner")


class PartnerStatus(TextChoices):
    PROSPECT = "prospect", _("Prospect")
    ONBOARDING = "onboarding", _("Onboarding")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    TERMINATED = "terminated", _("Terminated")


class TierReason(TextChoices):
    """Why a partner got a tier."""

    EARNED = "earned", _("Earned")
    EXCEPTION = "exception", _("Exception")
    DEMOTION = "demotion", _("Demotion")
    MIGRATION = "migration", _("Migration")


class PartnerAction(TextChoices):
    """What moves a partner through its life; the table is in `rules/partner_lifecycle.py`."""

    WELCOME = "welcome"
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    RESTORE = "restore"
    TERMINATE = "terminate"


class AgreementStatus(TextChoices):
    """Where an agreement between the vendor and one partner stands."""

    OFFERED = "offered", _("To be accepted")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    SUPERSEDED = "superseded", _("Replaced by a newer version")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AgreementAction(TextChoices):
    ACCEPT = "accept"
    DECLINE = "decline"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"


class TaskKind(TextChoices):
    """What a task of an onboarding checklist asks for."""

    AGREEMENT = "agreement", _("Accept the agreement")
    PROFILE = "profile", _("Complete the company profile")
    BANK = "bank", _("Enter bank details")
    REGISTER_EXTRACT = "register_extract", _("Upload an extract of the trade register")
    INSURANCE = "insurance", _("Upload proof of liability insurance")
    DOCUMENT = "document", _("Upload a document")
    COLLEAGUE = "colleague", _("Invite a colleague")
    TRAINING = "training", _("Get a first person certified")
    REGISTRATION = "registration", _("Register the first deal")
    OTHER = "other", _("Another task")


class TaskStatus(TextChoices):
    OPEN = "open", _("Open")
    SUBMITTED = "submitted", _("Submitted")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")
    SKIPPED = "skipped", _("Not needed")


class TaskAction(TextChoices):
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    COMPLETE = "complete"
    SKIP = "skip"


class Checker(TextChoices):
    """Who at the vendor looks at a task that was submitted."""

    NOBODY = "nobody", _("Nobody: done when submitted")
    CHANNEL_MANAGER = "channel_manager", _("Channel manager")
    FINANCE = "finance", _("Finance")
    ADMIN = "admin", _("Administrator")


class CertifiedRole(TextChoices):
    """What kind of work a certification is about."""

    SALES = "sales", _("Sales")
    TECHNICAL = "technical", _("Technical")
    SUPPORT = "support", _("Support")
    MARKETING = "marketing", _("Marketing")


class CertificateStatus(TextChoices):
    SUBMITTED = "submitted", _("To be confirmed")
    ACTIVE = "active", _("Valid")
    RETURNED = "returned", _("Returned")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CertificateAction(TextChoices):
    SUBMIT = "submit"
    CONFIRM = "confirm"
    RETURN = "return"
    EXPIRE = "expire"
    REVOKE = "revoke"
    WITHDRAW = "withdraw"


class BankStatus(TextChoices):
    """Whether bank details may be paid to."""

    SUBMITTED = "submitted", _("To be checked")
    ACCEPTED = "accepted", _("Checked")
    RETURNED = "returned", _("Returned")
    SUPERSEDED = "superseded", _("Replaced")
