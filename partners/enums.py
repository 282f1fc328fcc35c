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


class ApplicationStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    INFO_REQUESTED = "info_requested", _("Information asked")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class ApplicationAction(TextChoices):
    """What can be done to an application."""

    SUBMIT = "submit", _("Submit")
    OPEN = "open", _("Open")
    ASK = "ask", _("Ask for information")
    ANSWER = "answer", _("Answer")
    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    WITHDRAW = "withdraw", _("Withdraw")
    EXPIRE = "expire", _("Let it expire")
    REOPEN = "reopen", _("Reopen after an appeal")


class LinkPurpose(TextChoices):
    """What a secret address of an application opens."""

    DRAFT = "draft", _("Draft")
    STATUS = "status", _("Status page")


class QuestionKind(TextChoices):
    """How a question of the questionnaire is answered."""

    TEXT = "text", _("Text")
    CHOICE = "choice", _("One of several answers")
    NUMBER = "number", _("Number")
    YES_NO = "yes_no", _("Yes or no")


class SameFact(TextChoices):
    """What two companies have in common, the strongest first."""

    TAX_ID = "tax_id", _("Same tax number")
    WEBSITE = "website", _("Same website")
    EMAIL = "email", _("Same e-mail domain")
    NAME = "name", _("Same name")


class JoinStatus(TextChoices):
    """Where somebody stands who wants to join their company in the portal."""

    UNCONFIRMED = "unconfirmed", _("Address not confirmed")
    OPEN = "open", _("Open")
    INVITED = "invited", _("Invited")
    DECLINED = "declined", _("Declined")


class OwnQuestion(TextChoices):
    """The questions the product brings along; one that a vendor has not rewritten is read in the reader's language."""

    BUSINESS = "business", _("What is most of your business?")
    STAFF = "staff", _("How many people work for you?")
    SELLERS = "sellers", _("How many of them sell?")
    TECHNICIANS = "technicians", _("How many of them install and support?")
    MARKETS = "markets", _("Which regions and industries do you sell to?")
    REVENUE = "revenue", _("How much do you expect to sell in the first year?")
    FIRST_DEAL = "first_deal", _("Do you already have a first customer in mind?")
    RIVALS = "rivals", _("Which competing products do you sell?")
    SUPPORT = "support", _("Do you give first-line support in your customers’ language?")
    CERTIFIED = "certified", _("Are your people certified for products like ours?")
    RESELLERS = "resellers", _("How many resellers do you supply?")
    STOCK = "stock", _("Do you keep stock in your region?")
    CREDIT = "credit", _("Do you give your resellers credit?")
    CONTRACTS = "contracts", _("How many customers do you run under contract?")
    PLATFORM = "platform", _("What would you build or connect?")
    UNITS = "units", _("How many units would you build in each year?")
    NETWORK = "network", _("Where do you meet people who need what we make?")


class OwnAnswer(TextChoices):
    """Answers to those questions."""

    RESELLER = "reseller", _("Selling what others make")
    VAR = "var", _("Selling it together with our own services")
    SYSTEM_INTEGRATOR = "system_integrator", _("Projects that connect several systems")
    DISTRIBUTOR = "distributor", _("Supplying resellers")
    OEM = "oem", _("Making devices of our own")
    MSP = "msp", _("Running systems for customers")
    ISV = "isv", _("Making software of our own")
    SALES_AGENT = "sales_agent", _("Selling on behalf of manufacturers")
    REFERRAL = "referral", _("Advising customers")
    LITTLE = "little", _("Less than 50,000")
    SOME = "some", _("50,000 to 250,000")
    MUCH = "much", _("More than 250,000")
    UNKNOWN = "unknown", _("Hard to say yet")


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


class Industry(TextChoices):
    """What a partner's customers do."""

    MANUFACTURING = "manufacturing", _("Manufacturing")
    ENERGY = "energy", _("Energy and utilities")
    BUILDING = "building", _("Building and property")
    LOGISTICS = "logistics", _("Transport and logistics")
    RETAIL = "retail", _("Trade")
    HEALTH = "health", _("Health care")
    PUBLIC = "public", _("Public sector")
    FINANCE = "finance", _("Banking and insurance")
    EDUCATION = "education", _("Education")
    HOSPITALITY = "hospitality", _("Hotels and restaurants")
    SOFTWARE = "software", _("Software and services")


class Metric(TextChoices):
    """What a requirement of a tier counts."""

    REVENUE = "revenue", _("Revenue")
    WON_DEALS = "won_deals", _("Won deals")
    REGISTRATIONS = "registrations", _("Approved registrations")
    CERTIFIED = "certified", _("Certified people")
    MONTHS = "months", _("Months in the program")
    FIGURE = "figure", _("A figure you record")
    CONFIRMED = "confirmed", _("Something you confirm")


class WindowKind(TextChoices):
    """Over which days a requirement counts; those that look back also count a whole period that has ended."""

    ROLLING_MONTHS = "rolling_months", _("in the last … months")
    ROLLING_DAYS = "rolling_days", _("in the last … days")
    CALENDAR_YEAR = "calendar_year", _("in the calendar year")
    CALENDAR_YEAR_OR_LAST = "calendar_year_or_last", _("in this or the last calendar year")
    QUARTER = "quarter", _("in the quarter")
    QUARTER_OR_LAST = "quarter_or_last", _("in this or the last quarter")
    FISCAL_YEAR = "fiscal_year", _("in the fiscal year that starts on")
    FISCAL_YEAR_OR_LAST = "fiscal_year_or_last", _("in this or the last fiscal year, which starts on")


class Junction(TextChoices):
    """How many parts of a group of requirements have to be met."""

    ALL = "all", _("All of these")
    ANY = "any", _("Any one of these")
    LEAST = "least", _("At least so many of these")


class Counting(TextChoices):
    """How several recorded figures become one."""

    SUM = "sum", _("added up")
    LATEST = "latest", _("the latest")
    HIGHEST = "highest", _("the highest")


class RequirementState(TextChoices):
    MET = "met", _("Met")
    AT_RISK = "at_risk", _("At risk")
    UNMET = "unmet", _("Unmet")
    MISSING = "missing", _("Nothing known")
    WAIVED = "waived", _("Waived")


class Promotion(TextChoices):
    """What happens when a partner meets the requirements of a higher tier."""

    AT_ONCE = "at_once", _("It rises at once")
    PROPOSED = "proposed", _("A channel manager confirms it")


class Outcome(TextChoices):
    """What an evaluation came to: where a partner stands with its tier."""

    UNPLACED = "unplaced", _("In no tier")
    SAFE = "safe", _("Secure")
    AT_RISK = "at_risk", _("At risk")
    HELD = "held", _("Kept by exception")
    PROPOSED = "proposed", _("To be promoted")
    WARNED = "warned", _("Warned")
