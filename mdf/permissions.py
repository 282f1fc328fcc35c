"""Who may do what with marketing funds."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import VENDOR_ROLES, Role

MARKETERS = (Role.PARTNER_ADMIN, Role.PARTNER_MARKETING)
DECIDERS = (Role.ADMIN, Role.CHANNEL_MANAGER, Role.FINANCE)

can_see = permission("mdf.fund.see", _("See marketing funds and requests"), (*VENDOR_ROLES, *MARKETERS))
can_request = permission("mdf.request.make", _("Request marketing funds"), MARKETERS)
can_decide = permission("mdf.request.decide", _("Decide on requests for marketing funds"), DECIDERS)
can_keep_funds = permission("mdf.fund.keep", _("Set up marketing funds and their terms"), (Role.ADMIN,))
can_allocate = permission("mdf.fund.allocate", _("Allocate funds to partners"), (Role.ADMIN, Role.FINANCE))
can_see_ledger = permission("mdf.ledger.see", _("See the ledger of the funds"), VENDOR_ROLES)
can_claim = permission("mdf.claim.make", _("Claim marketing funds"), MARKETERS)
can_decide_claims = permission("mdf.claim.decide", _("Decide on claims"), DECIDERS)
can_pay = permission("mdf.payment.make", _("Pay claims and claw back"), (Role.ADMIN, Role.FINANCE))
can_keep_paying_accounts = permission(
    "mdf.paying_account.keep", _("Keep the accounts that are paid from"), (Role.FINANCE,)
)
