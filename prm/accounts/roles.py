"""The roles a person can have at a vendor."""

from django.utils.translation import gettext_lazy as _

from prm.choices import TextChoices


class Role(TextChoices):
    """What somebody does here; a role of a partner always comes with that partner."""

    ADMIN = "admin", _("Administrator")
    CHANNEL_MANAGER = "channel_manager", _("Channel manager")
    FINANCE = "finance", _("Finance")
    EXECUTIVE = "executive", _("Executive")
    PARTNER_ADMIN = "partner_admin", _("Partner administrator")
    PARTNER_SALES = "partner_sales", _("Sales")
    PARTNER_MARKETING = "partner_marketing", _("Marketing")

    @property
    def is_partners(self) -> bool:
        return self in PARTNER_ROLES


VENDOR_ROLES = frozenset({Role.ADMIN, Role.CHANNEL_MANAGER, Role.FINANCE, Role.EXECUTIVE})
PARTNER_ROLES = frozenset({Role.PARTNER_ADMIN, Role.PARTNER_SALES, Role.PARTNER_MARKETING})
