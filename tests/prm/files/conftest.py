import pytest

from partners.models import Partner
from prm.files import subjects


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    """A storage of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def partners_have_files(monkeypatch):
    """Stands for an app that has told who may open the files of its records."""
    monkeypatch.setitem(subjects.VISIBLE, "partners.partner", lambda member: Partner.objects.all())
