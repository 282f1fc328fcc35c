import pytest


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    """A storage of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
