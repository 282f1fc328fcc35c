"""Who says what is asked beyond what every portal asks."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import VENDOR_ROLES, Role

can_define = permission("prm.custom_fields.define", _("Define custom fields of records"), {Role.ADMIN})
can_open = permission("prm.custom_fields.open", _("See what custom fields of a record there are to fill"), VENDOR_ROLES)
