"""A vendor's programme leaves as a file, and comes in all at once or not at all."""

from datetime import timedelta

import pytest

from deals.models import Product, ProductFamily
from mdf.models import ActivityType
from partners.models import Certification
from prm.accounts.models import VendorProfile
from prm.accounts.roles import Role
from prm.clocks.hours import Span
from prm.clocks.models import Calendar
from prm.events.models import Event
from prm.policies import versions
from prm.policies.models import ReasonCode
from prm.programme import exchange, yaml
from prm.programme.changes import What
from prm.tenancy.context import as_system
from tests import build

TODAY = build.MONDAY.date()


@pytest.fixture
def admin(vendor):
    return build.member(Role.ADMIN)


def try_out(by, on=TODAY, **wanted):
    return exchange.try_out({"format": 1, **wanted}, by=by, at=build.MONDAY, effective_on=on)


def take(by, on=TODAY, **wanted):
    trial = try_out(by, on, **wanted)
    assert trial.problems == ()
    return exchange.take_over({"format": 1, **wanted}, mark=trial.mark, by=by, at=build.MONDAY, effective_on=on)


def said(trial):
    return {".".join(map(str, problem.path)): problem.sentence for problem in trial.problems}


CALENDAR = {
    "name": "Berlin",
    "time_zone": "Europe/Berlin",
    "is_default": True,
    "week": {"monday": ["09:00-12:00", "13:00-24:00"]},
    "days": [
        {"day": "2026-12-25", "name": "Christmas"},
        {"day": "2026-12-24", "name": "Christmas Eve", "kind": "half"},
        {"day": "2026-12-28", "kind": "open", "hours": ["10:00-12:00"]},
    ],
}


RULE = "rules.deals.registration.rules.rules.0.when.any.value"


def rules(family):
    """Return rules that approve deals with a family at once."""
    condition = {"in": "lines", "any": {"field": "family", "is": "one_of", "value": [family]}}
    rule = {"key": "first", "name": "First", "when": condition, "then": {"decision": "approve"}}
    return {"protection_days": 45, "rules": {"rules": [rule]}}


def test_rules_mean_the_same_family_at_another_vendor(admin):
    take(admin, rules={"deals.registration": rules("families:mesh")})
    wanted, _lines = yaml.read(exchange.text_of(exchange.written(TODAY)))
    here = ProductFamily.objects.get(code="mesh").pk

    other = build.vendor()
    with as_system(other.pk):
        take(build.member(Role.ADMIN), rules=wanted["rules"])
        there = versions.in_force("deals.registration", TODAY).body

    condition = there["rules"]["rules"][0]["when"]["any"]
    with as_system(other.pk):
        assert condition["value"] == [str(ProductFamily.objects.get(code="mesh").pk)]
    assert condition["value"] != [str(here)]
    assert there["protection_days"] == 45


def test_rules_apply_from_the_day_that_was_said_and_older_records_keep_theirs(admin):
    before = versions.in_force("deals.registration", TODAY)
    monday = TODAY + timedelta(days=7)

    changes = take(admin, monday, rules={"deals.registration": rules("families:edge")})

    assert {change.section for change in changes} == {"rules"}
    assert not [change for change in changes if change.what == What.REMOVED]
    assert versions.in_force("deals.registration", TODAY) == before
    assert versions.in_force("deals.registration", monday).body["protection_days"] == 45
    assert versions.in_force("deals.registration", monday).published_by_id == admin.user_id


def test_rules_are_not_taken_over_for_days_that_are_over_or_before_those_that_are_scheduled(admin):
    wanted = {"rules": {"deals.registration": rules("families:edge")}}
    monday = TODAY + timedelta(days=7)
    assert "in the past" in "".join(said(try_out(admin, TODAY - timedelta(days=1), **wanted)).values())

    take(admin, monday, rules={"deals.registration": {"protection_days": 30}})

    assert "already published" in "".join(said(try_out(admin, **wanted)).values())


def test_a_programme_moves_to_another_vendor_and_is_the_same_there(admin):
    take(
        admin,
        calendars=[CALENDAR],
        families=[{"code": "cloud", "name": "Cloud “NO”", "summary": "Ein Ärmel: 12.50"}],
        products=[{"sku": "C-1", "family": "cloud", "name": "Box", "unit": "piece", "description": "Two\nlines"}],
        certifications=[{"name": "Sales", "role": "sales", "valid_months": 12}],
        activity_types=[{"code": "fair", "name": "Fair", "proofs_all": ["invoice"]}],
        reasons={"deals.loss": [{"code": "mood", "label": "Mood"}, {"code": "price", "is_active": False}]},
    )
    text = exchange.text_of(exchange.written(TODAY))

    other = build.vendor()
    with as_system(other.pk):
        by = build.member(Role.ADMIN)
        wanted, _lines = yaml.read(text)
        take(by, **{name: value for name, value in wanted.items() if name != "format"})
        there = exchange.written(TODAY)
        assert Calendar.objects.get().hours[0] == (Span(540, 720), Span(780, 1440))

    here = yaml.read(text)[0]
    for name, rows in here.items():
        missing = [row for row in rows if row not in there[name]] if isinstance(rows, list) else None
        assert not missing, name
    assert there["reasons"] == here["reasons"]
    with as_system(other.pk):
        assert not ReasonCode.objects.get(area="deals.loss", code="price").is_active


def test_taking_the_own_file_over_changes_nothing_and_records_nothing(admin):
    take(admin, calendars=[CALENDAR])
    before = Event.objects.count()
    whole = exchange.written(TODAY)

    assert take(admin, **{name: value for name, value in whole.items() if name != "format"}) == []
    assert Event.objects.count() == before


def test_a_trial_says_what_would_change_and_changes_nothing(admin):
    events = Event.objects.count()

    trial = try_out(admin, families=[{"code": "edge", "name": "Edge 2"}, {"code": "new", "name": "New"}])

    assert [(change.section, change.steps[0], change.what) for change in trial.changes] == [
        ("families", "Edge 2", What.CHANGED),
        ("families", "New", What.ADDED),
    ]
    assert (trial.changes[0].before, trial.changes[0].after) == ("Edge", "Edge 2")
    assert not ProductFamily.objects.filter(code="new").exists()
    assert Event.objects.count() == events


def test_one_thing_that_does_not_fit_stops_all(admin):
    wanted = {"families": [{"code": "new", "name": "New"}], "products": [{"sku": "1", "family": "nowhere"}]}
    trial = try_out(admin, **wanted)

    assert said(trial)["products.0.name"] == "This field is required."
    assert "nowhere" in said(trial)["products.0"]
    with pytest.raises(exchange.ProgrammeUnfit):
        exchange.take_over({"format": 1, **wanted}, mark=trial.mark, by=admin, at=build.MONDAY, effective_on=TODAY)
    assert not ProductFamily.objects.filter(code="new").exists()


def test_what_is_not_named_stays(admin):
    take(admin, activity_types=[{"code": "fair", "name": "Fair", "help": "A stand", "proofs_any": ["photo"]}])
    take(admin, activity_types=[{"code": "fair", "name": "Trade fair"}], certifications=[])

    kind = ActivityType.objects.get(code="fair")
    assert (kind.name, kind.help, kind.proofs_any) == ("Trade fair", "A stand", ["photo"])
    assert ProductFamily.objects.filter(code="edge").exists()


def test_somebody_who_changed_it_meanwhile_is_not_overwritten(admin):
    trial = try_out(admin, families=[{"code": "edge", "name": "Mine"}])
    take(admin, families=[{"code": "edge", "name": "Theirs"}])

    with pytest.raises(exchange.ProgrammeChangedMeanwhile):
        exchange.take_over(
            {"format": 1, "families": [{"code": "edge", "name": "Mine"}]},
            mark=trial.mark,
            by=admin,
            at=build.MONDAY,
            effective_on=TODAY,
        )
    assert ProductFamily.objects.get(code="edge").name == "Theirs"


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ({"surprise": 1}, "surprise"),
        ({"families": {}}, "families"),
        ({"families": ["edge"]}, "families.0"),
        ({"families": [{"code": "a", "name": "A"}, {"code": "a", "name": "B"}]}, "families.1"),
        ({"families": [{"code": "no blanks", "name": "A"}]}, "families.0.code"),
        ({"families": [{"code": "a", "name": "A", "colour": "red"}]}, "families.0.colour"),
        ({"families": [{"code": ["a"], "name": {"b": 1}}]}, "families.0.code"),
        ({"products": [{"sku": "1", "family": {}, "name": "A", "unit": "b"}]}, "products.0.family"),
        ({"certifications": [{"name": "A", "role": "king"}]}, "certifications.0.role"),
        (
            {"certifications": [{"name": "A", "role": "sales", "valid_months": "12.50"}]},
            "certifications.0.valid_months",
        ),
        ({"activity_types": [{"code": "a", "name": "A", "proofs_all": "invoice"}]}, "activity_types.0.proofs_all"),
        ({"reasons": {"nowhere": []}}, "reasons.nowhere"),
        ({"reasons": {"deals.loss": [{"code": "own"}]}}, "reasons.deals.loss.0.label"),
        ({"reasons": {"deals.loss": [{"code": "price"}, {"code": "price"}]}}, "reasons.deals.loss.1.code"),
        ({"reasons": {"deals.loss": [{"code": "price", "is_active": "maybe"}]}}, "reasons.deals.loss.0.is_active"),
        ({"reasons": {"deals.loss": [{"code": "x" * 50, "label": "A"}]}}, "reasons.deals.loss.0.code"),
        ({"calendars": [{"name": 7}]}, "calendars.0.name"),
        ({"calendars": [{**CALENDAR, "time_zone": "Mars/Base"}]}, "calendars.0.time_zone"),
        ({"calendars": [{**CALENDAR, "time_zone": ["x"]}]}, "calendars.0.time_zone"),
        ({"calendars": [{**CALENDAR, "week": {"moonday": []}}]}, "calendars.0.week.moonday"),
        ({"calendars": [{**CALENDAR, "week": {"monday": ["12:00-09:00"]}}]}, "calendars.0.week.monday.0"),
        ({"calendars": [{**CALENDAR, "week": {"monday": ["24:30-24:40"]}}]}, "calendars.0.week.monday.0"),
        ({"calendars": [{**CALENDAR, "week": {}}]}, "calendars.0"),
        ({"calendars": [{**CALENDAR, "days": [{"day": "25.12."}]}]}, "calendars.0.days.0.day"),
        ({"calendars": [{**CALENDAR, "days": [{"day": "2026-12-25", "kind": "open"}]}]}, "calendars.0.days.0.hours"),
        ({"calendars": [{**CALENDAR, "days": [{"day": "2026-12-25", "kind": ["x"]}]}]}, "calendars.0.days.0.kind"),
        ({"calendars": [{**CALENDAR, "is_default": "yes"}]}, "calendars.0.is_default"),
        ({"calendars": [{**CALENDAR, "days": [{"day": "2026-12-25", "name": ["x"]}]}]}, "calendars.0.days.0.name"),
        ({"families": [{"code": "edge", "name": "Edge", "is_active": "no"}]}, "families.0.is_active"),
        ({"families": [{"code": "edge", "name": "Edge", "is_active": None}]}, "families.0.is_active"),
        ({"families": [{"code": "edge", "name": ["Edge"]}]}, "families.0.name"),
        ({"families": [{"code": "edge", "name": {"Edge": 1}}]}, "families.0.name"),
        ({"families": [{"code": "edge", "name": True}]}, "families.0.name"),
        ({"activity_types": [{"code": "fair", "name": "Fair", "proofs_all": "photo"}]}, "activity_types.0.proofs_all"),
        ({"reasons": {"deals.loss": [{"code": "price", "label": False}]}}, "reasons.deals.loss.0.label"),
        ({"reasons": {"deals.loss": [{"code": "price", "is_active": "off"}]}}, "reasons.deals.loss.0.is_active"),
        ({"promises": {"warn_percent": [75]}}, "promises.warn_percent"),
        ({"funds": [{"name": "X", "currency": "EUR", "starts_on": 20270101}]}, "funds.0.starts_on"),
        ({"funds": [{"name": "X", "currency": 5, "starts_on": "2027-13-01"}]}, "funds.0.currency"),
        ({"rules": {"nowhere": {}}}, "rules.nowhere"),
        ({"rules": {"deals.registration": []}}, "rules.deals.registration"),
        ({"rules": {"deals.registration": rules("families:nowhere")}}, f"{RULE}.0"),
        ({"rules": {"deals.registration": rules("else")}}, RULE),
        ({"rules": []}, "rules"),
        ({"rules": {"deals.registration": {"steps": [{"key": "legal"}]}}}, "rules.deals.registration.steps.0.name"),
        *(
            ({"rules": {"deals.registration": {name: value}}}, f"rules.deals.registration.{name}")
            for name, value in (
                ("protection_days", "many"),
                ("protection_days", 0),
                ("protection_days", True),
                ("reminder_days", 7),
                ("reminder_days", [7, "1"]),
                ("discloses_end", "yes"),
                ("surprise", 1),
                ("rules", "none"),
                ("steps", 5),
            )
        ),
    ],
)
def test_what_does_not_fit_is_named_where_it_is(admin, wanted, place):
    assert place in said(try_out(admin, **wanted))


def test_a_number_where_rules_want_a_text_is_told_to_be_put_in_quotes(admin):
    wanted = {"rules": {"rules": [{"key": "a", "name": 2027, "then": {"decision": "approve"}}]}}

    told = said(try_out(admin, rules={"deals.registration": wanted}))

    assert told["rules.deals.registration.rules.rules.0.name"] == "A text is expected here. Put it in quotes."


def test_numbers_that_are_texts_are_kept_as_they_were_written(admin):
    text = (
        "format: 1\nlists: [{name: 2027, kind: customers}]\nlist_entries:\n"
        "  - {list: 2027, tax_id: 0123456789, country: DE, name: 1e5}\n"
        "reasons: {deals.loss: [{code: price, label: }]}\n"
        "families: [{code: 007, name: 0042}]\n"
    )
    wanted, _lines = yaml.read(text)

    take(admin, **wanted)

    written = exchange.written(TODAY)
    assert written["list_entries"] == [{"list": "2027", "name": "1e5", "tax_id": "0123456789", "country": "DE"}]
    assert ProductFamily.objects.get(code="007").name == "0042"
    assert yaml.read(exchange.text_of(written))[0] == written


@pytest.mark.parametrize("wanted", [None, [], "x", {}, {"format": 2}, {"format": "1"}])
def test_a_file_of_another_kind_is_refused(admin, wanted):
    trial = exchange.try_out(wanted, by=admin, at=build.MONDAY, effective_on=TODAY)

    assert len(trial.problems) == 1
    assert trial.changes == ()


def test_taking_over_is_an_event_that_names_the_parts(admin):
    take(admin, families=[{"code": "new", "name": "New"}], certifications=[{"name": "Sales", "role": "sales"}])

    event = Event.objects.get(name="prm.programme.taken")
    assert event.payload == {"changes": 2, "sections": ["families", "certifications"]}
    assert Certification.objects.get().name == "Sales"
    assert Product.objects.count() == 0
    assert VendorProfile.objects.get().day_of(build.MONDAY) == TODAY
