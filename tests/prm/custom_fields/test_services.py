"""Defining fields, and keeping what was answered."""

from datetime import date

import pytest

from deals.models import Ruling
from deals.rules.terms import AREA
from deals.services import drafts, registrations
from prm.custom_fields import queries, services
from prm.custom_fields.definitions import Option
from prm.custom_fields.kinds import KINDS
from prm.custom_fields.models import CustomField
from prm.events.models import Event
from prm.policies.areas import AREAS
from prm.tenancy.fields import uuid7
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import body, publish, rule, when
from tests.prm.custom_fields.asking import DEALS, admin, ask, change, definition

KIND = KINDS[DEALS]


@pytest.fixture(autouse=True)
def _portal(vendor):
    pass


def answered(**custom):
    by = build.seller()
    form = build.content()
    form = drafts.Content(form.fields, form.lines, custom=custom)
    return registrations.submit(drafts.save(uuid7(), form, by=by, at=MONDAY), form, by=by, at=MONDAY)


def order():
    return list(CustomField.objects.order_by("position").values_list("key", flat=True))


def test_a_key_is_made_once_and_stays():
    field = ask("Public tender", key="")
    change(field, label="Call for tenders")

    assert CustomField.objects.get().key == "public_tender"
    assert ask("Public tender", key="").key == "public_tender_2"


@pytest.mark.parametrize("key", ["value", "lines", "segment", "new"])
def test_a_key_that_something_else_has_is_refused(key):
    ask("Segment")

    with pytest.raises(services.FieldKeyTaken):
        ask("Another", key=key)


def test_there_are_two_hundred_fields_at_most():
    CustomField.objects.bulk_create(
        [CustomField(kind=DEALS, key=f"f{n}", label=f"F{n}", type="text", position=n) for n in range(200)]
    )

    with pytest.raises(services.TooManyFields):
        ask("One more")


def test_a_type_with_values_stays():
    field = ask("Segment")
    answered(segment="Retail")

    with pytest.raises(services.FieldTypeInUse) as refusal:
        change(field, type="whole")
    assert "1 record" in refusal.value.sentence


def test_a_type_that_a_rule_asks_for_stays():
    field = ask("Segment")
    publish(rule("Retail", when("custom.segment", "is", "Retail"), decision="approve"))

    with pytest.raises(services.FieldTypeInUse) as refusal:
        change(field, type="whole")
    assert "Retail" in refusal.value.sentence


def test_a_choice_that_was_chosen_can_only_be_offered_no_more():
    field = ask("Segment", "choice", "Retail", "Health")
    answered(segment="retail")

    with pytest.raises(services.ChoiceInUse):
        change(field, options=(Option("health", "Health"),))
    change(field, options=(Option("health", "Health"), Option("retail", "Retail", is_offered=False)))
    assert [choice.key for choice in CustomField.objects.get().definition.options] == ["health", "retail"]


def test_a_choice_of_several_that_was_chosen_stays():
    field = ask("Topics", "choices", "Cloud", "Edge")
    answered(topics=["edge"])

    with pytest.raises(services.ChoiceInUse):
        change(field, options=(Option("cloud", "Cloud"),))
    change(field, options=(Option("edge", "Edge"),))


def test_a_choice_that_a_rule_asks_for_stays():
    field = ask("Segment", "choice", "Retail", "Health")
    publish(rule("Shops", when("custom.segment", "one_of", ["retail"]), decision="approve"))

    with pytest.raises(services.ChoiceInUse) as refusal:
        change(field, options=(Option("health", "Health"),))
    assert "Shops" in refusal.value.sentence


def test_choices_are_needed_where_something_is_chosen():
    with pytest.raises(services.ChoicesMissing):
        ask("Segment", "choice")


def test_whoever_looked_at_an_older_field_changes_nothing():
    field = ask("Segment")
    change(field, revision=1, label="Sector")

    with pytest.raises(services.FieldChangedMeanwhile):
        change(field, revision=1, label="Industry")
    assert CustomField.objects.get().label == "Sector"


def test_a_condition_that_cannot_be_followed_is_refused():
    with pytest.raises(services.ConditionUnfit):
        ask("Segment", shown_when=when("custom.nothing", "given"))
    with pytest.raises(services.ConditionUnfit):
        ask("Segment", shown_when=when("rivals", "at_least", "1"))  # partners would learn of rivals


def test_fields_keep_the_order_that_they_are_put_in():
    fields = [ask(name) for name in ("A", "B", "C")]
    services.move(fields[2], -1)
    services.move(fields[0], -1)

    assert order() == ["a", "c", "b"]


def test_what_happened_to_a_field_is_recorded():
    field = ask("Segment")
    change(field, label="Sector")
    services.retire(field, by=admin(), at=MONDAY)
    services.retire(field, by=admin(), at=MONDAY)
    services.bring_back(field, by=admin(), at=MONDAY)

    told = Event.objects.filter(subject_id=field.pk).order_by("id").values_list("name", flat=True)
    assert [name.rpartition(".")[2] for name in told] == ["added", "changed", "retired", "returned"]


# -- answers ---------------------------------------------------------------------------------------------
def test_a_registration_without_what_is_required_is_not_sent():
    ask("Segment", is_required=True)

    with pytest.raises(services.CustomFieldsMissing) as refusal:
        answered()
    assert "Segment" in refusal.value.sentence
    assert answered(segment="Retail").custom == {"segment": "Retail"}


def test_what_only_the_vendor_fills_does_not_keep_a_partner_from_sending():
    ask("Risk", is_required=True, is_internal=True)

    assert answered().number


def test_a_retired_field_keeps_its_values():
    field = ask("Segment")
    registration = answered(segment="Retail")
    services.retire(field, by=admin(), at=MONDAY)

    assert [known.value for known in told(registration)] == ["Retail"]
    assert services.answer(KIND, registration, {}, seen=registration.custom, by=admin(), at=MONDAY).custom == {
        "segment": "Retail"
    }


def told(registration, *, for_vendor=True):
    return queries.values_of(KIND, [registration], for_vendor=for_vendor, at=MONDAY)[registration.pk]


def test_partners_read_only_what_they_may_see():
    ask("Segment")
    ask("Risk", is_internal=True)
    registration = answered(segment="Retail")
    registration = services.answer(
        KIND, registration, {"risk": "high"}, seen=registration.custom, by=admin(), at=MONDAY
    )

    assert [known.label for known in told(registration)] == ["Segment", "Risk"]
    assert [known.label for known in told(registration, for_vendor=False)] == ["Segment"]


def test_a_change_is_told_to_whoever_sees_the_field():
    ask("Segment")
    ask("Risk", is_internal=True)
    registration = answered(segment="Retail")
    given = {"segment": "Health", "risk": "high"}
    services.answer(KIND, registration, given, seen=registration.custom, by=admin(), at=MONDAY)

    events = Event.objects.filter(name="prm.custom_values.changed").order_by("id")
    assert [(event.partner_path != "", event.payload["changes"]) for event in events] == [
        (True, [["Segment", "Retail", "Health"]]),
        (False, [["Risk", None, "high"]]),
    ]


def test_values_that_somebody_changed_meanwhile_are_not_overwritten():
    ask("Segment")
    registration = answered(segment="Retail")
    services.answer(KIND, registration, {"segment": "Health"}, seen={"segment": "Retail"}, by=admin(), at=MONDAY)

    with pytest.raises(services.ValuesChangedMeanwhile):
        services.answer(KIND, registration, {"segment": "Food"}, seen={"segment": "Retail"}, by=admin(), at=MONDAY)


def test_a_hidden_value_is_kept_and_neither_shown_nor_followed():
    ask("Sector", "choice", "Public", "Private")
    ask("Tender", shown_when=when("custom.sector", "is", "public"))
    publish(rule("Tenders", when("custom.tender", "given"), decision="approve"))
    registration = answered(sector="private", tender="17/2026")

    assert registration.custom["tender"] == "17/2026"
    assert [known.label for known in told(registration)] == ["Sector"]
    assert Ruling.objects.get().course == "person"
    assert answered(sector="public", tender="17/2026").review == "approved"


def test_a_field_follows_the_registration():
    ask("Term", is_required=True, shown_when=when("value", "at_least", {"amount": "50000", "currency": "EUR"}))

    assert answered().number  # of 46 200 EUR
    with pytest.raises(services.CustomFieldsMissing):
        change(CustomField.objects.get(), shown_when=when("value", "at_least", {"amount": "40000", "currency": "EUR"}))
        answered()


# -- rules -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "value", "condition"),
    [
        ("text", "Retail", when("custom.f", "contains", "tail")),
        ("whole", "12", when("custom.f", "at_least", "12")),
        ("decimal", "0.5", when("custom.f", "under", "0.51")),
        (
            "money",
            {"amount": "10.01", "currency": "EUR"},
            when("custom.f", "over", {"amount": "10", "currency": "EUR"}),
        ),
        ("day", "2026-12-24", when("custom.f", "at_most", "2026-12-24")),
        ("boolean", False, when("custom.f", "is", False)),
        ("choice", "red", when("custom.f", "one_of", ["red"])),
        ("choices", ["red", "blue"], when("custom.f", "has_all", ["blue"])),
    ],
)
def test_a_rule_can_be_about_a_field_of_every_type(kind, value, condition):
    ask("F", kind, *(("Red", "Blue") if kind.startswith("choice") else ()))
    publish(rule("About it", condition, decision="approve"))

    assert answered(f=value).review == "approved"
    assert answered().review == "submitted"


def test_a_new_rule_cannot_be_about_a_retired_field_and_an_old_one_stays_readable():
    field = ask("Segment")
    old = publish(rule("Shops", when("custom.segment", "is", "Retail"), decision="approve"))
    services.retire(field, by=admin(), at=MONDAY)

    problems = AREAS[AREA].problems(old.body)
    assert [problem.code for problem in problems] == ["retired_field"]
    from prm.policies.screens import reading

    assert not reading.told(AREAS[AREA], old.body).lines[0].problems
    assert reading.told(AREAS[AREA], old.body, today=date(2026, 11, 23)).lines[0].problems
    assert body(*old.body["rules"]["rules"])


def test_the_catalogue_has_the_fields_of_this_vendor():
    ask("Segment")
    other = definition("Risk", is_internal=True)
    services.add(KIND, other, by=admin(), at=MONDAY)

    catalogue = AREAS[AREA].catalogue({})
    assert catalogue.field["custom.segment"].label == "Segment"
    assert catalogue.field["custom.risk"].is_internal
    assert "custom.segment" not in KIND.catalogue().field
