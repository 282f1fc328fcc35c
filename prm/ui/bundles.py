"""Joins the many small style sheets and scripts into one file each.

Cascade layers make the order of the style sheets irrelevant, except that `tokens.css` names the layers. Scripts
are self-contained, except that they use htmx and the helpers of `portal.js`. In development the files are joined
again whenever a part changes; `collectstatic` takes them like any other file, hashed and compressed.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

HTMX = "django_htmx/htmx-2.min.js"


def style_sheets(root: Path) -> list[Path]:
    """`tokens.css` first; the layers sort the rest."""
    first = root / "css" / "tokens.css"
    return [first, *sorted(path for path in (root / "css").rglob("*.css") if path != first)]


def scripts(root: Path) -> list[Path]:
    """htmx, our helpers, then one file per behaviour."""
    first = root / "js" / "portal.js"
    htmx = finders.find(HTMX)
    assert isinstance(htmx, str), f"django-htmx no longer ships {HTMX}"
    return [Path(htmx), first, *sorted(path for path in (root / "js").glob("*.js") if path != first)]


BUNDLES: dict[str, Callable[[Path], list[Path]]] = {"portal.css": style_sheets, "portal.js": scripts}


def built(name: str) -> Path:
    """The joined file, made again when one of its parts is newer."""
    source, target = settings.BASE_DIR / "static", bundle_root() / name
    parts = BUNDLES[name](source)
    newest = max(part.stat().st_mtime for part in [*parts, source / "css", source / "js"])
    if not target.exists() or target.stat().st_mtime < newest:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(f"{target.suffix}.new")
        fresh.write_text("\n".join(part.read_text(encoding="utf-8") for part in parts), encoding="utf-8")
        fresh.replace(target)  # a request at the same moment sees the old or the new file, never half of it
    return target


def bundle_root() -> Path:
    """Where joined files are kept: with the other files that can be made again."""
    return Path(settings.VAR_DIR) / "bundles"


class BundleFinder(finders.BaseFinder):
    """Lets `{% static "portal.css" %}` and `collectstatic` find what exists only when it is asked for."""

    def check(self, **kwargs: object) -> list:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: object) -> str | list[str]:
        found = [str(built(path))] if path in BUNDLES else []
        return found if find_all else (found[0] if found else [])

    def list(self, ignore_patterns: object) -> Iterator[tuple[str, FileSystemStorage]]:
        storage = FileSystemStorage(location=bundle_root())
        for name in BUNDLES:
            built(name)
            yield name, storage
