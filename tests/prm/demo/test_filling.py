import pytest

from prm.accounts.models import User
from prm.demo import filling
from prm.tenancy.models import Vendor
from tests.build import MONDAY


def test_a_demo_that_is_interrupted_leaves_nothing_behind(db, monkeypatch):
    def breaks_off(scene):
        if scene.vendor.slug == "ostwerk":
            raise KeyboardInterrupt
        return []

    monkeypatch.setattr(filling, "CHAPTERS", [breaks_off])

    with pytest.raises(KeyboardInterrupt):
        filling.fill(MONDAY)

    assert not Vendor.objects.exists()
    assert not User.objects.exists()
