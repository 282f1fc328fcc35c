"""What people are certified in, until when, and who has just handed a certificate in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from partners.demo import firms, people
from partners.demo.papers import paper
from partners.demo.people import Person
from partners.enums import CertifiedRole
from partners.models import Certification
from partners.services import certifications
from partners.services.certifications import Claimed, Course
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.scenes import Scene

COURSES = {
    "halyard": (
        Course("Halyard Sales Associate", CertifiedRole.SALES, "Products, prices and how to register a deal.", 24),
        Course("Halyard Network Engineer", CertifiedRole.TECHNICAL, "Design, installation and handover.", 12),
        Course("Halyard Support Specialist", CertifiedRole.SUPPORT, "First and second line support.", 12),
    ),
    "ostwerk": (
        Course("Ostwerk Fachberatung", CertifiedRole.SALES, "Produkte, Auslegung und Angebot.", 24),
        Course("Ostwerk Inbetriebnahme", CertifiedRole.TECHNICAL, "Montage, Einregulierung, Übergabe.", 12),
        Course("Ostwerk Service", CertifiedRole.SUPPORT, "Wartung und Störungssuche.", 12),
    ),
}
OFFERED = 455  # days since certificates can be handed in
# How many days ago certificates of the year-long kind were issued: some have run out, some end soon.
ISSUED = (352, 341, 300, 318, 240, 190, 130, 380, 95, 60)
WAITING = {"halyard": "emil.bjorklund@northlight.example", "ostwerk": "fabienne.rochat@alpentech.example"}
RETURNED = {"halyard": "sanne@meridian-distribution.example", "ostwerk": "matteo@pedretti-elettro.example"}


@dataclass(frozen=True)
class Exam:
    """Somebody passed in something, so many days ago."""

    person: Person
    course: Course
    days: int


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    yield offering(scene)
    for exam in exams(scene):
        yield passing(scene, exam)


def offering(scene: Scene) -> Story:
    """The vendor says what people can be certified in."""
    at = scene.at(scene.ago(OFFERED), 15)
    yield at
    by = scene.member(next(p.email for p in people.at_vendor(scene.vendor.slug) if p.role == Role.ADMIN))
    for course in COURSES[scene.vendor.slug]:
        certifications.keep(course, by=by, at=at)


def exams(scene: Scene) -> list[Exam]:
    """Return who passed what: each partner's people in sales, every second one in something technical."""
    slug = scene.vendor.slug
    joined = {firm.name: firm.joined for firm in firms.of(slug) if firm.name not in firms.SUSPENDED}
    sales, technical, support = COURSES[slug]
    staff = [p for p in people.PEOPLE if p.vendor == slug and joined.get(p.partner, 0) > 60]
    found = [Exam(person, sales, min(joined[person.partner] - 20, 200)) for person in staff[::2]]
    found += [
        Exam(person, technical if at % 3 else support, min(joined[person.partner] - 10, ISSUED[at % len(ISSUED)]))
        for at, person in enumerate(staff)
    ]
    return found


def passing(scene: Scene, exam: Exam) -> Story:
    """Somebody hands a certificate in, the channel manager confirms it, and in the end it runs out."""
    slug = scene.vendor.slug
    is_latest = exam.person.email in (WAITING[slug], RETURNED[slug]) and exam.course.role != CertifiedRole.SALES
    days = 4 if is_latest else exam.days
    at = scene.in_office_hours(scene.ago(days))
    yield at
    member = scene.member(exam.person.email)
    number = f"{exam.course.role[:2].upper()}-{scene.dice.randint(10000, 99999)}"
    claimed = Claimed(Certification.objects.get(name=exam.course.name), member, number, at.date() - timedelta(days=2))
    proof = paper("Certificate", exam.course.name, [exam.person.name, number], _color(scene))
    certificate = certifications.submit(claimed, proof, by=member, at=at)
    if is_latest and exam.person.email == WAITING[slug]:
        return
    at = scene.after(at, 2)
    yield at
    by = _manager(scene, exam.person)
    if is_latest:
        note = "Auf dem Bild ist die Nummer nicht zu lesen." if slug == "ostwerk" else "The number cannot be read."
        certifications.give_back(certificate, note=note, by=by, at=at)
        return
    certificate = certifications.confirm(certificate, by=by, at=at)
    if certificate.expires_on:
        ended = certificate.expires_on + timedelta(days=1)
        at = scene.at(ended, 1)
        yield at
        certifications.expire(certificate, today=ended, at=at)


def _manager(scene: Scene, person: Person) -> Membership:
    firm = next(firm for firm in firms.of(scene.vendor.slug) if firm.name == person.partner)
    return scene.member(firm.manager)


def _color(scene: Scene) -> str:
    return {"halyard": "#0e6c86"}.get(scene.vendor.slug, "#a8431b")
