import pytest

from partners.models import Partner
from prm.files import subjects
from tests import build


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    """A storage of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def partners_have_documents(monkeypatch):
    """Stands for an app that has told who may open its records."""
    monkeypatch.setitem(subjects.VISIBLE, "partners.partner", lambda member: Partner.objects.all())


@pytest.fixture
def partner(vendor):
    return build.partner()


def files_in(storage):
    return sorted(path for path in storage.rglob("*") if path.is_file())
