"""Looks into the file on standard input and prints what it is; run by `inspection` as a script, without Django."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

SECONDS = 10
MEMORY = 1024 * 1024 * 1024


def main(name: str) -> None:
    """Print media type and pages, or why the file is not taken."""
    for what, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0)):
        with contextlib.suppress(ValueError, OSError):  # macOS knows no limit of memory
            resource.setrlimit(what, (most, most))
    rules = _rules()
    try:
        found = asdict(rules.look_into(name, sys.stdin.buffer))
    except rules.Unfit as refusal:
        found = {"reason": refusal.reason, "facts": refusal.facts}
    except (MemoryError, RecursionError):
        found = {"reason": rules.Reason.TOO_HARD, "facts": {}}
    print(json.dumps(found))


def _rules() -> Any:
    """The package `prm` starts Celery and needs settings, so the module beside this one is loaded alone."""
    spec = importlib.util.spec_from_file_location("rules", Path(__file__).with_name("rules.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["rules"] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main(sys.argv[1])
