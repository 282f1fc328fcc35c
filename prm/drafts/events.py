"""What becomes of drafts that nobody was sent; the event is about the record."""

from prm.events.facts import Fact


class DraftDiscarded(Fact):
    pass


class DraftRestored(Fact):
    pass
