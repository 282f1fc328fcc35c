"""Logs: one line per event, readable on a terminal and JSON elsewhere."""

import re
import sys
from typing import Any

import structlog

# What a link proves is nobody's business who reads logs.
_SECRET = re.compile(r"(/invitations/|/password/reset/key/|/offers/|/become-a-partner/(?:join/|status/)?)[^/\s'\"]+")


def _without_secrets(logger: Any, method: str, event: Any) -> Any:
    """Blank the secrets of links that were mailed in whatever a line quotes."""
    return {key: _SECRET.sub(r"\1***", value) if isinstance(value, str) else value for key, value in event.items()}


_shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.ExtraAdder(),
]
renderer = structlog.dev.ConsoleRenderer(colors=False) if sys.stderr.isatty() else structlog.processors.JSONRenderer()


def configure() -> None:
    """Send structlog's events through the standard library's handlers."""
    structlog.configure(
        processors=[
            *_shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def formatter() -> structlog.stdlib.ProcessorFormatter:
    """Return the formatter for lines of the standard library and of structlog alike."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _without_secrets,
            renderer,
        ],
    )
