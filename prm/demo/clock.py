"""Many stories told side by side, each step when its time comes, so that the history is in order.

A story is a generator. It yields the instant at which it goes on; what it then does through the services
happened at that instant. The present cuts every story off where it stands: a deal whose story has not ended
is open, which is why the demo looks alive whenever it is made.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime

Story = Iterator[datetime]


def play(stories: Iterable[Story], *, until: datetime) -> None:
    """Run all stories, always the one whose time comes first, up to the present."""
    waiting: list[tuple[datetime, int, Story]] = []
    for number, story in enumerate(stories):
        _wait(waiting, number, story)
    while waiting and waiting[0][0] <= until:
        now, number, story = heapq.heappop(waiting)
        _wait(waiting, number, story, now)


def _wait(waiting: list[tuple[datetime, int, Story]], number: int, story: Story, now: datetime | None = None) -> None:
    """Let a story go on until the next instant it names, if it names one."""
    for at in story:
        if now and at < now:
            raise ValueError(f"A story goes from {now} back to {at}: {story}")
        heapq.heappush(waiting, (at, number, story))
        return
