"""Static files with hashed names, compressed, and kept by browsers for a year."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed names once `collectstatic` ran; before that, in development and tests, the names as written."""

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else name
