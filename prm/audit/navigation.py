"""Where the audit log stands in the shell."""

from django.utils.translation import gettext_lazy as _

from prm.audit import permissions
from prm.ui import navigation
from prm.ui.navigation import Group

navigation.page(_("Audit"), "audit", "audit", permissions.can_read, group=Group.SETUP, for_partners=False, order=95)
