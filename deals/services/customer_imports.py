"""Importing a list of customers: each line is judged as a registration would be, then taken over.

Both go step by step, a transaction each. What a step did stays done, so that a list can be left and taken up again.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from babel import Locale
from django.db import OperationalError, transaction
from django.utils import timezone

from deals.enums import Found, Problem
from deals.events import CustomersImported
from deals.models import CustomerImport, CustomerKey, EndCustomer, ImportedLine
from deals.queries import matching
from deals.rules import importing
from deals.rules import keys as exact
from deals.rules.importing import Line
from deals.rules.matching import keys
from deals.services import customers, likenesses
from deals.services.matching import count_keys
from prm.accounts.models import Membership
from prm.events import outbox
from prm.events.models import Delivery
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.tenancy.context import as_system
from prm.tenancy.fields import uuid7

logger = logging.getLogger(__name__)
STEP = {CustomerImport.Status.CHECKING: 200, CustomerImport.Status.ADDING: 50}
FEW = 50  # lines that are judged at once, while somebody waits
STINT = 120.0  # seconds after which a worker leaves the rest to the next one, well within the limit of a task
MANY = 50  # lines that share a key; beyond, it tells nothing
NEAREST = 10
COUNTED = 5000  # customers added after which keys are counted again: what the list has often tells little
LEARNT = ("website", "tax_id", "state", "city", "postcode", "address", "phone", "external_id")


class NotNow(DomainError):
    """The list is at another step by now."""


class NoNameColumn(DomainError):
    """No column says what the customers are called."""


@service
def start(file_name: str, lines: Sequence[Sequence[str]], *, by: Membership, at: datetime) -> CustomerImport:
    """Keep a list as it was read, and guess what its columns mean; nothing is judged yet."""
    lines = [[cell.replace("\0", "") for cell in line] for line in lines]  # the database keeps none
    columns = importing.guess(lines[0])
    has_head = any(columns)
    if not has_head:
        columns = ["name", *[""] * (len(lines[0]) - 1)]
    job = CustomerImport(
        file_name=file_name[-200:], lines=lines, columns=columns, has_head=has_head, at=at, by_id=by.user_id
    )
    job.total = len(lines) - has_head
    job.save(force_insert=True)
    return job


@service
def check(job: CustomerImport, columns: Sequence[str], *, has_head: bool, country: str) -> CustomerImport:
    """Judge all lines by what their columns mean, from the start; `run` does it. Raises `NoNameColumn` and `NotNow`."""
    if "name" not in columns:
        raise NoNameColumn
    job = _at(job, CustomerImport.Status.MAPPING, CustomerImport.Status.CHECKED, CustomerImport.Status.FAILED)
    if job.added:
        raise NotNow(job=job)
    ImportedLine.objects.filter(job=job).delete()
    job.columns, job.has_head, job.country = list(columns), has_head, country
    job.total, job.done, job.status = len(job.lines) - has_head, 0, CustomerImport.Status.CHECKING
    job.save()
    return job


@service
def add(job: CustomerImport, *, with_alike: bool) -> CustomerImport:
    """Take over what is new, and teach what is known; `run` does it.

    With `with_alike` also what may be known already is added, for somebody to look at. What failed or was stopped on
    the way goes on where it was. Raises `NotNow`.
    """
    job = _at(job, CustomerImport.Status.CHECKED, CustomerImport.Status.FAILED, CustomerImport.Status.STOPPED)
    if job.status == CustomerImport.Status.CHECKED:
        job.done = 0
    elif not can_go_on(job):
        raise NotNow(job=job)
    job.with_alike, job.status = with_alike, CustomerImport.Status.ADDING
    job.save()
    return job


@service
def stop(job: CustomerImport) -> CustomerImport:
    """Stop a list after the step that is being done. Raises `NotNow` when nothing is under way.

    What was taken over stays; what was only looked at is looked at anew when somebody asks for it.
    """
    job = _at(job, *STEP)
    if job.status == CustomerImport.Status.ADDING:
        job.status = CustomerImport.Status.STOPPED
        count_keys()
    else:
        ImportedLine.objects.filter(job=job).delete()
        job.done, job.status = 0, CustomerImport.Status.MAPPING
    job.save(update_fields=["done", "status"])
    return job


def can_go_on(job: CustomerImport) -> bool:
    """Say whether a list failed or was stopped while it was taken over: all its lines were judged by then."""
    is_left = job.status in (CustomerImport.Status.FAILED, CustomerImport.Status.STOPPED)
    return is_left and ImportedLine.objects.filter(job=job).count() == job.total


def run(job: CustomerImport) -> None:
    """Do a short list at once, and let the worker go on with a long one."""
    if job.total <= FEW:
        desk = Desk()
        while go_on(job.pk, desk):
            pass
    else:
        outbox.enqueue_again(work, job.pk)


def take_up() -> None:
    """Let the worker go on with lists that are under way."""
    for pk in CustomerImport.objects.filter(status__in=STEP).values_list("pk", flat=True):
        outbox.enqueue_again(work, pk)


@outbox.sends
def work(pk: UUID, delivery: Delivery) -> None:
    """Go on with a list for a while."""
    desk, until, running = Desk(), time.monotonic() + STINT, True
    while running and time.monotonic() < until:
        try:
            with as_system(delivery.tenant_id):
                running = go_on(pk, desk)
        except OperationalError:
            raise  # the database is away; somebody tries again from the last step
        except Exception:
            logger.exception("import failed", extra={"import": str(pk)})
            with as_system(delivery.tenant_id):
                CustomerImport.objects.filter(pk=pk).update(status=CustomerImport.Status.FAILED)
            return


@service
def go_on(pk: UUID, desk: Desk) -> bool:
    """Do the next step of a list; False once it waits for a person or is done."""
    job = CustomerImport.objects.defer("lines").locked(pk)
    if not job.is_running:
        return False
    step, at = STEP[CustomerImport.Status(job.status)], timezone.now()
    if job.status == CustomerImport.Status.CHECKING:
        desk.open(job)
        ImportedLine.objects.bulk_create(desk.judged(desk.lines[job.done : job.done + step]))
        job.done = min(job.done + step, job.total)
        if job.done == job.total:
            job.status = CustomerImport.Status.CHECKED
    else:
        before = job.added
        rows = ImportedLine.objects.filter(job=job).order_by("number")[job.done : job.done + step]
        for row in rows:
            job.added += _taken_over_or_marked(job, row, desk, at)
        job.done = min(job.done + step, job.total)
        if job.added // COUNTED > before // COUNTED or job.done == job.total:
            count_keys()
        if job.done == job.total:
            job.status = CustomerImport.Status.DONE
            fact = CustomersImported(job.pk, file=job.file_name, added=job.added)
            record(fact, on=job, by=Membership.get_or_none(user_id=job.by_id), at=at)
    job.save(update_fields=["done", "added", "status"])
    return job.is_running


def _at(job: CustomerImport, *status: CustomerImport.Status) -> CustomerImport:
    job = CustomerImport.objects.defer("lines").locked(job.pk)
    if job.status not in status:
        raise NotNow(job=job)
    return job


# -- judging -------------------------------------------------------------------------------------------
class Desk:
    """What a worker has in hand of a list: its lines, and those it judged before by what they can be found by."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.taught: set[tuple[UUID, tuple[str, ...]]] = set()
        self._known: dict[tuple[str, str], int] = {}
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._customers: dict[int, EndCustomer] = {}
        self._numbers: dict[UUID, int] = {}
        self._job: CustomerImport | None = None

    def open(self, job: CustomerImport) -> None:
        """Read the list, and remember what was judged of it, unless that is in hand."""
        if self._job is not None:
            return
        self._job = job
        known, start = countries(), int(job.has_head)
        self.lines = [
            importing.read(number, cells, job.columns, known, job.country)
            for number, cells in enumerate(job.lines[start:], start + 1)
        ]
        judged = ImportedLine.objects.filter(job=job, found__in=(Found.NEW, Found.ALIKE)).values_list(
            "number", flat=True
        )
        remembered = set(judged)
        for line in self.lines[: job.done]:
            if line.number in remembered:
                self._remember(line)

    def judged(self, lines: Sequence[Line]) -> list[ImportedLine]:
        """Return what each line turns out to be, by what is known and by the lines before it."""
        wanted = {pair for line in lines if not line.problem for pair in _exact(line)}
        known: dict[tuple[str, str], UUID] = {
            (kind, value): pk
            for kind, value, pk in CustomerKey.objects.filter(value__in={v for _, v in wanted}).values_list(
                "kind", "value", "customer_id"
            )
        }
        ids = {line.facts.get("external_id") for line in lines} - {None, ""}
        rows = EndCustomer.objects.filter(external_id__in=ids).values_list("external_id", "merged_into_id", "pk")
        known |= {("id", given): merged or pk for given, merged, pk in rows}
        return [self._judged(line, known) for line in lines]

    def _judged(self, line: Line, known: dict[tuple[str, str], UUID]) -> ImportedLine:
        row = ImportedLine(pk=uuid7(), job=self._job, number=line.number, facts=line.facts)
        if line.problem:
            row.found, row.problem = Found.WRONG, line.problem
            return row
        pairs = _exact(line)
        same = next((known[pair] for pair in pairs if pair in known), None)
        earlier = next((self._known[pair] for pair in pairs if pair in self._known), None)
        if same is not None or earlier is not None:
            row.found, row.customer_id = Found.SAME, same
            row.like_line = earlier if same is None else None
            return row
        row.found = Found.NEW
        typed = typed_of(line.facts, timezone.now())
        found = matching.matches(typed.facts, beside=self._near(typed))
        if found:
            self._write(row, found[0])
        self._remember(line)
        return row

    def _write(self, row: ImportedLine, match: matching.Match) -> None:
        row.found = Found.ALIKE if match.likeness.may_be_same else Found.NEW
        row.like_line = self._numbers.get(match.customer.pk)
        row.like_id = None if row.like_line else match.customer.pk
        row.kind, row.probability = match.likeness.kind, round(match.likeness.probability, 4)
        row.evidence = [asdict(reason) for reason in match.likeness.evidence]

    def _near(self, typed: EndCustomer) -> list[EndCustomer]:
        """Return the lines before that share the most telling keys."""
        shared: dict[int, int] = defaultdict(int)
        for key in keys.asked(typed.profile):
            numbers = self._by_key.get(key, ())
            if len(numbers) <= MANY:
                for number in numbers:
                    shared[number] += 1 + keys.is_telling(key)
        nearest = sorted(shared, key=lambda number: (-shared[number], number))[:NEAREST]
        return [self._customers[number] for number in nearest]

    def _remember(self, line: Line) -> None:
        typed = typed_of(line.facts, timezone.now())
        self._customers[line.number], self._numbers[typed.pk] = typed, line.number
        for pair in _exact(line):
            self._known.setdefault(pair, line.number)
        for key in keys.of(typed.profile):
            if len(self._by_key[key]) <= MANY:
                self._by_key[key].append(line.number)


def _exact(line: Line) -> list[tuple[str, str]]:
    """Return what identifies a customer in a line, the strongest first; its id says it before all."""
    facts = line.facts
    found = exact.of_customer(
        name=facts["name"], website=facts.get("website", ""), tax_id=facts.get("tax_id", ""), country=facts["country"]
    )
    given = [("id", facts["external_id"])] if facts.get("external_id") else []
    return [*given, *((kind.value, value) for kind, value in found.items())]


def typed_of(facts: dict[str, str], at: datetime) -> EndCustomer:
    """Return the customer that a line describes, not saved."""
    others = [facts["other_name"]] if facts.get("other_name") else []
    values = {name: facts.get(name, "") for name in LEARNT}
    return EndCustomer(name=facts["name"], country=facts["country"], other_names=others, first_seen_at=at, **values)


@cache
def countries() -> dict[str, str]:
    """Return codes of countries by what they are called in lower case, in the languages of the portal and by code."""
    found: dict[str, str] = {}
    for language in ("en", "de", "fr", "es"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"):
                found |= {code.casefold(): code, str(name).casefold(): code}
    return found | {"uk": "GB", "usa": "US"}


# -- taking over ---------------------------------------------------------------------------------------
def _taken_over_or_marked(job: CustomerImport, row: ImportedLine, desk: Desk, at: datetime) -> bool:
    """Take a line over on its own; one that fails is marked, and the others go on."""
    try:
        with transaction.atomic():
            return _take_over(job, row, desk, at)
    except OperationalError:
        raise  # not the fault of the line
    except Exception:
        logger.exception("line failed", extra={"import": str(job.pk), "line": row.number})
        row.found, row.problem = Found.WRONG, Problem.FAILED
        row.save(update_fields=["found", "problem"])
        return False


def _take_over(job: CustomerImport, row: ImportedLine, desk: Desk, at: datetime) -> bool:
    """Add or teach what a line means; say whether it was added."""
    if row.found == Found.WRONG or (row.found == Found.ALIKE and not job.with_alike):
        return False
    known = row.customer_id or _of_line(job, row.like_line if row.found == Found.SAME else None)
    if row.found == Found.SAME and known is None:
        row.found = Found.NEW  # the line it repeats was left out
    typed = typed_of(row.facts, at)
    typed.stamp_keys()
    if known is None:
        known = _added_meanwhile(typed, row)
    if known is not None:
        row.customer_id = _taught(known, typed, desk, at)
        row.save(update_fields=["customer"])
        return False
    likenesses.wait_for_namesakes(typed)
    typed.save(force_insert=True)
    customers.claim_all({kind: value for kind, value in _exact_of(row) if kind != "id"}, typed.pk)
    likenesses.look(typed, at)
    row.customer, row.is_added = typed, True
    row.save(update_fields=["customer", "is_added"])
    return True


def _of_line(job: CustomerImport, number: int | None) -> UUID | None:
    rows = ImportedLine.objects.filter(job=job, number=number)
    return rows.values_list("customer_id", flat=True).first() if number is not None else None


def _exact_of(row: ImportedLine) -> list[tuple[Any, str]]:
    return list(_exact(Line(row.number, row.facts)))


def _added_meanwhile(typed: EndCustomer, row: ImportedLine) -> UUID | None:
    """Return who has been known since the line was judged."""
    if typed.external_id:
        given = EndCustomer.objects.filter(external_id=typed.external_id).values_list("pk", flat=True).first()
        if given is not None:
            return given
    for kind, value in _exact_of(row):
        owner = CustomerKey.objects.filter(kind=kind, value=value).values_list("customer_id", flat=True).first()
        if owner is not None:
            return owner
    return None


def _taught(customer_id: UUID, typed: EndCustomer, desk: Desk, at: datetime) -> UUID:
    """Let a known customer learn what a line says more; return which it is, whatever it was merged into."""
    said = (typed.name, *typed.other_names, *(getattr(typed, name) for name in LEARNT))
    if (customer_id, said) in desk.taught:
        return customer_id
    row = customers.standing(customer_id)
    before = (row.facts, row.external_id)
    for name in LEARNT:
        if not getattr(row, name) and (name != "external_id" or not _is_taken(typed.external_id)):
            setattr(row, name, getattr(typed, name))
    for name in (typed.name, *typed.other_names):
        row.other_names = customers.with_one_more(row.other_names, row.name, name)
    row.other_websites = customers.with_one_more(row.other_websites, row.website, typed.website)
    if (row.facts, row.external_id) != before:
        row.stamp_keys()
        row.save()
        likenesses.look(row, at)
    desk.taught.add((customer_id, said))
    return row.pk


def _is_taken(external_id: str) -> bool:
    return bool(external_id) and EndCustomer.objects.filter(external_id=external_id).exists()
