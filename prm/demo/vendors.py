"""The two vendors of the demo: different trades, colours, languages and currencies."""

from __future__ import annotations

from typing import Any

VENDORS: dict[str, tuple[str, dict[str, Any]]] = {
    "halyard": (
        "Halyard",
        {
            "brand_color": "#0e6c86",
            "brand_tint": 226,
            "brand_radius": 8,
            "time_zone": "Europe/Berlin",
            "language": "en",
            "currency": "EUR",
            "support_email": "partners@halyard.example",
        },
    ),
    "ostwerk": (
        "Ostwerk",
        {
            "brand_color": "#a8431b",
            "brand_tint": 52,
            "brand_radius": 3,
            "time_zone": "Europe/Zurich",
            "language": "de",
            "currency": "CHF",
            "support_email": "partner@ostwerk.example",
        },
    ),
}
