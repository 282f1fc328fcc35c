"""Whose the addresses of the platform are; see `tests/architecture/test_routes.py`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from deals.models import Registration
from deals.services import decisions
from prm.approvals import standing_in
from prm.comments import services as comments
from prm.disputes import services as disputes
from prm.drafts import services as drafts
from prm.drafts.kinds import KINDS
from prm.policies import versions
from prm.programme import services as programme
from tests import build
from tests.architecture.actors import EVERYBODY, FIRM, SEES_DEAL, VENDOR
from tests.prm.api.calling import program
from tests.prm.clocks import calendar_of
from tests.prm.custom_fields import asking
from tests.prm.documents import sample
from tests.prm.policies import trial

PUBLIC = {  # signing in, and what a signed link opens; their own tests say what each refuses
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "brand-sheet",
    "document-verification",
    "invitation",
    "mfa_authenticate",
    "mfa_login_webauthn",
}
PERSONAL = {  # a person's own settings: no id of anything else in the address
    "account_change_password",
    "account_set_password",
    "appearance",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "preferences",
    "usersessions_list",
}
DEAL = {"pk": "deal"}
CALENDAR = {"pk": "calendar"}
AREA = {"area": "deals.registration"}
STEP = AREA | {"key": "legal"}
KIND = {"kind": "deals.registration"}
FIELD = KIND | {"key": "risk"}
ROWS: dict[str, tuple[dict[str, str], set[str]]] = {
    "home": ({}, EVERYBODY),
    "search": ({}, EVERYBODY),
    "people": ({}, EVERYBODY),
    "invitation-new": ({}, EVERYBODY),
    "invitation-sending": ({"pk": "invitation"}, FIRM | VENDOR),
    "invitation-withdrawal": ({"pk": "invitation"}, FIRM | VENDOR),
    "member-role": ({"pk": "member"}, FIRM | VENDOR),
    "member-suspension": ({"pk": "member"}, FIRM | VENDOR),
    "member-restoration": ({"pk": "member"}, FIRM | VENDOR),
    "roles": ({}, EVERYBODY),
    "brand": ({}, EVERYBODY),
    "absences": ({}, EVERYBODY),
    "absence-removal": ({"pk": "absence"}, {"admin", "manager"}),
    "api.schema": ({}, EVERYBODY),
    "api-documentation": ({}, EVERYBODY),
    "api-key-new": ({}, EVERYBODY),
    "api-key-revocation": ({"pk": "api_key"}, FIRM | VENDOR),
    "api-keys": ({}, EVERYBODY),
    "api-openapi": ({}, EVERYBODY),
    "approval-steps": (AREA, EVERYBODY),
    "approval-step": (STEP, VENDOR),
    "approval-step-removal": (STEP, VENDOR),
    "calendars": ({}, EVERYBODY),
    "custom-fields": ({}, EVERYBODY),
    "custom-fields-of": (KIND, EVERYBODY),
    "custom-field-preview": (KIND, EVERYBODY),
    "custom-field-new": (KIND, EVERYBODY),
    "custom-field": (FIELD, VENDOR),
    "custom-field-condition": (FIELD | {"which": "shown"}, VENDOR),
    "custom-field-order": (FIELD, VENDOR),
    "custom-field-retirement": (FIELD, VENDOR),
    "custom-field-answers": (KIND | DEAL, SEES_DEAL),
    "calendar-new": ({}, EVERYBODY),
    "calendar": (CALENDAR, VENDOR),
    "calendar-hours": (CALENDAR, VENDOR),
    "calendar-removal": (CALENDAR, VENDOR),
    "calendar-days": (CALENDAR, VENDOR),
    "calendar-import": (CALENDAR, VENDOR),
    "calendar-day-removal": ({"pk": "calendar", "day": "holiday"}, VENDOR),
    "thrown-away": ({}, EVERYBODY),
    "draft-discard": ({"kind": "deals.registration", "pk": "draft"}, {"owner", "colleague"}),
    "draft-return": ({"kind": "deals.registration", "pk": "thrown_away"}, {"owner", "colleague"}),
    "approval-step-restoration": (AREA, EVERYBODY),
    "comment-adding": (DEAL, SEES_DEAL - {"marketing"}),
    "comment-change": ({"pk": "comment"}, {"owner"}),
    "comment-removal": ({"pk": "comment"}, {"owner"}),
    "disputes": ({}, EVERYBODY),
    "dispute": ({"pk": "dispute"}, SEES_DEAL),
    "dispute-appeal": (DEAL, FIRM - {"own_deals", "marketing"}),
    "dispute-decision": ({"pk": "dispute"}, SEES_DEAL),
    "dispute-question": ({"pk": "dispute"}, SEES_DEAL),
    "dispute-answer": ({"pk": "dispute"}, FIRM - {"own_deals", "marketing"}),
    "dispute-withdrawal": ({"pk": "dispute"}, FIRM - {"own_deals", "marketing"}),
    "promises": ({}, EVERYBODY),
    "promise-telling": ({}, EVERYBODY),
    "promise-export": ({}, EVERYBODY),
    "reasons": ({}, EVERYBODY),
    "reason-list": (AREA, EVERYBODY),
    "reason-new": (AREA, EVERYBODY),
    "reason": (AREA | {"code": "duplicate"}, EVERYBODY),
    "reasons-take-over": (AREA, EVERYBODY),
    "replays": (AREA, EVERYBODY),
    "replay": (AREA | {"pk": "replay"}, VENDOR),
    "replay-export": (AREA | {"pk": "replay"}, VENDOR),
    "replay-cancellation": (AREA | {"pk": "replay"}, VENDOR),
    "programme-files": ({}, EVERYBODY),
    "programme-export": ({}, EVERYBODY),
    "programme-file": ({"pk": "programme_file"}, VENDOR),
    "rules": ({}, EVERYBODY),
    "rule-area": (AREA, EVERYBODY),
    "rule-version": (AREA | {"number": "1"}, EVERYBODY),
    "rule-version-draft": (AREA | {"number": "1"}, EVERYBODY),
    "rule-version-recall": (AREA | {"number": "1"}, EVERYBODY),
    "rule-comparison": (AREA, EVERYBODY),
    "rule-draft": (AREA, EVERYBODY),
    "rule-following": (AREA, EVERYBODY),
    "rule-terms": (AREA, EVERYBODY),
    "rule-new": (AREA, EVERYBODY),
    "rule": (AREA | {"key": "all"}, VENDOR),
    "rule-order": (AREA | {"key": "all"}, VENDOR),
    "rule-restoration": (AREA, EVERYBODY),
    "rule-publication": (AREA, EVERYBODY),
    "rule-discard": (AREA, EVERYBODY),
    "audit": ({}, EVERYBODY),
    "audit-verification": ({}, EVERYBODY),
    "notifications": ({}, EVERYBODY),
    "notification-reading": ({}, EVERYBODY),
    "notification-settings": ({}, EVERYBODY),
    "notification-opening": ({"pk": "nothing"}, set()),
    "document": ({"pk": "paper"}, SEES_DEAL),
    "document-file": ({"pk": "paper"}, SEES_DEAL),
    "document-print": ({"pk": "paper"}, SEES_DEAL),
    "document-colors": ({"pk": "paper"}, SEES_DEAL),
    "document-rendering": ({"pk": "paper"}, SEES_DEAL),
    "file": ({"pk": "file"}, SEES_DEAL),
    "file-preview": ({"pk": "file"}, SEES_DEAL),
    "file-page": ({"pk": "document", "number": "1"}, SEES_DEAL),
    "file-removal": ({"pk": "file"}, {"admin", "manager"}),
    "file-adding": (DEAL, {"admin", "manager"}),
}
# Whoever sees the record but may not change it is told so.
BARRED = {name: SEES_DEAL - ROWS[name][1] for name in ("file-removal", "file-adding", "comment-adding")}
BARRED["custom-field-answers"] = {"finance", "executive"}


def records(actors: dict[str, Any]) -> dict[str, Any]:
    """What the platform keeps for the first reseller: a colleague, an invitation, a file and a document of its deal."""
    deal = Registration.objects.get(owner=actors["owner"].user)
    now = timezone.now()
    refused = decisions.reject(
        build.submitted(by=actors["owner"], at=now), reason_code="other", note="", by=actors["manager"], at=now
    )
    holiday = calendar_of.holiday(actors["admin"])
    asking.ask("Risk", is_internal=True)
    replay = trial.of_deals(actors["admin"])
    rules = versions.draft_of(AREA["area"])
    steps = [{"key": "legal", "name": "Legal", "asked": [{"role": "finance"}]}]
    facts = {"revision": rules.revision, "by": actors["admin"], "at": build.MONDAY}
    versions.save_draft(AREA["area"], rules.body | {"steps": steps}, **facts)
    days = {"starts_on": build.MONDAY.date(), "ends_on": build.MONDAY.date()}
    away = {**days, "by": actors["admin"], "at": build.MONDAY}
    draft, thrown_away = (build.draft(by=actors["colleague"]) for _ in range(2))
    drafts.throw_away(KINDS["deals.registration"], thrown_away.pk, by=actors["colleague"], at=build.MONDAY)
    return {
        "api_key": program(actors["owner"]).key,
        "draft": draft,
        "thrown_away": thrown_away,
        "dispute": disputes.appeal(refused, reason_code="other", text="Look again.", by=actors["owner"], at=now),
        "comment": comments.write(deal, "When?", by=actors["owner"], at=timezone.now()),
        "absence": standing_in.set_absence(actors["manager"], actors["admin"], **away),
        "calendar": holiday.calendar,
        "holiday": holiday,
        "programme_file": programme.bring("ours.yaml", "format: 1", by=actors["admin"], at=build.MONDAY),
        "replay": replay,
        "member": actors["colleague"],
        "invitation": build.invitation(actors["owner"]),
        "file": build.file(deal, actors["owner"]),
        "document": build.file(deal, actors["owner"], "offer.pdf"),
        "paper": sample.ready(deal, language="de", title="Probe", lead="Probe"),
    }
