"""What happened to a vendor's programme as a whole."""

from dataclasses import dataclass

from prm.events.facts import Fact


@dataclass(frozen=True)
class ProgrammeTaken(Fact):
    """A file was taken over; `sections` are the parts that it changed."""

    changes: int
    sections: tuple[str, ...]
