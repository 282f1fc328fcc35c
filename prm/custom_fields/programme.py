"""Custom fields in the file of a vendor's programme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.custom_fields import services
from prm.custom_fields.definitions import KEY, WITH_OPTIONS, Definition, FieldType, options_from
from prm.custom_fields.kinds import KINDS, Kind, all_kinds
from prm.custom_fields.models import CustomField
from prm.policies import explanations
from prm.policies.values import Path
from prm.programme.references import names_by_id, replaced
from prm.programme.sections import Taking, section

TEXTS = {"label": 120, "help": 300, "section": 80}
FLAGS = ("is_internal", "is_required", "is_retired")
CONDITIONS = ("shown_when", "required_when")
NAMES = ("key", "type", *TEXTS, *FLAGS, *CONDITIONS, "options")
OPTION = ("key", "label", "is_offered")


def written(on: date) -> dict[str, list[dict[str, Any]]]:
    """Return the fields by the kind of their records; what is usual is left out."""
    names = names_by_id()
    found: dict[str, list[dict[str, Any]]] = {kind.key: [] for kind in all_kinds()}
    for row in CustomField.objects.order_by("position", "id"):
        found.setdefault(row.kind, []).append(_body(row.definition, names))
    return {kind: rows for kind, rows in found.items() if rows}


def _body(definition: Definition, names: Mapping[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {"key": definition.key, "label": definition.label, "type": definition.type.value}
    body |= {name: getattr(definition, name) for name in ("help", "section", *FLAGS) if getattr(definition, name)}
    for name in CONDITIONS:
        if getattr(definition, name) is not None:
            body[name] = replaced(getattr(definition, name), names)
    if definition.options:
        body["options"] = [option.body() for option in definition.options]
    return body


def take(wanted: Any, path: Path, taking: Taking) -> None:
    """Add and change fields; what the file does not name stays. Conditions come last: they may be about any field."""
    if not taking.is_mapping(wanted, path, tuple(KINDS)):
        return
    ids = {name: pk for pk, name in names_by_id().items()}
    for kind in all_kinds():  # partners come first: fields of their records can depend on theirs
        place = (*path, kind.key)
        if kind.key in wanted and taking.is_list(wanted[kind.key], place):
            _take_kind(kind, replaced(wanted[kind.key], ids), place, taking)


def _take_kind(kind: Kind, listed: list[Any], path: Path, taking: Taking) -> None:
    read: dict[str, tuple[Path, Definition]] = {}
    for number, body in enumerate(listed):
        place = (*path, number)
        definition = _definition(body, place, taking)
        if definition and definition.key in read:
            taking.refuse((*place, "key"), _("“%(key)s” is here twice.") % {"key": definition.key})
        elif definition:
            read[definition.key] = place, definition
    if taking.problems:
        return
    rows = {row.key: row for row in CustomField.objects.filter(kind=kind.key)}
    for has_conditions in (False, True):
        for place, definition in read.values():
            plain = definition if has_conditions else replace(definition, shown_when=None, required_when=None)
            if has_conditions or definition.key not in rows:
                taking.attempt(place, lambda: _save(kind, rows, plain, place, taking))  # noqa: B023
    if not taking.problems:
        kept = CustomField.objects.filter(kind=kind.key).order_by("position", "id").values_list("key", flat=True)
        if [key for key in kept if key in read] != list(read):
            services.arrange(kind, read)


def _save(kind: Kind, rows: dict[str, CustomField], definition: Definition, path: Path, taking: Taking) -> None:
    who: dict[str, Any] = {"by": taking.by, "at": taking.at}
    try:
        row = rows.get(definition.key)
        row = services.add(kind, definition, **who) if row is None else services.change(row, definition, **who)
        rows[row.key] = (services.retire if definition.is_retired else services.bring_back)(row, **who)
    except services.ConditionUnfit as unfit:
        for problem in unfit.problems:
            taking.refuse((*path, *problem.path), explanations.problem(problem))


def _definition(body: Any, path: Path, taking: Taking) -> Definition | None:
    before = len(taking.problems)
    if not taking.is_mapping(body, path, NAMES):
        return None
    if not (isinstance(body.get("key"), str) and KEY.fullmatch(body["key"])):
        taking.refuse(
            (*path, "key"), _("A key begins with a small letter and has only a to z, digits and underscores.")
        )
    taking.is_known(body.get("type"), FieldType.values, (*path, "type"))
    for name, longest in TEXTS.items():
        text = body.get(name, "")
        if not isinstance(text, str) or len(text) > longest or (name == "label" and not text.strip()):
            taking.refuse(
                (*path, name), _("A text of at most %(most)s characters is expected here.") % {"most": longest}
            )
    for name in FLAGS:
        if not isinstance(body.get(name, False), bool):
            taking.refuse((*path, name), _("Choose yes or no."))
    options = body.get("options", [])
    if taking.is_list(options, (*path, "options")):
        for number, option in enumerate(options):
            _check_option(option, (*path, "options", number), taking)
    if len(taking.problems) > before:
        return None
    if body["type"] not in WITH_OPTIONS and options:
        taking.refuse((*path, "options"), _("Only fields that are chosen from have choices."))
        return None
    facts = {name: body[name] for name in (*TEXTS, *FLAGS, *CONDITIONS) if name in body}
    return Definition(body["key"], type=FieldType(body["type"]), options=options_from(options), **facts)


def _check_option(option: Any, path: Path, taking: Taking) -> None:
    if not taking.is_mapping(option, path, OPTION):
        return
    if not (isinstance(option.get("key"), str) and KEY.fullmatch(option["key"])):
        taking.refuse(
            (*path, "key"), _("A key begins with a small letter and has only a to z, digits and underscores.")
        )
    if not isinstance(option.get("label"), str) or not 0 < len(option["label"].strip()) <= TEXTS["label"]:
        taking.refuse((*path, "label"), _("A text of at most %(most)s characters is expected here.") % {"most": 120})
    if not isinstance(option.get("is_offered", True), bool):
        taking.refuse((*path, "is_offered"), _("Choose yes or no."))


section("custom_fields", gettext_lazy("Custom fields"), order=60, written=written, take=take)
