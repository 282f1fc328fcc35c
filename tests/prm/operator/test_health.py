import pytest
from django.db import OperationalError
from django.test import Client

from prm.operations import health

pytestmark = pytest.mark.django_db(databases=["default", "system"])


def test_a_living_process_says_so_without_a_database(client):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.backends.utils.CursorWrapper.execute", None)
        answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"alive": True}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_watchers_need_neither_a_known_host_nor_https(settings, path):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["portal.example"]

    assert Client(HTTP_HOST="10.0.0.7:8000").get(path).status_code == 200


def test_a_ready_process_names_its_checks(client):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": {"database": "ok", "migrations": "ok", "role": "ok"},
        "oldest_due_delivery_seconds": 0.0,
    }


def test_readiness_fails_when_a_migration_is_missing(client, monkeypatch):
    monkeypatch.setattr(health, "known_migrations", lambda: frozenset({("prm", "0999_later")}))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"].startswith("1 migrations are not applied.")


def test_readiness_fails_when_the_role_could_look_over_the_walls(client, monkeypatch):
    monkeypatch.setattr(health, "is_role_unsafe", lambda: True)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["role"] != "ok"


def test_an_absent_database_is_told_without_its_address(client, monkeypatch):
    def refuse():
        raise OperationalError("connection to server at 10.1.2.3 failed for user prm_app")

    monkeypatch.setitem(health.CHECKS, "database", refuse)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert b"10.1.2.3" not in answer.content


def test_a_post_is_refused(client):
    assert client.post("/healthz").status_code == 405


def test_numbers_are_shown_to_this_machine(client):
    answer = client.get("/metrics")

    assert answer.status_code == 200
    assert b"portal_outbox_dead 0.0" in answer.content


@pytest.mark.parametrize(
    "headers",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_AUTHORIZATION": "Bearer wrong"},
    ],
)
def test_numbers_are_kept_from_others(client, settings, headers):
    settings.METRICS_TOKEN = "right"

    assert client.get("/metrics", **headers).status_code == 403


def test_numbers_are_shown_to_whoever_has_the_token(client, settings):
    settings.METRICS_TOKEN = "right"

    answer = client.get("/metrics", REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer right")

    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["Bearer ", "Bearer", "", "Basic x"])
def test_an_unset_token_opens_nothing(client, settings, header):
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION=header).status_code == 403
