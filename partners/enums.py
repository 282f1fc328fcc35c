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
