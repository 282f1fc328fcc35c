"""Counting what comes from one address, or by one key, so that nothing here is a way to fish or to flood."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.http import HttpRequest


class TooMany(Exception):
    """Asked more often than a person needs to."""


def count(request: HttpRequest, what: str, *, most: int, seconds: int, who: str = "") -> None:
    """Count one request for something at this vendor; raises `TooMany` beyond `most` in so many seconds.

    Without a `who` it is counted by the address it comes from.
    """
    span = int(time.time() // seconds)  # the cache forgets the time a counter had left when it counts on
    key = f"limit:{what}:{request.vendor.pk}:{who or request.META.get('REMOTE_ADDR', '')}:{span}"
    cache.add(key, 0, timeout=seconds)
    try:
        number = cache.incr(key)
    except ValueError:  # it ran out between the two calls
        number = 1
    if number > most:
        raise TooMany
