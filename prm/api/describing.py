"""The API in the words of OpenAPI 3.1, made from the resources, their forms and the vendor's own fields."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from prm.api.bodies import CustomField, MoneyField
from prm.api.pages import LIMIT, MOST, USUAL
from prm.api.reading import MOST_ROWS, SEVERAL, Lists, Parts
from prm.api.resources import RESOURCES, Act, Resource
from prm.custom_fields import queries as custom_fields
from prm.custom_fields.definitions import Definition, FieldType
from prm.money.forms import MoneyField as MoneyInput
from prm.tenancy import context
from prm.ui.lists import AFTER, SORT, OfferedField

VERSION = "1"
Json = dict[str, Any]
JSON_TYPE, PROBLEM_TYPE = "application/json", "application/problem+json"
AMOUNT = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "examples": ["46200.00"]}
CURRENCY = {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["EUR"]}
MONEY = {"type": "object", "properties": {"amount": AMOUNT, "currency": CURRENCY}, "required": ["amount", "currency"]}
PROBLEM: Json = {
    "type": "object",
    "description": "Problem details (RFC 9457). `code` is for programs and never changes.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
    "required": ["type", "title", "status", "code"],
}
TYPES: Mapping[FieldType, Json] = {
    FieldType.TEXT: {"type": "string"},
    FieldType.LONG_TEXT: {"type": "string"},
    FieldType.WHOLE: {"type": "string", "pattern": "^-?[0-9]+$"},
    FieldType.DECIMAL: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    FieldType.MONEY: MONEY,
    FieldType.DAY: {"type": "string", "format": "date"},
    FieldType.BOOLEAN: {"type": "boolean"},
    FieldType.CHOICE: {"type": "string"},
    FieldType.CHOICES: {"type": "array", "items": {"type": "string"}},
    FieldType.URL: {"type": "string", "format": "uri"},
    FieldType.EMAIL: {"type": "string", "format": "email"},
}


def schema_of(server: str, title: str) -> Json:
    """Return the description for whoever acts now: a partner's knows of no field that is kept from partners."""
    found: Json = SchemaGenerator(urlconf="prm.api.urls", api_version=VERSION).get_schema(public=True)
    found["info"] = {"title": title, "version": VERSION, "description": _about()}
    found["servers"] = [{"url": server}]
    return found


def _about() -> str:
    return _(
        "Send your key as a bearer token. Lists come in pages: follow `next` until it is null. What changes something "
        "needs an Idempotency-Key, under which it happens once; to change a record, send its ETag as If-Match."
    )


class Description(AutoSchema):
    """One address: what it takes and answers."""

    @property
    def resource(self) -> Resource:
        return self.view.resource  # type: ignore[no-any-return]

    @property
    def is_list(self) -> bool:
        return "{" not in self.path

    def get_tags(self) -> list[str]:
        return [str(self.resource.label)]

    @property
    def act(self) -> Act | None:
        return getattr(self.view, "act", None)

    def get_operation_id(self) -> str:
        if self.act:
            return f"{self.act.name}_{self.resource.name}".replace("-", "_")
        verb = {"GET": "list" if self.is_list else "read", "POST": "add", "PATCH": "change"}[self.method]
        return f"{verb}_{self.resource.name.replace('-', '_')}"

    def get_summary(self) -> str:
        if self.act:
            return f"{self.act.label} ({self.resource.area}:write)"
        what = {"GET": _("List") if self.is_list else _("Read one"), "POST": _("Add"), "PATCH": _("Change")}
        return f"{what[self.method]} ({self.resource.area}:{'read' if self.method == 'GET' else 'write'})"

    def get_description(self) -> str:
        return str(self.resource.about)

    def get_request_serializer(self) -> Any:
        if self.act:
            return {JSON_TYPE: form_schema(self.act.form, {})}
        asked = self.resource.new if self.method == "POST" else self.resource.changed
        parts = self.resource.parts if self.method == "POST" else {}
        lists = self.resource.lists if self.method == "POST" else {}
        schema: Json = form_schema(asked, parts, lists) if asked else {"type": "object", "properties": {}}
        if self.resource.kind and (self.method == "POST" or self.resource.custom_kind):
            schema["properties"]["custom"] = custom_schema(self.resource.kind)
        if self.method == "PATCH":
            schema.pop("required", None)
        return {JSON_TYPE: schema}

    def get_response_serializers(self) -> Any:
        body = self.resource.body
        if self.method == "GET" and self.is_list:
            found: dict[Any, Any] = {("200", JSON_TYPE): page_of(body)}
        elif self.method == "POST" and not self.act:
            made = self.resource.made or body
            found = {("201", JSON_TYPE): made, ("200", JSON_TYPE): made}
        else:
            found = {("200", JSON_TYPE): body}
        return found | {(code, PROBLEM_TYPE): self._problem() for code in self._refusals()}

    def _refusals(self) -> list[str]:
        found = ["401", "403", "429"] + ([] if self.is_list else ["404"])
        if self.method == "GET":
            return found + (["422"] if self.is_list else [])
        return [*found, "400", "409", "422"] + (["412", "428"] if self.method == "PATCH" else [])

    def _problem(self) -> Json:
        component = ResolvedComponent("Problem", ResolvedComponent.SCHEMA, PROBLEM, object="Problem")
        self.registry.register_on_missing(component)
        return component.ref

    def get_override_parameters(self) -> list[Any]:
        if self.method == "POST":
            return [_header("Idempotency-Key", _("A name of this request, such as a UUID: under it, it happens once."))]
        if self.method == "PATCH":
            return [_header("If-Match", _("The ETag of what you have read."))]
        return list_parameters(self.resource) if self.is_list else []

    def _get_filter_parameters(self) -> list[Json]:
        return []

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = "prm.api.endpoints.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> Json:
        return {"type": "http", "scheme": "bearer"}


class CustomFieldSchema(OpenApiSerializerFieldExtension):
    target_class = CustomField

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> Json:
        return custom_schema(self.target.kind)


class MoneySchema(OpenApiSerializerFieldExtension):
    target_class = MoneyField

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> Json:
        return {**MONEY, "type": ["object", "null"]}


def page_of(body: type[serializers.BaseSerializer]) -> type[serializers.Serializer]:
    """Return a page of a list of such records."""
    name = f"{body.__name__.removesuffix('Body')}PageBody"
    facts = {"items": body(many=True), "next": serializers.URLField(allow_null=True)}
    return type(name, (serializers.Serializer,), facts)


def _header(name: str, text: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=True, description=text)


def list_parameters(resource: Resource) -> list[OpenApiParameter]:
    """Return what a list can be narrowed and ordered by."""
    found = [
        OpenApiParameter(name, field_schema(field), description=str(field.label or ""), many=False)
        for name, field in resource.listing.filters().fields.items()
    ]
    sorts = [word for name in resource.listing.sorts for word in (name, f"-{name}")]
    if sorts:
        found.append(OpenApiParameter(SORT, {"type": "string", "enum": sorts}, description=_("Order")))
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
    found.append(OpenApiParameter(LIMIT, limit, description=_("Records on a page")))
    found.append(OpenApiParameter(AFTER, str, description=_("Where a page starts: taken from `next`")))
    return found


def form_schema(form: type[forms.Form], parts: Parts, lists: Lists = MappingProxyType({})) -> Json:
    """Return what a form reads, as `reading` takes it."""
    fields = form.base_fields  # type: ignore[attr-defined]
    found = _properties({name: fields[name] for name in fields if not any(name in names for names in parts.values())})
    for part, names in parts.items():
        found["properties"][part] = _properties({name: fields[name] for name in names if name in fields})
        found.setdefault("required", []).append(part)
    for name, row in lists.items():
        items = _properties(row.base_fields)  # type: ignore[attr-defined]
        found["properties"][name] = {"type": "array", "maxItems": MOST_ROWS, "items": items}
    return found


def _properties(fields: Mapping[str, forms.Field]) -> Json:
    told = {name: field for name, field in fields.items() if not isinstance(field.widget, forms.HiddenInput)}
    found: Json = {"type": "object", "properties": {name: field_schema(field) for name, field in told.items()}}
    required = [name for name, field in told.items() if field.required]
    return found | ({"required": required} if required else {})


def field_schema(field: forms.Field) -> Json:
    """Return what one field of a form takes."""
    found: Json = {"description": ". ".join(str(text) for text in (field.label, field.help_text) if text)}
    if isinstance(field, MoneyInput):
        return found | MONEY
    if isinstance(field, SEVERAL):
        return found | {"type": "array", "items": _choice(field)}
    if isinstance(field, OfferedField | forms.UUIDField):
        return found | {"type": "string", "format": "uuid"}
    if isinstance(field, forms.ChoiceField):
        return found | _choice(field)
    if isinstance(field, forms.BooleanField):
        return found | {"type": "boolean"}
    if isinstance(field, forms.IntegerField):
        return found | {"type": "integer"}
    if isinstance(field, forms.DateField):
        return found | {"type": "string", "format": "date"}
    longest = getattr(field, "max_length", None)
    return found | {"type": "string"} | ({"maxLength": longest} if longest else {})


def _choice(field: forms.Field) -> Json:
    if isinstance(field, forms.ModelChoiceField):
        return {"type": "string"}
    codes = [str(code) for code, _label in getattr(field, "choices", ()) if code != ""]
    return {"type": "string", "enum": codes} if 0 < len(codes) <= 40 else {"type": "string"}


def custom_schema(kind: str) -> Json:
    """Return the vendor's own fields of a kind of record."""
    for_vendor = not context.current().is_partner
    told = [each for each in custom_fields.definitions_of(kind) if for_vendor or not each.is_internal]
    properties = {each.key: definition_schema(each) for each in told}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def definition_schema(definition: Definition) -> Json:
    """Return what one of the vendor's own fields takes."""
    found: Json = {**TYPES[definition.type]}
    words = [definition.label, definition.help, *(f"{each.key}: {each.label}" for each in definition.options)]
    found["description"] = "\n".join(word for word in words if word)
    if definition.type == FieldType.CHOICE:
        found["enum"] = [each.key for each in definition.options]
    if definition.type == FieldType.CHOICES:
        found["items"] = {"type": "string", "enum": [each.key for each in definition.options]}
    if definition.is_retired:
        found["deprecated"] = True
    return found


def all_resources() -> list[Resource]:
    """Return the resources by area and name."""
    return sorted(RESOURCES.values(), key=lambda each: (each.area, each.name))
