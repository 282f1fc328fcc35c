import time
from collections.abc import Callable

from prm.operations.errors import CannotRun


def succeeds(ready: Callable[[], bool], *, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def wait_for(ready: Callable[[], bool], *, what: str, seconds: float) -> None:
    """Raises `CannotRun` when it is not ready in time."""
    if not succeeds(ready, seconds=seconds):
        raise CannotRun(f"{what} was not ready after {seconds:.0f} seconds.")
