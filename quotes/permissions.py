"""Who may do what with price lists and quotes."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import Role

SELLERS = (Role.PARTNER_ADMIN, Role.PARTNER_SALES)
VENDOR = (Role.ADMIN, Role.CHANNEL_MANAGER, Role.FINANCE, Role.EXECUTIVE)

can_see = permission("quotes.quote.see", _("See quotes"), (*VENDOR, *SELLERS))
can_quote = permission("quotes.quote.make", _("Make and send quotes"), SELLERS)
can_see_prices = permission("quotes.prices.see", _("See price lists"), VENDOR)
can_keep_prices = permission("quotes.prices.keep", _("Keep price lists"), (Role.ADMIN,))
can_keep_terms = permission("quotes.terms.keep", _("Keep the terms of quotes"), (Role.ADMIN,))
can_approve = permission("quotes.approval.decide", _("Decide on the discounts of quotes"), VENDOR)
can_see_orders = permission("quotes.order.see", _("See orders"), (*VENDOR, *SELLERS))
can_move_orders = permission("quotes.order.move", _("Work on orders"), (Role.ADMIN, Role.CHANNEL_MANAGER, Role.FINANCE))
