"""What programs may read and change of deals."""

from deals.api import customers, directs, registrations, touches

__all__ = ["customers", "directs", "registrations", "touches"]
