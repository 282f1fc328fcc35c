"""Who keeps the lists of reasons."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import Role

can_keep = permission("prm.reasons.keep", _("Keep the lists of reasons for decisions"), (Role.ADMIN,))
