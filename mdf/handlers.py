"""What a new vendor starts with, and who is told of what happens to marketing funds (the words are templates)."""

from mdf.services import vendors
from prm.accounts.vendors import at_opening

at_opening(vendors.prepare)
