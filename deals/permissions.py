"""Who may do what with deals."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import Role

SELLERS = (Role.PARTNER_ADMIN, Role.PARTNER_SALES)
DECIDERS = (Role.ADMIN, Role.CHANNEL_MANAGER)
VENDOR = (*DECIDERS, Role.FINANCE, Role.EXECUTIVE)

can_see = permission("deals.registration.see", _("See deals"), (*VENDOR, *SELLERS, Role.PARTNER_MARKETING))
can_register = permission("deals.registration.register", _("Register and work on deals"), SELLERS)
can_enter = permission(
    "deals.registration.enter", _("Fill in registrations, also on behalf of a partner"), (*SELLERS, *DECIDERS)
)
can_decide = permission("deals.registration.decide", _("Decide on registrations"), DECIDERS)
can_agree = permission("deals.registration.agree", _("Agree to a registration where a step asks for it"), VENDOR)
can_comment = permission("deals.registration.comment", _("Write on a deal's timeline"), (*VENDOR, *SELLERS))
can_see_direct = permission("deals.direct.see", _("See what the vendor works at itself"), VENDOR)
can_keep_direct = permission("deals.direct.keep", _("Log direct opportunities and touches"), DECIDERS)
can_edit_rules = permission("deals.rules.edit", _("Change and publish the rules of registrations"), (Role.ADMIN,))
can_see_catalog = permission("deals.catalog.see", _("See the catalog"), Role)
can_keep_catalog = permission("deals.catalog.keep", _("Keep the catalog"), (Role.ADMIN,))
can_see_customers = permission("deals.customer.see", _("See end customers"), VENDOR)
can_keep_customers = permission("deals.customer.keep", _("Keep end customers, and merge those that are one"), DECIDERS)
