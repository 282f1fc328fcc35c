"""Several questions in one statement answer what each alone would."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from deals.models import Registration
from partners.models import Partner
from prm import together
from prm.policies.models import PolicyVersion
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.build import MONDAY

VALUES = ("pk", "customer_name", "value_amount", "close_on", "saved_at", "partner__name", "decided_at")


@pytest.fixture
def deals(vendor):
    return [
        build.submitted(customer_name='Å "quoted" % {name}', value_amount=Decimal("0.10")),
        build.submitted(value_amount=Decimal("9999999999.99"), at=MONDAY + timedelta(microseconds=1)),
        build.draft(),
    ]


def test_values_are_those_that_django_gives(deals):
    rows = Registration.objects.order_by("-saved_at", "id").values_list(*VALUES)
    sums = Registration.objects.order_by().values("value_currency").annotate(Sum("value_amount"), Count("pk"))
    sums = sums.values_list("value_currency", "value_amount__sum", "pk__count")

    answers = together.ask({"rows": rows, "two": rows[:2], "sums": sums})

    assert answers == {"rows": list(rows), "two": list(rows)[:2], "sums": list(sums)}


def test_other_rows_are_counted_as_far_as_they_are_sliced(deals):
    rows = Registration.objects.select_related("partner").order_by("customer_name")

    answers = together.ask({"all": rows, "most": rows[:2], "none": Registration.objects.none()})

    assert answers == {"all": 3, "most": 2, "none": 0}


def test_nothing_is_an_answer_too(vendor):
    rows = Registration.objects.values_list("pk")

    assert together.ask({"rows": rows, "never": rows.none()}) == {"rows": [], "never": []}
    assert together.ask({}) == {}


def test_it_is_one_statement(deals, django_assert_num_queries):
    with django_assert_num_queries(1):
        together.ask({"deals": Registration.objects.all(), "partners": Partner.objects.values_list("name")})


def test_everybody_is_answered_only_what_they_may_see(deals):
    somebody = build.seller()
    own = build.submitted(by=somebody)
    elsewhere = build.vendor()
    with as_system(elsewhere.pk):
        build.submitted()

    with acting_as(somebody.actor):
        questions = {"deals": Registration.objects.values_list("pk"), "partners": Partner.objects.all()}
        assert together.ask(questions) == {"deals": [(own.pk,)], "partners": 1}
        assert together.ask({"deals": Registration.across_tenants.values_list("pk")}) == {"deals": [(own.pk,)]}


def questions():
    return [
        Registration.objects.select_related("partner", "policy", "decided_by")
        .order_by("saved_at", "id")
        .prefetch_related("lines"),
        Registration.objects.annotate(month=TruncMonth("close_on")).order_by("id")[:2],
        PolicyVersion.objects.order_by("id"),
        Partner.objects.none(),
    ]


def facts_of(row):
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def test_rows_are_those_that_django_gives(deals):
    for rows, alone in zip(together.fetch(*questions()), questions(), strict=True):
        assert [facts_of(row) for row in rows] == [facts_of(row) for row in alone]
        assert [type(row) for row in rows] == [type(row) for row in alone]


def test_rows_bring_what_belongs_to_them(deals, django_assert_num_queries):
    (rows,) = together.fetch(questions()[0])

    with django_assert_num_queries(0):
        assert [row.partner.name for row in rows]
        assert [line for row in rows for line in row.lines.all()]


def test_rows_are_loaded_in_one_statement_and_only_once(deals, django_assert_num_queries):
    found, others = Registration.objects.select_related("partner").order_by("pk"), Partner.objects.all()

    with django_assert_num_queries(1):
        together.fetch(found, others)
        together.fetch(found)
        assert len(found) == len(others) == 3
        assert found.first().partner.name
