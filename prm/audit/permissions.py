"""Who may look at everything that happened."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import Role

can_read = permission("prm.audit.read", _("Read the audit log and verify its chain"), (Role.ADMIN,))
