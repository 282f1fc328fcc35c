"""Reads what people upload as a workbook, in a process with limits: the cells of the first sheet."""

from __future__ import annotations

import json
import logging
import subprocess
from decimal import Decimal
from typing import BinaryIO

from prm.files import inspection
from prm.files.rules import Reason, Unfit
from prm.files.showing import drawn

logger = logging.getLogger(__name__)


def cells(name: str, content: BinaryIO, *, most_rows: int) -> list[list[str | Decimal]]:
    """Return the rows of the first sheet, empty ones too, numbers as numbers; raises `Unfit`."""
    inspection.look_into(name, content)
    content.seek(0)
    try:
        answer = drawn(content, "cells", most_rows)
    except subprocess.SubprocessError as error:
        logger.warning("a workbook could not be read", extra={"error": type(error).__name__})
        raise Unfit(Reason.DAMAGED) from error
    rows: list[list[str | float]] = json.loads(answer)
    return [[cell if isinstance(cell, str) else _number(cell) for cell in row] for row in rows]


def _number(cell: float) -> Decimal:
    """Spreadsheets keep 15 digits; what binary fractions add behind them nobody typed."""
    return Decimal(format(cell, ".15g"))
