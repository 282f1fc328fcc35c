"""How every state of the product looks: one table, so that a tone means the same everywhere.

A tone is empty (nothing to do), `info` (waits for the vendor), `warn` (waits for the partner, or soon
lost), `ok` (good) or `bad` (refused or blocked, always shown with its reason).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class State:
    """The tone, icon and words of a state."""

    tone: str
    icon: str
    label: str | Promise


class UnknownState(Exception):
    """This code has no row in `STATES`."""


STATES = {
    # not sent yet; no protection yet
    "draft": State("", "file", _("Draft")),
    "none": State("", "file", _("None")),
    "not_required": State("", "file", _("Not required")),
    "missing": State("", "help", _("Nothing known")),
    "unplaced": State("", "file", _("In no tier")),
    "new": State("", "file", _("New")),
    "prospect": State("", "file", _("Prospect")),
    # waiting for the vendor, or for a machine
    "submitted": State("info", "clock", _("Submitted")),
    "in_review": State("info", "clock", _("In review")),
    "pending": State("info", "clock", _("Pending")),
    "pending_approval": State("info", "clock", _("Waiting for approval")),
    "waiting": State("info", "clock", _("Waiting")),
    "requested": State("info", "clock", _("Requested")),
    "acknowledged": State("info", "check", _("Acknowledged")),
    "part_shipped": State("info", "next", _("Partly shipped")),
    "scheduled": State("info", "clock", _("Scheduled")),
    "open": State("info", "clock", pgettext_lazy("state", "Open")),
    "part_paid": State("info", "clock", _("Partly paid")),
    "exported": State("info", "clock", _("At the bank")),
    "offered": State("info", "clock", _("Offered")),
    "invited": State("info", "clock", _("Invited")),
    "applied": State("info", "clock", _("Applied")),
    "sent": State("info", "clock", _("Sent")),
    "queued": State("info", "clock", _("Queued")),
    "onboarding": State("info", "clock", _("Onboarding")),
    "running": State("info", "clock", _("Running")),
    "processing": State("info", "clock", _("Processing")),
    "decided": State("ok", "check", _("Decided")),
    "final": State("", "check", _("Final")),
    "evidence_requested": State("warn", "returned", _("Evidence asked")),
    "next_in_line": State("info", "bell", _("Next in line")),
    "awarded": State("ok", "check", _("Awarded")),
    "shared": State("ok", "team", _("Co-seller")),
    "second": State("ok", "team", _("Second partner")),
    "part": State("ok", "check", _("Awarded in part")),
    "kept": State("ok", "check", _("Kept")),
    "refused": State("bad", "stop", _("Refused")),
    "left": State("", "x", _("Left")),
    "apart": State("ok", "check", _("No conflict")),
    "appealed": State("info", "clock", _("Appealed")),
    "proposed": State("info", "clock", _("Proposed")),
    "held": State("info", "clock", _("Kept by exception")),
    # waiting for the partner, or soon lost
    "info_requested": State("warn", "returned", _("Information asked")),
    "information_asked": State("warn", "returned", _("Information asked")),
    "returned": State("warn", "returned", _("Returned")),
    "expiring": State("warn", "warn", _("Expiring")),
    "warned": State("warn", "warn", _("Warned")),
    "at_risk": State("warn", "warn", _("At risk")),
    "may_conflict": State("warn", "warn", _("May conflict")),
    "contested": State("warn", "warn", _("Contested")),
    "stale": State("warn", "warn", _("Stale")),
    "grace": State("warn", "warn", _("In grace")),
    "paused": State("warn", "pause", _("Paused")),
    "retrying": State("warn", "warn", _("Retrying")),
    # good
    "approved": State("ok", "check", _("Approved")),
    "active": State("ok", "check", _("Active")),
    "protected": State("ok", "check", _("Protected")),
    "met": State("ok", "check", _("Met")),
    "waived": State("ok", "check", _("Waived")),
    "safe": State("ok", "check", _("Secure")),
    "issued": State("ok", "check", _("Issued")),
    "accepted": State("ok", "check", _("Accepted")),
    "paid": State("ok", "check", _("Paid")),
    "won": State("ok", "check", _("Won")),
    "converted": State("ok", "check", _("Converted")),
    "free": State("ok", "check", _("Free")),
    "signed": State("ok", "check", _("Signed")),
    "verified": State("ok", "check", _("Verified")),
    "published": State("ok", "check", _("Published")),
    "delivered": State("ok", "check", _("Delivered")),
    "done": State("ok", "check", _("Done")),
    "completed": State("ok", "check", _("Completed")),
    "clean": State("ok", "check", _("Checked")),
    "fulfilled": State("ok", "check", _("Fulfilled")),
    "overturned": State("ok", "dispute", _("Decision overturned")),
    # refused or blocked
    "rejected": State("bad", "stop", _("Rejected")),
    "taken": State("bad", "stop", _("Taken")),
    "unmet": State("bad", "stop", _("Unmet")),
    "over_budget": State("bad", "stop", _("Over budget")),
    "clawed_back": State("bad", "stop", _("Clawed back")),
    "revoked": State("bad", "stop", _("Revoked")),
    "late": State("bad", "stop", _("Late")),
    "suspended": State("bad", "stop", _("Suspended")),
    "blocked": State("bad", "stop", _("Blocked")),
    "failed": State("bad", "stop", _("Failed")),
    "infected": State("bad", "stop", _("Infected")),
    # ended without a decision
    "upheld": State("", "dispute", _("Decision upheld")),
    "expired": State("", "clock", _("Expired")),
    "lapsed": State("", "clock", _("Lapsed")),
    "terminated": State("", "x", _("Terminated")),
    "withdrawn": State("", "x", _("Withdrawn")),
    "recalled": State("", "undo", _("Recalled")),
    "dropped": State("", "x", _("No longer needed")),
    "cancelled": State("", "x", _("Cancelled")),
    "declined": State("", "x", _("Declined")),
    "released": State("", "x", _("Released")),
    "lost": State("", "x", _("Lost")),
    "merged": State("", "x", _("Merged")),
    "closed": State("", "x", _("Closed")),
    "ended": State("", "x", _("Ended")),
    "inactive": State("", "x", _("Inactive")),
    "skipped": State("", "x", _("Not needed")),
    "superseded": State("", "history", _("Superseded")),
    "retired": State("", "history", _("Retired")),
    "archived": State("", "archive", _("Archived")),
}


def state_of(code: str) -> State:
    """The look of a status code, as stored or as an enum member."""
    try:
        return STATES[str(code).lower().replace("-", "_")]
    except KeyError:
        raise UnknownState(f"There is no state {str(code)!r}; add it to prm/ui/states.py.") from None
