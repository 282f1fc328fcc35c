"""Who says who stands in for whom."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import VENDOR_ROLES, Role

can_be_away = permission("prm.absences.set", _("Say who stands in while they are away"), VENDOR_ROLES)
can_keep_absences = permission("prm.absences.keep", _("Say who stands in for others"), {Role.ADMIN})
