"""What the platform itself lets people do at a vendor."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import Role

ENTER = permission("prm.portal.enter", _("Enter the portal"), Role)
MANAGE_PEOPLE = permission(
    "prm.people.manage", _("Invite colleagues and change their roles"), {Role.ADMIN, Role.PARTNER_ADMIN}
)
READ_ROLES = permission("prm.roles.read", _("See what each role may do"), {Role.ADMIN})
CHANGE_BRAND = permission("prm.brand.change", _("Change the brand, calendar and currency"), {Role.ADMIN})
