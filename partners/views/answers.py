"""How actions answer: a toast on the page they lead to, in a dialog as well as without scripts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from prm.events.refusals import DomainError


def done(request: HttpRequest, said: str, url: str) -> HttpResponse:
    """Say that it is done, on the page it leads to."""
    messages.success(request, said)
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def refused(request: HttpRequest, refusal: DomainError, url: str) -> HttpResponse:
    """Say why not, on the page it came from."""
    messages.error(request, refusal.sentence)
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
