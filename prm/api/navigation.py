"""Where API keys stand in the shell, and how the audit log calls them."""

from django.utils.translation import gettext_lazy as _

from prm.api import answers, events, permissions  # noqa: F401
from prm.audit import words
from prm.ui import navigation
from prm.ui.navigation import Group

navigation.page(
    _("API keys"), "api-keys", "key", permissions.can_keep_keys, group=Group.SETUP, for_partners=False, order=66
)
navigation.page(
    _("API keys"), "api-keys", "key", permissions.can_keep_keys, group=Group.COMPANY, for_vendor=False, order=66
)
words.SUBJECTS |= {"api_key": _("API key"), "apikey": _("API key")}
