"""Joins the many small style sheets and scripts into one file each.

Cascade layers make the order of the style sheets irrelevant, except that `tokens.css` names the layers. Scripts
are self-contained, except that they use htmx and the helpers of `portal.js`. While developing (`DEBUG`) pages load
the small files one by one, so that a change shows at once and keeps its own name in the browser's tools.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import rcssmin
from django.conf import settings

# A descendant by what it is (`.lines :is(th, td)`): rcssmin would take its space away, and so its meaning.
DESCENDANT = re.compile(rb"(?<=[^\s,{};:>+~(])\s+:(?=[a-z-])")
HTMX = "django_htmx/htmx-2.min.js"


def style_sheets(root: Path) -> list[str]:
    """`tokens.css` first; the layers sort the rest."""
    return _names(root, "css/**/*.css", first="css/tokens.css")


def scripts(root: Path) -> list[str]:
    """htmx, our helpers, then one file per behaviour."""
    return [HTMX, *_names(root, "js/*.js", first="js/portal.js")]


def _names(root: Path, pattern: str, first: str) -> list[str]:
    names = sorted(path.relative_to(root).as_posix() for path in root.glob(pattern))
    names.remove(first)
    return [first, *names]


BUNDLES: dict[str, Callable[[Path], list[str]]] = {"portal.css": style_sheets, "portal.js": scripts}


def parts_of(bundle: str) -> list[str]:
    """The static files that make up a bundle, in order."""
    return BUNDLES[bundle](settings.BASE_DIR / "static")


def joined(bundle: str, texts: Iterable[bytes]) -> bytes:
    """Return the parts as one text, without what only people read in style sheets."""
    text = b"\n".join(texts)
    return rcssmin.cssmin(DESCENDANT.sub(b" *:", text)) if bundle.endswith(".css") else text


def files_of(bundle: str) -> list[str]:
    """What a page has to load: one file, or every part while developing."""
    return parts_of(bundle) if settings.DEBUG else [bundle]
