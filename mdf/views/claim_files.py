"""Files of a claim: uploaded one by one while it is filled in, or together with the form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mdf import permissions
from mdf.enums import ProofKind
from mdf.models import Claim, ClaimLine, ClaimProof
from mdf.services import claims
from prm.accounts.models import Membership
from prm.events.refusals import DomainError
from prm.files import queries, services
from prm.files.subjects import can_change, can_open


@can_open("mdf.claim")
def visible(member: Membership) -> QuerySet:
    """Whoever sees a claim may open its files; sales people of the partner don't."""
    rows = Claim.objects.visible_to(member)
    return rows if member.has(permissions.can_see) else rows.none()


@can_change("mdf.claim")
def is_open(claim: Claim, member: Membership) -> bool:
    """Evidence stays as it was sent; it can be added to and exchanged while the vendor asks."""
    if member.is_vendor:
        return False
    return claim.is_open_for_partner and claim.partner_id == member.partner_id and member.has(permissions.can_claim)


def take_one(request: HttpRequest, claim: Claim) -> HttpResponse:
    """Take one uploaded file, note what it proves, and answer its row or why not."""
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise services.NoFile()
        proof = _take(request, claim, upload, kind_of(request.GET.get("kind")), _line(claim, request.GET.get("line")))
    except DomainError as refusal:
        return HttpResponse(refusal.sentence, status=422, content_type="text/plain; charset=utf-8")
    return render(request, "components/file_row.html", {"file": queries.entry(proof.file)})


def take_all(request: HttpRequest, claim: Claim) -> str:
    """Take the files that came with a form sent without scripts; return the first refusal's sentence."""
    for name in list(request.FILES):
        if not name.startswith("files-"):
            continue
        kind, _dash, line = name.removeprefix("files-").partition("-")
        for upload in request.FILES.getlist(name):
            try:
                _take(request, claim, upload, kind_of(kind), _line(claim, line))
            except DomainError as refusal:
                return refusal.sentence
    return ""


def kind_of(text: str | None) -> ProofKind:
    """Return the kind of proof that was named, or the one for everything else."""
    return ProofKind(text) if text in ProofKind.values else ProofKind.OTHER


def entry(proof: ClaimProof) -> dict[str, Any]:
    """Return a file as the list of files shows it, with what was said of it."""
    return queries.entry(proof.file) | {"proof": proof}


def _take(request: HttpRequest, claim: Claim, upload: Any, kind: ProofKind, line: ClaimLine | None) -> ClaimProof:
    file = services.add(upload, on=claim, by=request.member, at=timezone.now())
    return claims.prove(claim, file, kind, line=line)


def _line(claim: Claim, text: str | None) -> ClaimLine | None:
    try:
        return ClaimLine.objects.filter(claim=claim, pk=UUID(text)).first() if text else None
    except ValueError:
        return None
