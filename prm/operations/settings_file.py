"""`var/settings.env`: what the launcher decided for this installation, read by every other command.

The process environment and `.env` come first. Only what nobody set is decided here.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from prm.operations.places import var, write_private


def path() -> Path:
    return var() / "settings.env"


def read() -> dict[str, str]:
    if not path().exists():
        return {}
    lines = (line.partition("=") for line in path().read_text().splitlines() if not line.startswith("#"))
    return {name: value for name, equals, value in lines if equals}


def write(settings: Mapping[str, str]) -> None:
    head = "# Written by 'manage.py up'. Your own settings belong in .env, which wins."
    write_private(path(), "\n".join([head, *(f"{name}={value}" for name, value in settings.items()), ""]))


def given(name: str) -> str | None:
    """Return what a person set, even if empty; None when the value, if any, is only our own of last time.

    Django's settings copy this file into the environment, so that being there does not tell.
    """
    value = os.environ.get(name)
    return None if value == read().get(name) else value
