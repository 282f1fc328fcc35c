"""Counting what somebody without a login does from one address, so that a public page is no way to fish or to flood."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest


class TooMany(Exception):
    """Asked more often than a person needs to."""


def count(request: HttpRequest, what: str, *, most: int, seconds: int) -> None:
    """Count one request for something at this vendor; raises `TooMany` beyond `most` in so many seconds."""
    key = f"limit:{what}:{request.vendor.pk}:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, timeout=seconds)
    try:
        number = cache.incr(key)
    except ValueError:  # it ran out between the two calls
        number = 1
    if number > most:
        raise TooMany
