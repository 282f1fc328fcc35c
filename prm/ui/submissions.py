"""Forms with a one-time id: the same form sent twice acts once.

`{% one_time_id %}` puts a fresh id into a form. The view keeps it with the answer it gave; a second sending,
even at the same moment, waits for the first and is led to the same place.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from prm.ui.models import Submission

NAME = "submission"
View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """Let a form act once. A refused form may be sent again under its id; forms without one act each time."""

    @wraps(view)
    def answered_once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sent = _id_of(request)
        if sent is None:
            return view(request, *args, **kwargs)
        submission = Submission(pk=sent, user=request.user, form=request.resolver_match.view_name)
        try:
            with transaction.atomic():
                submission.save(force_insert=True)
        except IntegrityError:
            earlier = Submission.objects.filter(pk=sent).first()
            return redirect(earlier.answer if earlier and earlier.answer else request.path)
        response = view(request, *args, **kwargs)
        if response.status_code == 302:
            Submission.objects.filter(pk=sent).update(answer=response.headers["Location"][:300])
        else:
            Submission.objects.filter(pk=sent).delete()
        return response

    return answered_once


def _id_of(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get(NAME, "")) if request.method == "POST" else None
    except ValueError:
        return None
