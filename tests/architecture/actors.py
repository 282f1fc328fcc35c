"""Who stands on the stage of the who-may-see-what tests, and the names of groups of them."""

from __future__ import annotations

OWN = {"owner", "own_deals", "marketing"}
FIRM = OWN | {"colleague"}
VENDOR = {"admin", "manager", "finance", "executive"}
SEES_DEAL = FIRM - {"own_deals"} | {"above"} | VENDOR  # `own_deals` sees only what it registered itself
SEES_FIRM = FIRM | {"above"} | VENDOR
EVERYBODY = FIRM | VENDOR | {"above", "beside", "sibling", "other"}
ACTORS = sorted(EVERYBODY | {"stranger", "anonymous"})
STRANGERS = ["stranger", "other", "sibling", "beside", "above", "own_deals", "marketing", "owner"]
