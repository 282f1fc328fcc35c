"""What deals add to the first page of a portal. Importing it declares everything."""

from deals.views.home import figures, partner_queue, parts, vendor_queue  # noqa: F401
