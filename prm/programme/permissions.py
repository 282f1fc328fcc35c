"""Who may carry a vendor's programme in and out."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import Role

can_exchange = permission("prm.programme.exchange", _("Export and import the whole program"), {Role.ADMIN})
