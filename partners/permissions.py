"""Who may do what with partners."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import PARTNER_ROLES, VENDOR_ROLES, Role

can_see_partners = permission("partners.partner.see", _("See the partners"), VENDOR_ROLES)
can_suspend = permission("partners.partner.suspend", _("Suspend and restore partners"), (Role.ADMIN,))
can_place = permission("partners.tier.place", _("Put partners into tiers"), (Role.ADMIN, Role.CHANNEL_MANAGER))
can_see_company = permission("partners.company.see", _("See the own company"), PARTNER_ROLES)
