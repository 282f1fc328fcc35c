"""Who may read what is promised, and how it was kept: everybody, of their own."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import Role

can_see = permission("prm.promises.see", _("See what is promised on both sides and how it was kept"), Role)
can_set = permission("prm.promises.set", _("Set when promised decisions warn and whom late ones tell"), {Role.ADMIN})
