import pytest
from django.db import connection

from deals.enums import Found, Problem
from deals.models import CustomerImport, CustomerLikeness, EndCustomer, ImportedLine, MatchKeyCount
from deals.services import customer_imports as imports
from prm.events.models import Delivery, Event
from tests import build
from tests.build import MONDAY

HEAD = ["Name", "Website", "Tax number", "Country", "City", "ID"]


def brought(*lines, head=HEAD):
    return imports.start("list.csv", [head, *lines], by=build.manager(), at=MONDAY)


def finished(job):
    desk = imports.Desk()
    while imports.go_on(job.pk, desk):
        pass
    return CustomerImport.objects.get(pk=job.pk)


def checked(*lines, country="DE", head=HEAD):
    job = brought(*lines, head=head)
    return finished(imports.check(job, job.columns, has_head=job.has_head, country=country))


def added(job, *, with_alike=True):
    return finished(imports.add(job, with_alike=with_alike))


def found(job):
    return [row.found for row in ImportedLine.objects.filter(job=job).order_by("number")]


def line(name="", website="", tax="", country="DE", city="", number=""):
    return [name, website, tax, country, city, number]


def test_each_line_is_new_known_perhaps_known_or_wrong_and_nothing_is_taken_over_yet(vendor):
    known = build.submitted(customer_name="Orlinda Werke", customer_website="orlinda.example").customer
    build.submitted(customer_name="Veldhaven Maritime Systems", customer_website="", customer_city="Bremen")

    job = checked(
        line("Kestrel Foundries"),
        line("Something else", "www.orlinda.example"),
        line("Veldhavne Maritime Systems", city="Bremen"),
        line("", "nobody.example"),
    )

    assert found(job) == [Found.NEW, Found.SAME, Found.ALIKE, Found.WRONG]
    rows = ImportedLine.objects.filter(job=job).order_by("number")
    assert rows[1].customer_id == known.pk
    assert rows[2].likeness.evidence
    assert rows[3].problem == Problem.NO_NAME
    assert EndCustomer.objects.count() == 2


def test_lines_of_one_list_are_compared_with_each_other(vendor):
    job = checked(
        line("Veldhaven Maritime Systems GmbH", city="Bremen"),
        line("Veldhaven Maritime Systems AG", city="Bremen"),
        line("Veldhavne Maritime Systems", city="Bremen"),
        line("Orlinda", "orlinda.example"),
        line("Kestrel", "orlinda.example"),
    )

    assert found(job) == [Found.NEW, Found.SAME, Found.ALIKE, Found.NEW, Found.SAME]
    assert [row.like_line for row in ImportedLine.objects.filter(job=job).order_by("number")] == [None, 2, 2, None, 5]


def test_what_is_taken_over_is_recognised_in_registrations_and_known_ones_learn(vendor):
    known = build.submitted(customer_name="Orlinda Werke", customer_website="orlinda.example").customer
    job = added(
        checked(
            line("Kestrel Foundries", "kestrel.example", number="4711"),
            line("Orlinda Holding", "orlinda.example", "DE129273398", number="4712"),
        )
    )

    assert (job.status, job.added) == (CustomerImport.Status.DONE, 1)
    known.refresh_from_db()
    assert (known.tax_id, known.other_names, known.external_id) == ("DE129273398", ["Orlinda Holding"], "4712")
    late = build.submitted(customer_name="Kestrel Foundries AG", customer_website="other.example")
    assert late.customer.external_id == "4711"
    assert Event.objects.filter(name="deals.customers.imported").count() == 1


def test_the_same_list_again_adds_nothing_and_neither_do_new_names_under_old_numbers(vendor):
    lines = [line("Kestrel Foundries", number="1"), line("Orlinda Werke", "orlinda.example")]
    added(checked(*lines))

    again = added(checked(*lines, line("Kestrel Castings", number="1")))

    assert found(again) == [Found.SAME] * 3
    assert (again.added, EndCustomer.objects.count()) == (0, 2)
    assert EndCustomer.objects.get(external_id="1").other_names == ["Kestrel Castings"]


def test_those_that_may_be_known_are_added_to_be_looked_at_or_left_out(vendor):
    build.submitted(customer_name="Veldhaven Maritime Systems", customer_website="", customer_city="Bremen")
    alike = line("Veldhavne Maritime Systems", city="Bremen")

    assert added(checked(alike), with_alike=False).added == 0
    assert added(checked(alike)).added == 1
    assert CustomerLikeness.objects.count() == 1


def test_a_line_that_repeats_one_that_was_left_out_is_left_out_no_more_than_that(vendor):
    build.submitted(customer_name="Veldhaven Maritime Systems", customer_website="", customer_city="Bremen")
    twice = [line("Veldhavne Maritime Systems", city="Bremen", number=str(number)) for number in (1, 2)]

    job = added(checked(*twice), with_alike=False)

    assert found(job)[:1] == [Found.ALIKE]
    assert job.status == CustomerImport.Status.DONE


def test_what_registered_meanwhile_is_met_and_not_added_twice(vendor):
    job = checked(line("Kestrel Foundries"))
    meanwhile = build.submitted(customer_name="Kestrel Foundries", customer_website="").customer

    assert added(job).added == 0
    assert ImportedLine.objects.get().customer_id == meanwhile.pk


def test_a_list_that_was_left_in_the_middle_goes_on_where_it_was(vendor, monkeypatch):
    monkeypatch.setitem(imports.STEP, CustomerImport.Status.CHECKING, 2)
    monkeypatch.setitem(imports.STEP, CustomerImport.Status.ADDING, 2)
    lines = [line(f"{name} Werke", f"{name}.example") for name in ("orlinda", "kestrel", "veldhaven", "brauhaus")]
    job = brought(*lines, line("Another name", "orlinda.example"))
    imports.check(job, job.columns, has_head=True, country="DE")
    imports.go_on(job.pk, imports.Desk())

    job = finished(job)  # another worker, with nothing in hand
    assert found(job) == [Found.NEW] * 4 + [Found.SAME]
    assert ImportedLine.objects.get(number=6).like_line == 2

    imports.add(job, with_alike=True)
    imports.go_on(job.pk, imports.Desk())
    assert finished(job).added == EndCustomer.objects.count() == 4


def test_a_long_list_is_the_workers_and_the_clock_takes_it_up(vendor, monkeypatch):
    monkeypatch.setattr(imports, "FEW", 1)
    job = brought(line("Orlinda"), line("Kestrel"))
    imports.run(imports.check(job, job.columns, has_head=True, country="DE"))
    delivery = Delivery.objects.get(handler="deals.services.customer_imports.work")

    imports.work(job.pk, delivery)
    assert CustomerImport.objects.get(pk=job.pk).status == CustomerImport.Status.CHECKED

    Delivery.objects.update(status=Delivery.Status.DONE)
    imports.add(job, with_alike=True)
    imports.take_up()
    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.PENDING


def test_what_fails_is_said_and_can_be_tried_again(vendor, monkeypatch):
    job = brought(line("Orlinda"))
    imports.check(job, job.columns, has_head=True, country="DE")
    monkeypatch.setattr(imports.Desk, "judged", lambda *given: 1 / 0)
    imports.work(job.pk, Delivery(tenant_id=vendor.pk))
    monkeypatch.undo()

    assert CustomerImport.objects.get().status == CustomerImport.Status.FAILED
    assert found(finished(imports.check(job, job.columns, has_head=True, country="DE"))) == [Found.NEW]


def test_a_line_that_fails_is_marked_and_the_others_are_taken_over(vendor, monkeypatch):
    def look(customer, at):
        if customer.name == "Kestrel":
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")

    job = checked(line("Orlinda"), line("Kestrel"), line("Brauhaus"))
    monkeypatch.setattr(imports.likenesses, "look", look)

    job = added(job)

    assert (job.status, job.added, found(job)) == (CustomerImport.Status.DONE, 2, [Found.NEW, Found.WRONG, Found.NEW])
    assert ImportedLine.objects.get(number=3).problem == Problem.FAILED
    assert sorted(EndCustomer.objects.values_list("name", flat=True)) == ["Brauhaus", "Orlinda"]


def test_a_list_that_failed_while_it_was_taken_over_goes_on_where_it_was(vendor, monkeypatch):
    monkeypatch.setitem(imports.STEP, CustomerImport.Status.ADDING, 1)
    job = checked(line("Orlinda"), line("Kestrel"))
    imports.add(job, with_alike=True)
    imports.go_on(job.pk, imports.Desk())
    monkeypatch.setattr(imports, "count_keys", lambda: {}["gone"])
    imports.work(job.pk, Delivery(tenant_id=vendor.pk))
    monkeypatch.undo()
    job.refresh_from_db()
    assert (job.status, job.done, job.added) == (CustomerImport.Status.FAILED, 1, 1)

    job = added(job)

    assert (job.status, job.added) == (CustomerImport.Status.DONE, 2)


def test_a_list_that_failed_while_it_was_checked_is_not_taken_over(vendor):
    job = brought(line("Orlinda"))
    CustomerImport.objects.update(status=CustomerImport.Status.FAILED)

    with pytest.raises(imports.NotNow):
        imports.add(job, with_alike=True)


def test_a_list_is_not_checked_again_once_it_is_taken_over(vendor):
    job = added(checked(line("Orlinda")))

    for again in (
        lambda: imports.add(job, with_alike=True),
        lambda: imports.check(job, job.columns, has_head=True, country=""),
    ):
        with pytest.raises(imports.NotNow):
            again()
    with pytest.raises(imports.NoNameColumn):
        imports.check(brought(line("Orlinda")), ["", "website"], has_head=True, country="")


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (line(""), Problem.NO_NAME),
        (line("   \u200b "), Problem.NO_NAME),
        (line("x" * 201), Problem.TOO_LONG),
        (line("???"), Problem.NO_LETTERS),
        (line("Orlinda", country="Atlantis"), Problem.UNKNOWN_COUNTRY),
        (line("Orlinda", "192.168.0.1"), Problem.NO_WEBSITE),
        (line("Orlinda", "http://10.1.2.3:8080/x"), Problem.NO_WEBSITE),
        (line("Orlinda", "http://[2001:db8::1]/"), Problem.NO_WEBSITE),
        (line("Orlinda", "orlinda"), Problem.NO_WEBSITE),
        (line("Orlinda", tax="--"), Problem.NO_NUMBER),
        (line("\U0001f980\U0001f980"), None),
        (line("\U0001f980 Orlinda"), None),
        (line("GmbH"), None),
        (line("X"), None),
        (line("x" * 200), None),
        (line("Orlinda", "xn--mnchen-3ya.example"), None),
        (line("Orlinda", "https://user:pw@Orlinda.Example:8443/%00?q=\x00"), None),
        (line("Orlinda", tax="DE000000000"), None),
        (line("Orlinda", tax="not yet"), None),
        (line("Orlinda", country="Deutschland"), None),
        (line("Orlinda", country="uk"), None),
        (line("'; DROP TABLE deals_endcustomer; --"), None),
        (line("=HYPERLINK(1)"), None),
        (line("株式会社オルリンダ"), None),
        (line("شركة أورليندا"), None),
        (line("A " * 99), None),
    ],
)
def test_strange_lines_are_answered(vendor, cells, problem):
    job = added(checked(cells))

    row = ImportedLine.objects.get()
    assert (row.problem or None) == problem
    assert job.status == CustomerImport.Status.DONE
    assert job.added == (problem is None)


def test_many_duplicates_of_one_company_are_one_customer(vendor):
    forms = ("Orlinda Werke GmbH", "ORLINDA WERKE", "Orlinda Werke AG", "Orlinda  Werke Ltd.")
    lines = [line(forms[number % len(forms)]) for number in range(1200)]

    job = added(checked(*lines))

    assert (job.added, EndCustomer.objects.count()) == (1, 1)
    assert found(job).count(Found.SAME) == 1199


def test_keys_are_counted_again_after_a_list(vendor):
    added(checked(line("Orlinda Werke")))

    assert MatchKeyCount.objects.filter(customers=1).exists()


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        (
            ["Firma", "PLZ", "Ort", "USt-IdNr.", "Straße", "Land"],
            ["name", "postcode", "city", "tax_id", "address", "country"],
        ),
        (["Account Name", "Account ID", "Web", "Notes"], ["name", "external_id", "website", ""]),
        (["Société", "Pays", "Téléphone"], ["name", "country", "phone"]),
        (["Name", "Company"], ["name", ""]),
    ],
)
def test_columns_are_guessed_by_what_they_are_called(head, columns):
    assert imports.importing.guess(head) == columns


def test_a_list_without_headings_has_its_names_in_the_first_column(vendor):
    job = brought(["Kestrel", "x"], head=["Orlinda", "y"])

    assert (job.columns, job.has_head, job.total) == (["name", ""], False, 2)


def test_a_list_is_stopped_while_it_is_taken_over_and_goes_on_later(vendor, monkeypatch):
    monkeypatch.setitem(imports.STEP, CustomerImport.Status.ADDING, 1)
    job = checked(line("Orlinda"), line("Kestrel"))
    imports.add(job, with_alike=True)
    imports.go_on(job.pk, imports.Desk())

    job = imports.stop(job)

    assert not imports.go_on(job.pk, imports.Desk())
    assert (job.status, job.done, EndCustomer.objects.count()) == (CustomerImport.Status.STOPPED, 1, 1)
    assert imports.can_go_on(job)
    assert added(job).added == 2


def test_a_list_that_is_stopped_while_it_is_looked_at_starts_over(vendor, monkeypatch):
    monkeypatch.setitem(imports.STEP, CustomerImport.Status.CHECKING, 1)
    job = brought(line("Orlinda"), line("Kestrel"))
    imports.check(job, job.columns, has_head=True, country="DE")
    imports.go_on(job.pk, imports.Desk())

    job = imports.stop(job)

    assert (job.status, job.done, found(job)) == (CustomerImport.Status.MAPPING, 0, [])


def test_only_what_is_under_way_is_stopped(vendor):
    with pytest.raises(imports.NotNow):
        imports.stop(checked(line("Orlinda")))
