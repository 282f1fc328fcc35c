"""What the platform itself adds to the shell; loading it also declares what it lets people do."""

from django.utils.translation import gettext_lazy as _

from prm.accounts import actions, events  # noqa: F401
from prm.ui import navigation
from prm.ui.navigation import Group

navigation.page(_("People"), "people", "team", actions.MANAGE_PEOPLE, group=Group.COMPANY, for_vendor=False, order=60)
navigation.page(_("People"), "people", "team", actions.MANAGE_PEOPLE, group=Group.SETUP, for_partners=False, order=60)
navigation.page(_("Roles and permissions"), "roles", "shield", actions.READ_ROLES, group=Group.SETUP, order=61)
navigation.page(_("Brand and calendar"), "brand", "brand", actions.CHANGE_BRAND, group=Group.SETUP, order=62)
navigation.page(_("Invite a colleague"), "invitation-new", "invite", actions.MANAGE_PEOPLE, is_action=True, order=60)
