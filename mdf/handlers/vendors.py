"""What a new vendor starts with."""

from mdf.services import vendors
from prm.accounts.vendors import at_opening

at_opening(vendors.prepare)
