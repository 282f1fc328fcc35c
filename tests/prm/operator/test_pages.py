import pytest
from django.urls import reverse

from prm.events.models import Delivery
from prm.events.outbox import enqueue
from prm.notifications import mail
from prm.notifications.models import MailMessage
from prm.operator import queries
from prm.operator.urls import urlpatterns
from prm.tenancy.context import as_system
from prm.tenancy.fields import uuid7
from tests import build

PAGES = ["/operator/", "/operator/mailbox/", "/operator/deliveries/", "/operator/jobs/"]
both = pytest.mark.django_db(databases=["default", "system"])


@pytest.fixture
def operator(client):
    person = build.user(is_operator=True)
    client.force_login(person)
    return person


@both
@pytest.mark.parametrize("path", PAGES)
def test_the_operator_sees_each_page_also_when_it_is_empty(client, operator, path):
    assert client.get(path).status_code == 200


@both
def test_nobody_else_finds_any_of_them(client):
    client.force_login(build.user())
    for pattern in urlpatterns:
        ids = {name: uuid7() for name in pattern.pattern.converters}
        for method in (client.get, client.post):
            assert method(reverse(pattern.name, kwargs=ids)).status_code in (404, 405)
    client.logout()
    assert client.get("/operator/").status_code == 302


@both
def test_a_kept_message_is_shown_as_text_with_links_to_follow(client, operator):
    message = MailMessage.objects.create(
        message_id="<1@x>",
        to="a@example.com",
        sender="b@example.com",
        subject="<i>Hello</i>",
        text="Join: https://portal.example/x/ <script>alert(1)</script>",
        html="<b>Hello</b><script>alert(1)</script>",
    )

    listed = client.get("/operator/mailbox/").content.decode()
    page = client.get(f"/operator/mailbox/{message.pk}/").content.decode()
    as_sent = client.get(f"/operator/mailbox/{message.pk}/as-sent/")

    assert "&lt;i&gt;Hello" in listed
    assert 'href="https://portal.example/x/"' in page
    assert "<script>alert" not in page
    assert as_sent["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


@pytest.fixture
def dead(committed):
    """A message that could not be sent at one of two vendors."""
    build.vendor()
    vendor = build.vendor(slug="dead-end")
    with as_system(vendor.pk):
        enqueue(mail.send, uuid7())
        Delivery.objects.update(status="dead", attempts=8, last_error="SMTPException: <no such host>")
        return Delivery.objects.get()


def test_a_delivery_that_gave_up_is_shown_with_its_error_and_tried_again(dead, client, operator):
    page = client.get("/operator/deliveries/").content.decode()
    assert "SMTPException: &lt;no such host&gt;" in page
    assert "1 gave up" in client.get("/operator/").content.decode()

    client.post(f"/operator/deliveries/{dead.tenant_id}/{dead.pk}/retry/")

    with as_system(dead.tenant_id):
        dead.refresh_from_db()
    assert (dead.status, dead.attempts) == ("pending", 0)


def test_all_that_gave_up_are_tried_again(dead, client, operator):
    assert client.get("/operator/deliveries/retries/").status_code == 405
    client.post("/operator/deliveries/retries/")

    with as_system(dead.tenant_id):
        assert Delivery.objects.get().status == "pending"


def test_deliveries_are_narrowed_by_vendor_and_state(dead, client, operator):
    assert "mail.send" in client.get("/operator/deliveries/?vendor=dead-end&status=dead").content.decode()
    assert "mail.send" not in client.get("/operator/deliveries/?vendor=other").content.decode()
    assert "mail.send" not in client.get("/operator/deliveries/?status=pending").content.decode()


@both
def test_the_room_on_the_disk_with_the_files_is_known(client, operator):
    assert 0 < queries.state().free_disk < 1
