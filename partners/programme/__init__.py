"""What this app has in the file of a vendor's programme."""

from partners.programme import agreements, certifications, checklists, program  # noqa: F401
