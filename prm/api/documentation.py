"""The description of the API, arranged for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from prm.api.describing import JSON_TYPE, all_resources

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Property:
    """A field of a body, or a parameter."""

    name: str
    type: str
    about: str
    is_required: bool = False


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    summary: str
    parameters: list[Property]
    sent: list[Property]


@dataclass(frozen=True)
class Section:
    """A resource: what can be asked, and what a record looks like."""

    name: str
    label: str
    about: str
    operations: list[Operation]
    told: list[Property]


def sections(schema: Json) -> list[Section]:
    """Return the resources with their operations, by area."""
    return [_section(schema, each.name, str(each.label), str(each.about)) for each in all_resources()]


def server_of(schema: Json) -> str:
    """Return where the API is."""
    return f"{schema['servers'][0]['url']}/api/v1"


def example(server: str, secret: str) -> str:
    """Return a first request as one types it."""
    name = all_resources()[0].name
    return f'curl -H "Authorization: Bearer {secret}" {server}/{name}?limit=10'


def _section(schema: Json, name: str, label: str, about: str) -> Section:
    root = f"/api/v1/{name}"
    paths = [(path, found) for path, found in schema["paths"].items() if f"{path}/".startswith(f"{root}/")]
    operations = [
        Operation(method.upper(), path, told["summary"].partition(" (")[0], _parameters(told), _sent(schema, told))
        for path, methods in sorted(paths)
        for method, told in methods.items()
    ]
    one = schema["paths"][f"{root}/{{id}}"]["get"]["responses"]["200"]["content"][JSON_TYPE]["schema"]
    return Section(name, label, about, operations, list(_properties(schema, one)))


def _parameters(operation: Json) -> list[Property]:
    return [
        Property(each["name"], _type({}, each["schema"]), each.get("description", ""), each.get("required", False))
        for each in operation.get("parameters", ())
        if each["in"] != "path"
    ]


def _sent(schema: Json, operation: Json) -> list[Property]:
    body = operation.get("requestBody")
    return list(_properties(schema, body["content"][JSON_TYPE]["schema"])) if body else []


def _properties(schema: Json, found: Json, prefix: str = "", depth: int = 0) -> Iterator[Property]:
    found = _resolved(schema, found)
    required = found.get("required", ())
    for name, each in found.get("properties", {}).items():
        inner = _resolved(schema, each)
        item = _resolved(schema, inner.get("items", {}))
        about = each.get("description") or inner.get("description", "")
        yield Property(prefix + name, _type(schema, each), about, name in required)
        if depth < 2 and set(inner.get("properties", ())) - {"amount", "currency"}:
            yield from _properties(schema, inner, f"{prefix}{name}.", depth + 1)
        elif depth < 2 and item.get("properties"):
            yield from _properties(schema, item, f"{prefix}{name}[].", depth + 1)


def _resolved(schema: Json, found: Json) -> Json:
    for way in ("allOf", "oneOf", "anyOf"):
        if way in found:
            return _resolved(schema, found[way][0])
    if "$ref" in found and schema:
        return schema["components"]["schemas"][found["$ref"].rpartition("/")[2]]  # type: ignore[no-any-return]
    return found


def _type(schema: Json, found: Json) -> str:
    """Return the kind of a value in words."""
    found = _resolved(schema, found)
    kinds = found.get("type", "")
    kind = next((each for each in kinds if each != "null"), "") if isinstance(kinds, list) else kinds
    if set(found.get("properties", ())) == {"amount", "currency"}:
        return _("money")
    if "enum" in found:
        values = [str(value) for value in found["enum"] if value not in (None, "")]
        return " | ".join(values) if len(values) <= 12 else _("one of %(n)s codes") % {"n": len(values)}
    words = {"date": _("date"), "date-time": _("date and time"), "uuid": _("id"), "email": _("e-mail address")}
    words |= {"uri": _("web address")}
    if found.get("format") in words:
        return words[found["format"]]
    if kind == "array":
        return _("list of %(kind)s") % {"kind": _type(schema, found.get("items", {}))}
    names = {"string": _("text"), "integer": _("whole number"), "number": _("number"), "boolean": _("true or false")}
    return names.get(kind, _("object"))
