"""Who may look at disputes, and who decides about them."""

from django.utils.translation import gettext_lazy as _

from prm.accounts.permissions import permission
from prm.accounts.roles import Role

can_see = permission("prm.dispute.see", _("See disputes about records one sees"), Role)
can_decide = permission(
    "prm.dispute.decide",
    _("Decide about disputes over what others decided"),
    (Role.ADMIN, Role.CHANNEL_MANAGER, Role.EXECUTIVE),
)
