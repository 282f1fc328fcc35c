"""YAML as this portal reads and writes it: plain data by the core schema of YAML 1.2, and the line of every place.

What another program may take for a date or a yes stays the text that was written: `NO` is Norway, `12.50` keeps its
zero and `0123` its own. Anchors, references and types of their own are refused, because they let a small file become a
huge one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from prm.policies.values import Path

LARGEST = 2_000_000  # characters
DEEPEST = 40
MOST_NODES = 200_000

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")  # what is written as `str` writes it: 0123 may be the number of a firm
_PLAIN: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}

Lines = dict[Path, int]


class Unreadable(ValueError):
    """A text that is no YAML as this portal reads it; `code` chooses the sentence, `line` counts from 1."""

    def __init__(self, code: str, line: int | None = None, **facts: Any) -> None:
        super().__init__(f"line {line}: {code}")
        self.code, self.line, self.facts = code, line, facts


def read(text: str) -> tuple[Any, Lines]:
    """Return the data of a text, and on which line each place in it begins; raises `Unreadable`."""
    if len(text) > LARGEST:
        raise Unreadable("large", most=LARGEST // 1_000_000)
    try:
        return _Reader().read(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable("syntax", mark.line + 1 if mark else None) from None
    except yaml.YAMLError:  # a character that no text has
        raise Unreadable("character") from None


class _Reader:
    """Puts events together without calling itself, so that no text is too deep for it."""

    def __init__(self) -> None:
        self.lines: Lines = {}
        self.root: list[Any] = []
        self.open: list[tuple[Any, Path]] = [(self.root, ())]
        self.keys: list[tuple[str, int] | None] = [None]  # of each open mapping, the one that waits for its value
        self.nodes = 0

    def read(self, events: Iterator[Any]) -> tuple[Any, Lines]:
        for event in events:
            line = event.start_mark.line + 1
            if getattr(event, "anchor", None):
                raise Unreadable("anchor", line)
            if isinstance(event, yaml.DocumentStartEvent) and self.root:
                raise Unreadable("several", line)
            if isinstance(event, yaml.ScalarEvent):
                self._put(self._scalar(event, line), line)
            elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
                self._open(event, line)
            elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
                self.open.pop()
                self.keys.pop()
        return (self.root[0] if self.root else None), self.lines

    def _open(self, event: Any, line: int) -> None:
        if event.tag:
            raise Unreadable("tag", line)
        made: Any = [] if isinstance(event, yaml.SequenceStartEvent) else {}
        path = self._put(made, line)
        self.open.append((made, path))
        self.keys.append(None)
        if len(self.open) > DEEPEST:
            raise Unreadable("deep", line, most=DEEPEST)

    def _scalar(self, event: Any, line: int) -> Any:
        if event.tag:
            raise Unreadable("tag", line)
        if event.style:  # quoted
            return event.value
        if event.value in _PLAIN:
            return _PLAIN[event.value]
        return int(event.value) if _WHOLE.fullmatch(event.value) else event.value

    def _put(self, value: Any, line: int) -> Path:
        """Put a value where it belongs and return its path; a key waits for what comes next."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise Unreadable("many", line, most=MOST_NODES)
        holder, path = self.open[-1]
        if isinstance(holder, list):
            place = (*path, len(holder)) if holder is not self.root else ()
            holder.append(value)
        elif self.keys[-1] is None:
            if not isinstance(value, str | int) or isinstance(value, bool):
                raise Unreadable("key", line)
            if str(value) in holder:
                raise Unreadable("twice", line, key=str(value))
            self.keys[-1] = str(value), line
            return path
        else:
            key, line = self.keys[-1]
            place = (*path, key)
            holder[key] = value
            self.keys[-1] = None
        self.lines[place] = line
        return place


class _Writer(yaml.SafeDumper):
    """Writes every list and mapping out, and texts of several lines as such."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)


def _text(writer: yaml.SafeDumper, text: str) -> yaml.Node:
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Writer.add_representer(str, _text)


def write(data: Any) -> str:
    """Return plain data as a text that `read` makes the same data of."""
    return yaml.dump(data, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=100)
