"""Static files with hashed names, compressed, and kept by browsers for a year."""

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from prm.ui.bundles import BUNDLES, joined, parts_of


class PortalStaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed names once `collectstatic` ran; before that, in development and tests, the names as written."""

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else name

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Join the bundles out of what was just collected, then hash and compress everything."""
        if not dry_run:
            for bundle in BUNDLES:
                self._join(bundle)
                paths[bundle] = (self, bundle)
        yield from super().post_process(paths, dry_run, **options)

    def _join(self, bundle: str) -> None:
        texts = []
        for part in parts_of(bundle):
            with self.open(part) as file:
                texts.append(file.read())
        self.delete(bundle)
        self._save(bundle, ContentFile(joined(bundle, texts)))
