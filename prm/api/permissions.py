"""Who lets programs in."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import Role

can_keep_keys = permission("prm.api.keep", _("Make and revoke API keys"), {Role.ADMIN, Role.PARTNER_ADMIN})
