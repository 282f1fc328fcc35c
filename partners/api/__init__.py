"""What programs may read and change of partners."""

from partners.api import applications, partners

__all__ = ["applications", "partners"]
