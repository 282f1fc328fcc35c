"""The addresses of a resource: its list, one record by its id, and what may be done with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from prm.accounts.models import Membership
from prm.accounts.permissions import Permission
from prm.api import answers, pages, problems, reading
from prm.api.describing import Description
from prm.api.problems import ApiError
from prm.api.resources import READ, WRITE, Act, Resource
from prm.custom_fields import queries as custom_fields
from prm.custom_fields import services as custom_values
from prm.policies.values import Invalid, Problem

CUSTOM = "custom"


class KeyAuthentication(BaseAuthentication):
    """The machine that the middleware let in; nobody else comes this far."""

    def authenticate(self, request: Request) -> tuple[Any, Any]:
        return request._request.user, request._request.api_key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class Endpoint(APIView):
    """An address of the API: what the key opens, and what its role may do, is asked here for all of them."""

    resource: Resource
    http_method_names = ["get", "head", "post", "patch"]
    authentication_classes = [KeyAuthentication]
    renderer_classes = [JSONRenderer]
    parser_classes = [reading.PlainJSON]
    schema = Description()

    def get_exception_handler(self) -> Any:
        return problems.answer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not hasattr(self, str(request.method).lower()):
            raise MethodNotAllowed(str(request.method))
        writes = request.method not in ("GET", "HEAD")
        scope = f"{self.resource.area}:{WRITE if writes else READ}"
        if scope not in request._request.api_key.scopes:  # type: ignore[attr-defined]
            raise ApiError(403, "scope_missing", _("This key lacks the scope %(scope)s.") % {"scope": scope})
        needed = self.write_permission if writes else self.resource.permission
        if needed is None or not self.member.has(needed):
            raise PermissionDenied

    @property
    def write_permission(self) -> Permission | None:
        return self.resource.write_permission

    @property
    def member(self) -> Membership:
        return self.request._request.member  # type: ignore[no-any-return]

    def told(self, rows: list[Any], at: datetime, body: type[BaseSerializer] | None = None) -> list[Any]:
        """Return records as JSON, as whoever asks may see them."""
        context: dict[str, Any] = {"member": self.member, "at": at}
        if kind := self.resource.custom_kind:
            context[CUSTOM] = custom_fields.values_of(kind, rows, for_vendor=self.member.is_vendor, at=at)
        bodies = (body or self.resource.body)(rows, many=True, context=context).data
        return json.loads(json.dumps(bodies, cls=JSONEncoder))  # type: ignore[no-any-return]

    def read(self, pk: Any) -> Any:
        row = self.resource.rows(self.member).filter(**{self.resource.found_by: pk}).first()
        if row is None:
            raise Http404
        return row

    def once(self, request: Request, act: Callable[[dict[str, Any], datetime], tuple[int, Any]]) -> HttpResponse:
        """Act with what was sent, unless this request was answered before."""
        at = timezone.now()
        asked = b"\n".join([request.path.encode(), request._request.body])
        given = str(request.headers.get("Idempotency-Key", ""))
        with transaction.atomic():
            key = request._request.api_key  # type: ignore[attr-defined]
            said = reading.body_of(request.data)
            answered = answers.once(
                key, given, asked, lambda: act(said, at), partner_path=self.member.partner_path, at=at
            )
        status, body, is_again = answered
        headers = {"Idempotent-Replayed": "true"} if is_again else {}
        return Response(body, status=status, headers=headers)

    def custom_given(self, said: Any) -> dict[str, Any]:
        """Return the values of custom fields that were sent; a partner knows of no field that is kept from it."""
        if said is None:
            return {}
        if not isinstance(said, dict):
            raise Invalid([Problem((), "mapping", {})])
        internal = {each.key for each in custom_fields.definitions_of(self.resource.kind) if each.is_internal}
        hidden = internal & said.keys() if self.member.is_partner else set()
        if hidden:
            raise Invalid([Problem((key,), "unknown_field", {"name": key[:80]}) for key in sorted(hidden)])
        return said


class Collection(Endpoint):
    """The list of a resource."""

    def get(self, request: Request) -> HttpResponse:
        page = pages.of(self.resource, request, self.member)
        return Response({"items": self.told(page.rows, timezone.now()), "next": page.next_url})


class MakingCollection(Collection):
    """A list that something can be added to."""

    def post(self, request: Request) -> HttpResponse:
        return self.once(request, self._make)

    def _make(self, said: dict[str, Any], at: datetime) -> tuple[int, Any]:
        resource = self.resource
        assert resource.new
        custom = self.custom_given(said.pop(CUSTOM, None)) if resource.kind else {}
        typed = reading.typed(said, resource.new, resource.parts, resource.lists)
        form = resource.form(resource.new, typed, by=self.member, at=at)
        if not form.is_valid():
            reading.refuse(form, resource.parts)
        row, is_new = resource.make(form, custom=custom, by=self.member, at=at)
        return (201 if is_new else 200), self.told([self.read(row.pk)], at, resource.made)[0]


class Item(Endpoint):
    """One record. Its ETag is that of what is told of it: whatever anybody would see differ makes it another."""

    def get(self, request: Request, pk: Any) -> HttpResponse:
        body = self.told([self.read(pk)], timezone.now())[0]
        return Response(body, headers={"ETag": etag_of(body)})


class ChangingItem(Item):
    """A record that can be changed: what is not sent stays."""

    @property
    def write_permission(self) -> Permission | None:
        return self.resource.changing

    def patch(self, request: Request, pk: Any) -> HttpResponse:
        at, resource = timezone.now(), self.resource
        with transaction.atomic():
            said = reading.body_of(request.data)
            row = self.read(pk)
            body = self.told([row], at)[0]
            self._refuse_stale(request, body)
            custom = self.custom_given(said.pop(CUSTOM, None)) if resource.kind else {}
            if said:
                self._change(row, said, body, at)
            if custom:
                self._answer(row, custom, at)
            body = self.told([self.read(pk)], at)[0]
        return Response(body, headers={"ETag": etag_of(body)})

    def _change(self, row: Any, said: dict[str, Any], body: dict[str, Any], at: datetime) -> None:
        asked = self.resource.changed
        if asked is None:
            raise ApiError(
                422,
                "not_valid",
                _("Some of it is not right."),
                {name[:80]: [_("This is not changed here.")] for name in said},
            )
        kept = {name: body[name] for name in asked.base_fields if name in body}
        form = self.resource.form(asked, reading.typed({**kept, **said}, asked, {}), by=self.member, at=at)
        if not form.is_valid():
            reading.refuse(form, {})
        self.resource.change(row, form, by=self.member, at=at)

    def _answer(self, row: Any, custom: dict[str, Any], at: datetime) -> None:
        kind = self.resource.custom_kind
        if kind is None or self.member.is_partner or not self.member.has(kind.permission):
            raise PermissionDenied
        row = custom_values.answer(kind, row, custom, seen=row.custom, by=self.member, at=at)
        custom_values.refuse_incomplete(kind, row, at=at, for_vendor=True)

    @staticmethod
    def _refuse_stale(request: Request, body: Any) -> None:
        seen = request.headers.get("If-Match")
        if not seen:
            detail = _("Send the ETag of what you have read as If-Match, so that nobody's change is lost.")
            raise ApiError(428, "version_missing", detail)
        tags = {tag.strip().removeprefix("W/") for tag in seen.split(",")}  # what compresses on the way makes them weak
        if not tags & {etag_of(body), "*"}:
            raise ApiError(412, "changed_meanwhile", _("The record was changed meanwhile. Read it again."))


class Acting(Endpoint):
    """What is done with a record; who does not own it finds nothing here."""

    act: Act

    @property
    def write_permission(self) -> Permission | None:
        return self.act.permission

    def post(self, request: Request, pk: Any) -> HttpResponse:
        return self.once(request, partial(self._do, pk))

    def _do(self, pk: Any, said: dict[str, Any], at: datetime) -> tuple[int, Any]:
        row = self.resource.owned(self.member).filter(**{self.resource.found_by: pk}).first()
        if row is None:
            raise Http404
        form = self.act.form(reading.typed(said, self.act.form, {}), **self.act.facts(row, at))
        if not form.is_valid():
            reading.refuse(form, {})
        try:
            self.act.work(row, **form.cleaned_data, by=self.member, at=at)
        except ObjectDoesNotExist as gone:  # it went to somebody else since it was found
            raise Http404 from gone
        return 200, self.told([self.read(pk)], at)[0]


def etag_of(body: Any) -> str:
    """Return the name of what is told."""
    return f'"{hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]}"'
