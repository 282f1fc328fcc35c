"""What programs may read of marketing funds."""

from mdf.api import claims, requests

__all__ = ["claims", "requests"]
