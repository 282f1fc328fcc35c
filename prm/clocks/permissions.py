"""Who keeps the vendor's calendars."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import Role

can_keep_calendars = permission("prm.calendars.keep", _("Set opening hours and holidays"), {Role.ADMIN})
