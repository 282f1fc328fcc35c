"""The base of all events, and the table from an event's name to its class.

An event is a frozen dataclass of ids and codes in the past tense. Its stored name is the app, the
subject and the verb: `RegistrationApproved` in `deals` is `deals.registration.approved`.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, ClassVar
from uuid import UUID

FACTS: dict[str, type[Fact]] = {}
_LAST_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Fact:
    """Something that happened; subclasses add what handlers need to know."""

    name: ClassVar[str] = ""
    is_undoable: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        app = cls.__module__.split(".")[0]
        *subject, verb = _LAST_WORD.split(cls.__name__)
        cls.name = ".".join([app, "_".join(subject).lower(), verb.lower()])
        FACTS[cls.name] = cls

    def payload(self) -> dict[str, Any]:
        """Return the fact as JSON: ids as text."""
        return {key: str(value) if isinstance(value, UUID) else value for key, value in asdict(self).items()}
