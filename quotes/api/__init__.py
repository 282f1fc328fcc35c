"""What programs may read of quotes."""

from quotes.api import quotes

__all__ = ["quotes"]
