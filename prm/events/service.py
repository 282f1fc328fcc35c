"""The door of a use case: one transaction, tried again when the database asks for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, transaction

P = ParamSpec("P")
R = TypeVar("R")
RETRIABLE = {"40001", "40P01"}  # serialization_failure, deadlock_detected
TRIES = 3


def service(function: Callable[P, R]) -> Callable[P, R]:
    """Run the use case in a transaction; after a deadlock, roll it back and try again, three times in all."""

    @wraps(function)
    def in_one_transaction(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, TRIES + 1):
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except OperationalError as error:
                code = getattr(error.__cause__, "pgcode", None)
                if code not in RETRIABLE or attempt == TRIES:
                    raise
                time.sleep(0.05 * attempt)
        raise AssertionError("unreachable")

    return in_one_transaction
