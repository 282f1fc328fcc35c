"""A vendor's look: one colour, a hue for the greys and a radius. Vendors cannot enter CSS."""

import re
from dataclasses import dataclass
from hashlib import sha256

HEX_COLOR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
HUES = range(361)
RADII = range(13)
READABLE = 4.5  # the contrast that WCAG asks of text


class InvalidBrand(ValueError):
    """A value that is not a colour, hue or radius we accept."""


@dataclass(frozen=True)
class Brand:
    """The three values a vendor chooses; everything else follows from them."""

    color: str = "#0e6c86"
    tint: int = 226
    radius: int = 8

    def __post_init__(self) -> None:
        if not HEX_COLOR.fullmatch(self.color):
            raise InvalidBrand(f"{self.color!r} is not a colour like #0e6c86.")
        if self.tint not in HUES:
            raise InvalidBrand(f"{self.tint!r} is not a hue from 0 to 360.")
        if self.radius not in RADII:
            raise InvalidBrand(f"{self.radius!r} is not a radius from 0 to 12.")

    @property
    def sheet(self) -> str:
        """The style sheet that is loaded after ours."""
        return (
            f"@layer tenant {{ :root {{ --brand: {self.color}; --tint: {int(self.tint)}; "
            f"--radius: {int(self.radius)}px; }} }}\n"
        )

    @property
    def on_color(self) -> str:
        """Black or white, whichever reads better on the colour: for mail and paper, which cannot derive it."""
        return "#000000" if (_luminance(_parts(self.color)) + 0.05) ** 2 > 0.05 * 1.05 else "#ffffff"

    @property
    def ink(self) -> str:
        """The colour, darkened until text in it reads well on white paper."""
        parts = _parts(self.color)
        while 1.05 / (_luminance(parts) + 0.05) < READABLE:
            parts = [part * 0.97 for part in parts]
        return "#" + "".join(f"{int(part * 255):02x}" for part in parts)

    @property
    def digest(self) -> str:
        """A name for exactly this sheet, so that browsers may keep it for good."""
        return sha256(self.sheet.encode()).hexdigest()[:16]


def _parts(color: str) -> list[float]:
    return [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _luminance(parts: list[float]) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def brand_of(profile: object | None) -> Brand:
    """The brand of a vendor's profile; ours where the vendor chose nothing."""
    plain = Brand()
    return Brand(
        color=getattr(profile, "brand_color", None) or plain.color,
        tint=_or(getattr(profile, "brand_tint", None), plain.tint),
        radius=_or(getattr(profile, "brand_radius", None), plain.radius),
    )


def _or(value: int | None, instead: int) -> int:
    return instead if value is None else int(value)  # zero is a hue and a radius
