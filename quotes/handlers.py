"""What this app does when something happened elsewhere, and who is told of what happens here."""

from prm.accounts.vendors import at_opening
from quotes.services import vendors

at_opening(vendors.prepare)
