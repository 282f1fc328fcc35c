import pytest

from prm.accounts.models import User
from prm.demo import filling
from prm.documents import rendering
from prm.events import outbox
from prm.events.models import Delivery
from prm.notifications import mail
from prm.tenancy.context import as_system
from prm.tenancy.models import Vendor
from tests import build
from tests.build import MONDAY
from tests.prm.documents import sample


def test_a_demo_that_is_interrupted_leaves_nothing_behind(db, monkeypatch):
    def breaks_off(scene):
        if scene.vendor.slug == "ostwerk":
            raise KeyboardInterrupt
        return []

    monkeypatch.setattr(filling, "CHAPTERS", [breaks_off])
    before = list(Vendor.objects.all())

    with pytest.raises(KeyboardInterrupt):
        filling.fill(MONDAY)

    assert list(Vendor.objects.all()) == before
    assert not User.objects.exists()


def test_documents_of_the_past_are_left_to_the_worker_and_mail_is_called_off(db, monkeypatch):
    def asks(scene):
        yield the_story_of(scene)

    def the_story_of(scene):
        yield scene.at(scene.ago(90))
        sample.document(build.partner(), at=scene.at(scene.ago(90)))
        mail.write(to="a@example.com", subject="Hello", text="Text")

    monkeypatch.setattr(filling, "CHAPTERS", [asks])

    filling.fill(MONDAY)

    with as_system(Vendor.objects.get(slug="halyard").pk):
        ours = [outbox.name_of(rendering.write), outbox.name_of(mail.send)]
        waiting = Delivery.objects.filter(handler__in=ours).values_list("handler", "status")
        assert sorted(waiting) == [
            (outbox.name_of(rendering.write), "pending"),
            (outbox.name_of(mail.send), "cancelled"),
        ]
