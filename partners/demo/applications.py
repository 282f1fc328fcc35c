"""Who wants to become a partner of the two vendors, in every state, and who wants to join a partner.

Columns of the tables: company, website, country, city, address, tax number, contact, e-mail, type, how strong the
answers are from 1 to 3, and the plot with its days (or for `new` hours) before the present.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from partners.demo import custom
from partners.demo.application_words import WORDS, Words
from partners.enums import PartnerType, QuestionKind
from partners.models import Application
from partners.queries import joining
from partners.queries.partners import tiers
from partners.rules.joining import AREA, Terms
from partners.rules.questionnaires import Question, Reply
from partners.services import application_decisions as decisions
from partners.services import applications, join_requests
from partners.services.application_decisions import Placement
from partners.services.applications import Content
from prm.accounts.models import Membership
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.scenes import Scene
from prm.demo.vendors import VENDORS
from prm.policies import versions

TABLES = Path(__file__).with_name("tables")
SOON = timedelta(minutes=35)
RENEWED = 150  # days since the vendor named its competitors
COMPETITORS = {
    "halyard": ("corvidnet.example", "netzwerk-rivale.example"),
    "ostwerk": ("nordwaerme-union.example", "thermo-rivale.example"),
}
MANAGERS = {
    "halyard": ("tomas.ferreira@halyard.example", "amara.okafor@halyard.example"),
    "ostwerk": ("lukas.brandstetter@ostwerk.example", "aylin.yildiz@ostwerk.example"),
}
ADMINS = {"halyard": "ingrid.solberg@halyard.example", "ostwerk": "ursina.caduff@ostwerk.example"}
WISHES = {
    "halyard": ("Ingmar Holt", "ingmar.holt@northlight.example", "Northlight Consulting", "SE"),
    "ostwerk": ("Sabrina Keller", "sabrina.keller@alpentech.example", "Alpentech Handel", "CH"),
}


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    yield naming_competitors(scene)
    table = (TABLES / f"{scene.vendor.slug}_applicants.txt").read_text(encoding="utf-8")
    for number, line in enumerate(table.splitlines()):
        applicant = Applicant(scene, number, *(cell.strip() for cell in line.split("|")))
        name, *words = applicant.plot.split()
        yield PLOTS[name](applicant, int(words[0]), *words[1:])
    yield joining_a_partner(scene)


def naming_competitors(scene: Scene) -> Story:
    """Some time after the opening the vendor names its competitors."""
    at = scene.at(scene.ago(RENEWED), 15)
    yield at
    slug = scene.vendor.slug
    terms = replace(Terms(), competitor_domains=COMPETITORS[slug])
    by = scene.member(ADMINS[slug])
    versions.publish(AREA, terms.body(), effective_on=scene.ago(RENEWED), by=by, at=at)


def joining_a_partner(scene: Scene) -> Story:
    """Somebody of a partner has confirmed the address and waits to be let in."""
    name, email, company, country = WISHES[scene.vendor.slug]
    at = scene.now - timedelta(hours=30)
    yield at
    words = WORDS[_language(scene)]
    wish = join_requests.ask(
        name=name,
        email=email,
        company_name=company,
        website="",
        country=country,
        message=words.wish,
        language=_language(scene),
        at=at,
    )
    yield at + timedelta(minutes=4)
    join_requests.confirm(wish, at=at + timedelta(minutes=4))


@dataclass
class Applicant:
    """One line of the table, and the application it has become."""

    scene: Scene
    number: int
    company: str
    website: str
    country: str
    city: str
    address: str
    tax_id: str
    contact: str
    email: str
    kind: str
    strength: str
    plot: str
    application: Application = field(init=False)

    @property
    def words(self) -> Words:
        return WORDS[_language(self.scene)]

    @property
    def manager(self) -> Membership:
        managers = MANAGERS[self.scene.vendor.slug]
        return self.scene.member(managers[self.number % len(managers)])

    def start(self, at: datetime) -> None:
        kind = PartnerType(self.kind)
        self.application, _secret = applications.start(kind, language=_language(self.scene), at=at)

    def half(self, at: datetime) -> None:
        """Type only the company, and stop."""
        typed = {"company_name": self.company, "website": self.website, "country": self.country}
        self.application = applications.save(self.application, typed, at=at)

    def send(self, at: datetime) -> None:
        self.application = applications.send(self.application, self._content, at=at)

    def confirm(self, at: datetime) -> None:
        self.application = applications.confirm(self.application, at=at)

    def open(self, at: datetime) -> None:
        self.application = decisions.open_review(self.application, by=self.manager, at=at)

    def ask(self, at: datetime) -> None:
        fields = ("tax_id", "q_staff")
        self.application = decisions.ask(
            self.application, question=self.words.question, fields=fields, by=self.manager, at=at
        )

    def answer(self, at: datetime) -> None:
        content = Content(answers={"staff": 38})
        self.application = applications.answer(self.application, content, text=self.words.answer, at=at)

    def approve(self, at: datetime) -> None:
        placement = Placement(
            type=PartnerType(self.kind),
            tier=tiers().filter(rank=1).first(),
            admin_name=self.contact,
            admin_email=self.email,
            manager_id=self.manager.user_id,
        )
        self.application = decisions.approve(
            self.application, placement, note=self.words.welcome, by=self.manager, at=at
        )

    def reject(self, at: datetime, reason: str) -> None:
        self.application = decisions.reject(
            self.application, reason_code=reason, note=self.words.refusal, by=self.manager, at=at
        )

    def withdraw(self, at: datetime) -> None:
        self.application = applications.withdraw(self.application, note=self.words.withdrawal, at=at)

    def expire(self, at: datetime) -> None:
        applications.expire(self.application, at=at)

    @property
    def _content(self) -> Content:
        facts = {
            "company_name": self.company,
            "website": self.website,
            "country": self.country,
            "city": self.city,
            "address": self.address,
            "tax_id": self.tax_id,
            "contact_name": self.contact,
            "contact_email": self.email,
        }
        asked = joining.pinned(self.application).questions[PartnerType(self.kind)]
        replies = {question.code: self._reply(question) for question in asked}
        return Content(facts, replies, custom.heard(self.scene, self.number))

    def _reply(self, question: Question) -> Reply:
        """Answer better the stronger the applicant is."""
        strength = int(self.strength)
        match question.kind:
            case QuestionKind.YES_NO:
                return strength > 1
            case QuestionKind.NUMBER:
                start, _points = question.steps[min(strength, len(question.steps)) - 1]
                return start + 3 * strength
            case QuestionKind.CHOICE:
                codes = [option.code for option in question.options]
                return self.kind if self.kind in codes else codes[strength - 1]
        return self.words.texts.get(question.code, self.words.text)


# -- how an application can go -------------------------------------------------------------------------
def draft(applicant: Applicant, days: int) -> Story:
    at = _past(applicant, days)
    yield at
    applicant.start(at)
    applicant.half(at)


def sent(applicant: Applicant, days: int) -> Story:
    """Complete, but the address is not confirmed yet."""
    at = _past(applicant, days)
    yield at
    applicant.start(at)
    applicant.send(at)


def new(applicant: Applicant, hours: int) -> Story:
    yield from _submitted(applicant, applicant.scene.now - timedelta(hours=hours))


def late(applicant: Applicant, days: int) -> Story:
    """Promised for some days ago, and nobody has decided."""
    yield from _submitted(applicant, _past(applicant, days))


def review(applicant: Applicant, days: int) -> Story:
    at = _past(applicant, days)
    yield from _submitted(applicant, at - SOON)
    yield at
    applicant.open(at)


def asked(applicant: Applicant, days: int) -> Story:
    at = _past(applicant, days)
    yield from _submitted(applicant, at - timedelta(hours=3))
    yield at
    applicant.ask(at)


def answered(applicant: Applicant, days: int) -> Story:
    yield from asked(applicant, days)
    at = applicant.scene.after(_past(applicant, days), 1)
    yield at
    applicant.answer(at)


def approved(applicant: Applicant, days: int) -> Story:
    yield from review(applicant, days + 1)
    at = _past(applicant, days)
    yield at
    applicant.approve(at)


def rejected(applicant: Applicant, days: int, reason: str) -> Story:
    yield from review(applicant, days + 1)
    at = _past(applicant, days)
    yield at
    applicant.reject(at, reason)


def withdrawn(applicant: Applicant, days: int) -> Story:
    yield from _submitted(applicant, _past(applicant, days + 2))
    at = _past(applicant, days)
    yield at
    applicant.withdraw(at)


def expired(applicant: Applicant, days: int) -> Story:
    """Asked something so many days ago, and nobody answered: the clock ends it."""
    yield from asked(applicant, days)
    at = _past(applicant, days) + timedelta(days=Terms().answer_days, hours=1)
    yield at
    applicant.expire(at)


PLOTS: dict[str, Callable[..., Story]] = {
    "draft": draft,
    "sent": sent,
    "new": new,
    "late": late,
    "review": review,
    "asked": asked,
    "answered": answered,
    "approved": approved,
    "rejected": rejected,
    "withdrawn": withdrawn,
    "expired": expired,
}


def _submitted(applicant: Applicant, at: datetime) -> Iterator[datetime]:
    """The form takes half an hour, the mail is found some minutes later."""
    begun = at - timedelta(minutes=31)
    yield begun
    applicant.start(begun)
    yield at - timedelta(minutes=5)
    applicant.send(at - timedelta(minutes=5))
    yield at
    applicant.confirm(at)


def _past(applicant: Applicant, days: int) -> datetime:
    """Return ten past ten on a working day about so many days ago."""
    scene = applicant.scene
    return scene.at(scene.workday(scene.ago(days)), 10 + applicant.number % 6, 10)


def _language(scene: Scene) -> str:
    return str(VENDORS[scene.vendor.slug][1]["language"])
