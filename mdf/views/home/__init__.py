"""What marketing funds add to the first page of a portal."""

from mdf.views.home import figures, parts, queue, setup, spread  # noqa: F401
