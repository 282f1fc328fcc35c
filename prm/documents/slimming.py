"""Takes out of a PDF what nobody sees or hears.

WeasyPrint writes each coordinate to a millionth of a point, each letter of a text by itself, and a tag of its own
around each line of text. For a long table that is a third of the file.

What is left says the same: tables, rows, cells and headings stay tagged, and the text is read in the same order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

SAYS_NOTHING = ("/NonStruct", "/Span")  # without a language or another text, these tags only hold others
PLAIN = {"Type", "S", "K", "Pg", "P"}
NUMBER = re.compile(rb"-?\d+\.\d{3,}")
SPACING = re.compile(rb">(-?[\d.]+)<>(-?[\d.]+)")  # two movements with no letter between them
NO_SPACING = re.compile(rb">0?<")
REFERENCE = re.compile(rb"(\d+) 0 R")


def slim(_document: Any, pdf: Any) -> None:
    """Make a PDF smaller before it is written. A finisher of WeasyPrint's `write_pdf`."""
    for number in pdf.pages["Kids"][::3]:
        stream = pdf.objects[_number(pdf.objects[number]["Contents"])]
        stream.stream = [_shorter(part) if isinstance(part, bytes) else part for part in stream.stream]
    _untag(pdf)


def _shorter(operation: bytes) -> bytes:
    """Return an operation with hundredths of a point, and texts without the gaps that move nothing."""
    if operation.endswith(b"TJ"):
        operation = SPACING.sub(lambda found: b">%d" % round(float(found[1]) + float(found[2])), operation)
        return NO_SPACING.sub(b"", operation.replace(b">0]", b">]"))
    if operation.endswith(b"cm"):
        return operation  # it multiplies what comes after it
    digits = 3 if operation.endswith((b"rg", b"RG")) else 2  # so that no color changes
    return NUMBER.sub(lambda found: _written(float(found[0]), digits), operation)


def _written(number: float, digits: int) -> bytes:
    return f"{number:.{digits}f}".rstrip("0").rstrip(".").encode()


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _untag(pdf: Any) -> None:
    """Hand what a tag that says nothing holds to the tag around it."""
    if "StructTreeRoot" not in pdf.catalog:
        return
    heirs: dict[bytes, bytes] = {}
    for element in reversed(pdf.objects):  # the inner ones come after the outer ones
        parent = _parent_of(element, pdf)
        if parent is None:
            continue
        at = parent["K"].index(element.reference)
        parent["K"][at : at + 1] = element["K"]
        for kid in element["K"]:
            if isinstance(kid, bytes) and "P" in (held := pdf.objects[_number(kid)]):
                held["P"] = parent.reference
        heirs[element.reference] = parent.reference
    tree = pdf.objects[_number(pdf.objects[_number(pdf.catalog["StructTreeRoot"])]["ParentTree"])]
    _each_reference(tree["Nums"], lambda reference: _heir(reference, heirs))
    _remove(pdf, set(map(_number, heirs)))


def _parent_of(element: Any, pdf: Any) -> Any:
    """Return the tag around one that says nothing, where that can take its place."""
    entries: Any = element if isinstance(element, dict) else {}
    if set(entries) != PLAIN or entries["S"] not in SAYS_NOTHING:
        return None
    parent = pdf.objects[_number(entries["P"])]
    is_on_its_page = parent.get("Pg") == entries["Pg"]
    return parent if is_on_its_page and element.reference in parent["K"] else None


def _heir(reference: bytes, heirs: dict[bytes, bytes]) -> bytes:
    while reference in heirs:
        reference = heirs[reference]
    return reference


def _remove(pdf: Any, numbers: set[int]) -> None:
    """Take objects out and count the others anew."""
    pdf.objects = [each for each in pdf.objects if each.number not in numbers]
    new = {each.number: number for number, each in enumerate(pdf.objects)}
    pdf.pages["Kids"][::3] = [new[number] for number in pdf.pages["Kids"][::3]]
    for each in pdf.objects:
        each.number = new[each.number]
    for each in [*pdf.objects, pdf.info]:
        _each_reference(getattr(each, "extra", each), lambda found: b"%d 0 R" % new[_number(found)])


def _each_reference(value: Any, change: Callable[[bytes], bytes]) -> None:
    """Change all references that a dictionary or a list holds, however deep."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in list(parts):
        if isinstance(part, bytes):
            value[key] = REFERENCE.sub(lambda found: change(found[0]), part)
        else:
            _each_reference(part, change)
