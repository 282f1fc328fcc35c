"""A vendor with two partners that are after the same customer, as a journey finds it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import override_settings
from django.utils import timezone

from deals.models import Registration
from deals.rules.terms import AREA
from deals.services import cases, catalog, decisions, outcomes, protection, vendors
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.events import outbox
from prm.money import Money
from prm.notifications.models import MailMessage
from prm.policies import versions
from prm.programme import services as programme
from prm.tenancy.context import as_system
from tests import build
from tests.deals.rulebook import body, eur, every, rule, some, when

APPS = ("partners", "mdf", "quotes")  # each tells in its `scene.py` what else there is to look at
MAILBOX = "prm.notifications.mailbox.MailboxBackend"


class World:
    """This is one vendor's portal with a seller, a channel manager and a rival who came first."""

    def __init__(self, site: str, **profile: Any) -> None:
        now = timezone.now()
        self.site = site
        self.vendor = build.vendor(**profile)
        self.home = f"{site}/{self.vendor.slug}"
        with as_system(self.vendor.pk):
            vendors.prepare(at=now)
            self.manager = can_sign_in(build.member(Role.CHANNEL_MANAGER, name="Tomás Ferreira"))
            self.partner = build.partner("Northlight Consulting")
            self.seller = can_sign_in(build.member(Role.PARTNER_SALES, of=self.partner, name="Maja Lindqvist"))
            rival = build.member(Role.PARTNER_SALES, of=build.partner("Kestrel IT"), name="Jonas Weber")
            self.rival = build.submitted(
                by=rival,
                at=now - timedelta(hours=3),
                customer_name="Nordhavn Logistik A/S",
                customer_website="nordhavn.example",
                customer_country="DK",
            )
        self.deliver()

    def another_registration(self) -> None:
        with as_system(self.vendor.pk):
            build.submitted(at=timezone.now() - timedelta(hours=1))

    def deliver(self) -> None:
        """Let a worker do what is due, also what waits for an undo."""
        with override_settings(EMAIL_BACKEND=MAILBOX, SITE_URL=self.site):
            outbox.deliver_due(self.vendor.pk, now=lambda: timezone.now() + outbox.UNDO_TIME)

    def mail_to(self, member: Membership) -> list[str]:
        """Return the subjects of what arrived, in order."""
        return list(MailMessage.objects.filter(to=member.user.email).order_by("at").values_list("subject", flat=True))

    def link_in_mail_to(self, email: str, containing: str) -> str:
        """Return the address that the latest mail of a kind leads to."""
        texts = MailMessage.objects.filter(to=email, text__contains=containing).order_by("-at").values_list("text")
        found = re.findall(rf"{re.escape(self.site)}\S+", texts[0][0])
        return next(link for link in found if containing in link)

    def page_of_the_deal(self) -> str:
        """Return where in the portal the seller's registration is."""
        with as_system(self.vendor.pk):
            return f"deals/{Registration.objects.get(partner=self.partner).pk}/"


class Scene(World):
    """This is a vendor's portal in which every kind of page has something to show."""

    def __init__(self, site: str, **profile: Any) -> None:
        super().__init__(site, **profile)
        now = timezone.now()
        with as_system(self.vendor.pk):
            self.admin = can_sign_in(build.member(Role.ADMIN, name="Ada Brandt"))
            self.owner = can_sign_in(build.member(Role.PARTNER_ADMIN, of=self.partner, name="Ole Lund"))
            self.finance = can_sign_in(build.member(Role.FINANCE, name="Finn Osei"))
            self.deals = deals_in_every_state(self.owner, self.manager, now)
            contested = [
                build.submitted(by=by, customer_website="contested.example", at=now) for by in (self.owner, None)
            ]
            case = cases.open_case(contested[0], contested[1:], by=self.manager, at=now)
            party = case.parties.get(registration=contested[0])
            cases.ask_for_evidence(case, "Whom did you meet?", version=case.version, by=self.manager, at=now)
            open_case = cases.open_case(*self.two_rivals(now), by=self.manager, at=now)
            direct = build.direct(by=self.manager, at=now)
            build.touch(by=self.manager, at=now)
            invitations = [build.invitation(by=member) for member in (self.owner, self.admin)]
            product = catalog.add_product(build.family(), name="Edge 200", sku="E-200", unit="piece")
            self.words = rules_to_change(self.admin, now)
            file = programme.bring("ours.yaml", "format: 1\nfamilies: [{code: new, name: New}]", by=self.admin, at=now)
            self.records = {
                "prm": [self.seller, self.manager, *invitations, file],
                "deals": [*self.deals, build.family(), product, direct, open_case, case, party],
                "partners": [self.partner],
            }
            for app in APPS:
                self.records.setdefault(app, []).extend(import_module(f"tests.{app}.scene").records(self, now))
        self.deliver()

    def two_rivals(self, now: datetime) -> tuple[Registration, list[Registration]]:
        """Return a registration and its rivals, about which a case can be opened."""
        first, second = (build.submitted(by=by, customer_website="rivals.example", at=now) for by in (self.owner, None))
        return first, [second]


def deals_in_every_state(seller: Membership, manager: Membership, now: datetime) -> list[Registration]:
    """Return one registration of each kind, the first of them still a draft."""
    facts = {"by": seller, "at": now - timedelta(hours=1)}
    decided = {"by": manager, "at": now}
    rejected, asked = build.submitted(**facts), build.submitted(**facts)
    approved, extended, won = (decisions.approve(build.submitted(**facts), **decided) for _ in range(3))
    return [
        build.draft(**facts),
        build.submitted(customer_name="Nordhavn Logistik", customer_website="nordhavn.example", **facts),
        decisions.ask(asked, question="Who decides there?", fields=("products", "activities", "files"), **decided),
        decisions.reject(rejected, reason_code="duplicate", note="A colleague was there.", **decided),
        approved,
        protection.ask_extension(extended, progress="Two meetings.", by=seller, at=now),
        outcomes.win(won, Money(Decimal(46200), "EUR"), by=seller, at=now),
    ]


def rules_to_change(admin: Membership, now: datetime) -> dict[str, str]:
    """Publish rules, draft others, and return what their addresses are made of."""
    of_lines = {"in": "lines", "any": when("quantity", "at_least", "5")}
    window = {"kind": "rolling_months", "length": 12}
    sales = {"total": "sales", "how": "sum", "of": "value", "window": window, "is": "over", "value": eur(100_000)}
    large = rule("Large", every(when("value", "over", eur(25_000)), some(of_lines, sales)), decision="approve")
    drafted = body(large, rule("All others", promise_days="2", deemed="approved"))
    version = versions.publish(AREA, body(large), effective_on=now.date() + timedelta(days=7), at=now)
    versions.save_draft(AREA, drafted, revision=None, by=admin, at=now)
    return {"area": AREA, "number": str(version.number), "key": large["key"]}


def can_sign_in(member: Membership) -> Membership:
    """Give somebody a password that the portal in production mode accepts."""
    member.user.password = _hashed(build.PASSWORD)
    member.user.save(update_fields=["password"])
    EmailAddress.objects.get_or_create(user=member.user, email=member.user.email, verified=True, primary=True)
    return member


@cache
def _hashed(password: str) -> str:
    hasher = Argon2PasswordHasher()
    return hasher.encode(password, hasher.salt())
