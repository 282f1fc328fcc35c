"""What this app adds to the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from prm.ui import navigation
from prm.ui.navigation import Group
from quotes import permissions
from quotes.views import search  # noqa: F401

navigation.page(_("Quotes"), "quotes:quotes", "quote", permissions.can_see, order=20)
navigation.page(
    _("Price lists"), "quotes:price-lists", "price", permissions.can_see_prices, for_partners=False, group=Group.SETUP
)
navigation.page(
    _("Terms of quotes"), "quotes:terms", "policy", permissions.can_keep_terms, for_partners=False, group=Group.SETUP
)
