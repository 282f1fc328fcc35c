"""What quotes and orders add to the first page of a portal. Importing it declares everything."""

from quotes.views.home import months, partner_queue, vendor_queue  # noqa: F401
