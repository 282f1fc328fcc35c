"""Every page as every kind of stranger. The routes come from the router: a new one fails until it has a row here.

Each app says in its `routes.py` whose its addresses are. A row is the records in the address (or plain text for other
parts of it) and who sees them; a permission guards the page. Everybody else is answered as if nothing were there, and
nothing changes. `records` makes them, given who is on the stage; `PUBLIC`, `PERSONAL` and `BARRED` are optional.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from prm import urls_vendor
from prm.accounts.models import Membership
from prm.accounts.permissions import MATRIX
from prm.accounts.roles import Role
from prm.tenancy.context import as_system
from prm.tenancy.models import TenantModel, Vendor
from prm.tenancy.walls import tenant_models
from tests import build
from tests.architecture.actors import ACTORS
from tests.prm.api.calling import program

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
APPS = [import_module(f"tests.{app}.routes") for app in ("partners", "deals", "mdf", "quotes", "prm")]


def _told(name: str) -> list[Any]:
    return [getattr(app, name) for app in APPS if hasattr(app, name)]


def _table(name: str) -> dict[str, Any]:
    return {key: value for table in _told(name) for key, value in table.items()}


ROWS: dict[str, tuple[dict[str, str], set[str]]] = _table("ROWS")
BARRED = _table("BARRED")  # whoever sees the record but may not change it is told so
PUBLIC = set().union(
    *_told("PUBLIC")
)  # signing in, and what a signed link opens; their own tests say what each refuses
OTHER_WAYS: set[tuple[str, str]] = set()  # pages that know no such method, which they say before they look who asks
PERSONAL = set().union(*_told("PERSONAL"))  # a person's own settings: no id of anything else in the address


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    view: Callable[..., Any]

    @property
    def action(self) -> str:
        return getattr(getattr(self.view, "permission", None), "action", "")

    def action_of(self, method: str) -> str:
        """Return what is asked for; where reading and changing are two addresses in one, it differs."""
        needed = getattr(self.view, "write_permission", None) if method == "post" else None
        return needed.action if needed else self.action

    @property
    def is_for_programs(self) -> bool:
        return self.name.startswith("api.")


def routes(urlconf: str) -> list[Route]:
    return list(_walk(get_resolver(urlconf), "", ""))


def _walk(resolver: URLResolver, namespace: str, prefix: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Route(namespace + (entry.name or pattern), pattern, entry.callback)
        else:
            yield from _walk(entry, namespace + (f"{entry.namespace}:" if entry.namespace else ""), pattern)


@dataclass
class Stage:
    vendor: Any
    actors: dict[str, Membership | None]
    ids: dict[str, str]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    yield from staged(django_db_blocker)


def staged(django_db_blocker: Any) -> Iterator[Stage]:
    """Set the stage once for all tests of a module, in a transaction that ends with them; each takes back its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        vendor = build.vendor()
        with as_system(vendor.pk):
            yield set_stage(vendor)
        transaction.set_rollback(True)


def set_stage(vendor: Vendor) -> Stage:
    """A distributor with two resellers, another distributor, another partner, and what the first reseller has."""
    top, beside, other = (
        build.partner("Top", type="distributor"),
        build.partner("Beside", type="distributor"),
        build.partner(),
    )
    firm, sibling = build.partner("Firm", distributor=top), build.partner("Sibling", distributor=top)
    actors: dict[str, Membership | None] = {
        "owner": build.member(Role.PARTNER_ADMIN, of=firm),
        "colleague": build.member(Role.PARTNER_SALES, of=firm),
        "own_deals": build.member(Role.PARTNER_SALES, of=firm, sees=Membership.Sees.OWN),
        "marketing": build.member(Role.PARTNER_MARKETING, of=firm),
        "above": build.member(Role.PARTNER_ADMIN, of=top),
        "beside": build.member(Role.PARTNER_ADMIN, of=beside),
        "sibling": build.member(Role.PARTNER_ADMIN, of=sibling),
        "other": build.member(Role.PARTNER_ADMIN, of=other),
        "admin": build.member(Role.ADMIN),
        "manager": build.member(Role.CHANNEL_MANAGER),
        "finance": build.member(Role.FINANCE),
        "executive": build.member(Role.EXECUTIVE),
        "anonymous": None,
    }
    elsewhere = build.vendor()
    with as_system(elsewhere.pk):
        actors["stranger"] = build.member(Role.ADMIN)
    ids = {"nothing": str(build.uuid7())}
    for app in APPS:
        ids |= {name: str(getattr(record, "pk", record)) for name, record in app.records(actors).items()}
    Membership.objects.update(last_seen_on=timezone.localdate())  # else each request would write that, and take it back
    return Stage(vendor, actors, ids)


def test_every_route_has_a_row():
    names = {route.name for route in routes("prm.urls_vendor")}

    assert names - PUBLIC - PERSONAL - ROWS.keys() == set()
    assert (PUBLIC | PERSONAL | ROWS.keys()) - names == set()


def test_every_page_of_a_portal_names_its_permission():
    guarded = {route.name for route in routes("prm.urls_vendor") if route.action}

    assert ROWS.keys() - guarded == set()


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_everybody_reaches_what_is_theirs_and_nothing_else(stage, actor, method):
    assert wrong_answers(stage, actor, method) == {}


@pytest.mark.parametrize("actor", [actor for actor in ACTORS if actor != "anonymous"])
@pytest.mark.parametrize("page", ["deals:inbox", "deals:registration"])
def test_whoever_is_refused_is_told_so_on_a_page(stage, actor, page):
    route = next(route for route in routes("prm.urls_vendor") if route.name == page)
    wanted = {"not allowed": 403, "nothing here": 404, "answered": 200}[expected(stage, actor, route, "get")]

    answer, _wrote = ask(signed_in(stage, actor), stage, route, "get")

    assert answer.status_code == wanted
    assert answer.content.count(b"<h1") == 1


def wrong_answers(stage: Stage, actor: str, method: str, *, only_records: bool = False) -> dict[str, str]:
    """Ask for every page of the portal, or of its records, and return those that answer other than their row says."""
    clients = {False: signed_in(stage, actor), True: let_in(stage, actor)}
    wrong = {}
    with refusing_plainly():
        for route in routes("prm.urls_vendor"):
            if route.name not in ROWS or (only_records and not ROWS[route.name][0]):
                continue
            if (route.name, method) in OTHER_WAYS:
                continue
            client = clients[route.is_for_programs]
            wanted = expected(stage, actor, route, method)
            answer, wrote = ask(client, stage, route, method, written=None if wanted == "answered" else writes)
            told = outcome(answer)
            if told == "not this way":
                OTHER_WAYS.add((route.name, method))
                continue
            changed = wrote and ask(client, stage, route, method, written=contents)[1]
            if told != wanted or changed:
                wrong[route.name] = f"{answer.status_code}, wanted {wanted}, changed {changed}"
    return wrong


@contextmanager
def refusing_plainly() -> Iterator[None]:
    """Answer refusals without drawing a page, which is the same for all addresses and has a test of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for status in (403, 404):
            answer = partial(_without_a_page, status=status)
            patch.setattr(urls_vendor, f"handler{status}", answer, raising=False)
        yield


def _without_a_page(request: HttpRequest, exception: Exception, *, status: int) -> HttpResponse:
    return HttpResponse(status=status)


def signed_in(stage: Stage, actor: str) -> Client:
    member, client = stage.actors[actor], Client(raise_request_exception=False)
    if member is not None:
        client.force_login(member.user, backend=BACKEND)
    return client


def let_in(stage: Stage, actor: str) -> Client:
    """Return a program with a key that opens as much as somebody may: by all scopes, with their role, at their firm."""
    member = stage.actors[actor]
    if member is None:
        return Client(raise_request_exception=False)
    with as_system(member.tenant_id):
        secret = program(member).secret
    return Client(raise_request_exception=False, HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_IDEMPOTENCY_KEY="once")


def expected(stage: Stage, actor: str, route: Route, method: str) -> str:
    _ids, sees = ROWS[route.name]
    member = stage.actors[actor]
    if member is None:
        return "sign in"
    if member.tenant_id != stage.vendor.pk:
        return "sign in" if route.is_for_programs else "nothing here"
    if member.role not in MATRIX[route.action_of(method)].roles or actor in BARRED.get(route.name, ()):
        return "not allowed"
    return "answered" if actor in sees else "nothing here"


def outcome(answer: Any) -> str:
    if answer.status_code == 405:
        return "not this way"
    if answer.status_code == 401 or (answer.status_code == 302 and "/accounts/login/" in answer.headers["Location"]):
        return "sign in"
    return {404: "nothing here", 403: "not allowed"}.get(
        answer.status_code, "answered" if answer.status_code < 500 else "broken"
    )


def ask(
    client: Client, stage: Stage, route: Route, method: str, *, written: Callable[[], list[tuple]] | None = None
) -> tuple[Any, bool]:
    """Send the request in a transaction that is rolled back; say whether it wrote anything of the tenant, if asked to.

    What it wrote and took back itself counts for `writes`, and not for `contents`.
    """
    kinds, _sees = ROWS[route.name]
    path = route.pattern
    for name, kind in kinds.items():
        path = re.sub(rf"<\w+:{name}>", stage.ids.get(kind, kind), path)
    path = path.replace("<str:subject_type>", "deals.registration")
    with transaction.atomic():
        before = written() if written and method == "post" else []
        said: dict[str, Any] = {"data": {"version": "1"}} if method == "post" else {}
        if route.is_for_programs:
            said |= {"content_type": "application/json"}
        answer = getattr(client, method)(f"/{stage.vendor.slug}/{path}", **said)
        wrote = bool(written) and method == "post" and written() != before
        transaction.set_rollback(True)
    return answer, wrote


def writes() -> list[tuple]:
    """Return how much was written to each tenant's table; costs the same however many rows there are.

    Every visit writes its day to the membership, whose contents are therefore compared.
    """
    tables = [model._meta.db_table for model in tenant_models() if model is not Membership]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables
               WHERE relname = ANY (%s) AND n_tup_ins + n_tup_upd + n_tup_del > 0""",
            [tables],
        )
        return [*sorted(cursor.fetchall()), *contents([Membership])]


def contents(models: Iterable[type[TenantModel]] = ()) -> list[tuple]:
    """Return a digest of every tenant's table, but for when somebody, or some program, was last here."""
    tables = [model._meta.db_table for model in models or tenant_models()]
    row = "(to_jsonb(t) - 'last_seen_on' - 'last_used_at')::text"
    parts = [f"SELECT '{table}', count(*), sum(hashtext({row})::bigint) FROM \"{table}\" t" for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return sorted(cursor.fetchall())
