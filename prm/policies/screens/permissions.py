"""Who sees the rules of the vendor; the area's own permission is asked before any is changed."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import Role

can_see_rules = permission("prm.rules.see", _("See the rules that the vendor made"), {Role.ADMIN})
