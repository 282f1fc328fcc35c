"""The fields that a vendor adds to partners and to applications of those who want to become one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partners import permissions
from partners.models import Application, Partner
from partners.queries import facts
from partners.rules.catalogue import APPLICATION, PARTNER
from partners.services import application_rules
from prm.custom_fields.kinds import kind

kind(
    APPLICATION,
    _("Applications"),
    model=Application,
    catalogue=facts.of_applicants,
    facts=facts.of_applications,
    visible_to=lambda member: Application.objects.sent(),
    page="partners:application",
    permission=permissions.can_decide_applications,
    area=APPLICATION,
    changed=application_rules.follow_values,
    order=2,
)
kind(
    PARTNER,
    _("Partners"),
    model=Partner,
    catalogue=facts.of_partners,
    facts=facts.of_partner,
    visible_to=lambda member: Partner.objects.all(),
    page="partners:partner",
    permission=permissions.can_change_identity,
    outside="partner.custom.",
    outside_label=_("%(label)s of the partner"),
    order=4,
)
