"""The agreements a vendor keeps: writing them, publishing versions, sending a version to the partners it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation

from partners.events import TextAdded, TextChanged, TextPublished, TextSent
from partners.models import Agreement, AgreementText, AgreementVersion
from partners.queries import agreements as queries
from partners.queries.days import today_of_vendor
from partners.rules.agreements import Wording
from partners.services import agreements
from prm.accounts.models import Membership, VendorProfile
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service


class NameTaken(DomainError):
    """Another agreement of the vendor has this name."""


class TextChangedMeanwhile(DomainError):
    """Somebody saved the agreement after this page was opened."""


class NothingNew(DomainError):
    """The words are those of the version that is published already."""


class NotWritten(DomainError):
    """A language of the agreement has a title without a text, or the other way round, or there is no text at all."""


class TooEarly(DomainError):
    """A version comes into force today or later, and not before an earlier version."""


@dataclass(frozen=True)
class Content:
    """What an administrator writes."""

    name: str
    wordings: Mapping[str, Wording]
    partner_types: tuple[str, ...] = ()
    is_active: bool = True

    def __post_init__(self) -> None:
        if not self.written or not all(wording.title and wording.text for wording in self.written.values()):
            raise NotWritten()

    @property
    def written(self) -> dict[str, Wording]:
        """The languages in which there is something."""
        return {language: wording for language, wording in self.wordings.items() if wording.title or wording.text}

    def write_into(self, text: AgreementText) -> None:
        text.name, text.partner_types = self.name, list(self.partner_types)
        text.wordings = {language: wording.body for language, wording in self.written.items()}
        text.is_active = self.is_active


@service
def add(content: Content, *, by: Membership | None, at: datetime) -> AgreementText:
    """Keep a new agreement, which binds nobody until it is published. Raises `NameTaken`."""
    text = AgreementText(saved_by_id=by.user_id if by else None, saved_at=at)
    content.write_into(text)
    _save(text)
    if by is not None:  # what a new vendor starts with is no news
        record(TextAdded(text_id=text.pk, title=text.name), on=text, by=by, at=at)
    return text


@service
def change(text: AgreementText, content: Content, *, seen: int, by: Membership, at: datetime) -> AgreementText:
    """Save the words; published versions stay what they are. Raises `TextChangedMeanwhile` or `NameTaken`."""
    text = AgreementText.objects.locked(text.pk)
    if text.revision != seen:
        raise TextChangedMeanwhile(text=text)
    content.write_into(text)
    text.revision, text.saved_by_id, text.saved_at = text.revision + 1, by.user_id, at
    _save(text)
    record(TextChanged(text_id=text.pk, title=text.name), on=text, by=by, at=at)
    return text


@service
def publish(
    text: AgreementText, *, effective_on: date, by: Membership | None, at: datetime, seen: int | None = None
) -> AgreementVersion:
    """Make the words a version that is never changed.

    Raises `TextChangedMeanwhile`, `NothingNew`, or `TooEarly` for a day in the past or before an earlier version's.
    """
    text = AgreementText.objects.locked(text.pk)
    if seen is not None and text.revision != seen:
        raise TextChangedMeanwhile(text=text)
    before = queries.latest(text)
    if before and before.sha256 == text.digest:
        raise NothingNew(version=before)
    earliest = max(today_of_vendor(at), before.effective_on if before else date.min)
    if effective_on < earliest:
        raise TooEarly(earliest=earliest)
    version = AgreementVersion(
        text=text,
        number=before.number + 1 if before else 1,
        wordings=text.wordings,
        sha256=text.digest,
        effective_on=effective_on,
        published_by_id=by.user_id if by else None,
        published_at=at,
    )
    version.save(force_insert=True)
    if by is not None:
        fact = TextPublished(
            text_id=text.pk,
            title=text.name,
            number=version.number,
            sha256=version.sha256,
            effective_on=effective_on.isoformat(),
        )
        record(fact, on=text, by=by, at=at)
    return version


@service
def send(version: AgreementVersion, *, accept_by: date | None, by: Membership, at: datetime) -> AgreementVersion:
    """Have a version offered to all partners it concerns; a handler does that, because they may be many."""
    text = AgreementText.objects.locked(version.text_id)
    fact = TextSent(
        text_id=text.pk,
        version_id=version.pk,
        title=text.name,
        number=version.number,
        accept_by=accept_by.isoformat() if accept_by else "",
    )
    record(fact, on=text, by=by, at=at)
    return version


@service
def offer_to_all(
    version: AgreementVersion, *, accept_by: date | None, by: Membership | None, at: datetime
) -> list[Agreement]:
    """Offer a version to every partner it concerns, except where it was offered already."""
    partners = queries.affected_by(version.text).order_by("id")
    return [agreements.offer_version(partner, version, accept_by=accept_by, by=by, at=at) for partner in partners]


@service
def prepare(at: datetime) -> AgreementVersion:
    """Give a new vendor a plain agreement in every language, in force at once; doing it again changes nothing."""
    if existing := AgreementVersion.objects.order_by("published_at").first():
        return existing
    wordings = {code: _first_wording(code) for code, _name in settings.LANGUAGES}
    language = VendorProfile.objects.values_list("language", flat=True).get()
    name = wordings[language].title if language in wordings else next(iter(wordings.values())).title
    text = add(Content(name, wordings), by=None, at=at)
    return publish(text, effective_on=today_of_vendor(at), by=None, at=at)


def _first_wording(language: str) -> Wording:
    with translation.override(language):
        title, _line, text = render_to_string(f"partners/agreements/first.{language}.txt").strip().partition("\n")
        return Wording(title.strip(), text.strip())


def _save(text: AgreementText) -> None:
    """The database decides whether a name is free: two people may take it at once."""
    try:
        with transaction.atomic():
            text.save(force_insert=text._state.adding)
    except IntegrityError as error:
        if "agreement_names_differ" not in str(error):
            raise
        raise NameTaken(name=text.name) from error
