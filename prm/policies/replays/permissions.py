"""Who may try a draft on past records; the area's own permission is asked as well."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import Role

can_replay = permission("prm.rules.replay", _("Try rules on past records"), {Role.ADMIN})
