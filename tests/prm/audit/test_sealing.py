import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from partners.services import partners
from prm import audit
from prm.audit import queries, sealing
from prm.audit.chain import Noted, Trouble
from prm.audit.models import Seal
from prm.events.models import Delivery, Event
from prm.tenancy.context import acting_as, as_system
from tests import build


@pytest.fixture
def sealed_vendor(committed):
    """A vendor with five sealed events, in the eyes of every connection."""
    vendor = build.vendor()
    with as_system(vendor.pk):
        for _ in range(5):
            build.partner()
    sealing.seal_all(vendor.pk)
    return vendor


@contextmanager
def database_owner():
    """The one person who can get past every grant and policy."""
    with connections["owner"].cursor() as cursor:
        for table in ("prm_event", "prm_seal"):
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        try:
            yield cursor
        finally:
            for table in ("prm_event", "prm_seal"):
                cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def findings(vendor, **options):
    with as_system(vendor.pk):
        return [(finding.trouble, finding.position) for finding in queries.findings(**options)]


def event_at(position):
    return f"(SELECT event_id FROM prm_seal WHERE position = {position})"


def test_events_are_sealed_in_the_order_they_were_recorded(sealed_vendor):
    with as_system(sealed_vendor.pk):
        positions = [(seal.position, seal.event.at) for seal in Seal.objects.select_related("event")]

        assert [position for position, _ in sorted(positions, key=lambda pair: pair[1])] == [1, 2, 3, 4, 5]
        assert not Delivery.objects.filter(handler="prm.audit.seal", status="pending").exists()
    assert findings(sealed_vendor) == []


def test_sealing_twice_seals_once(sealed_vendor):
    assert sealing.seal_all(sealed_vendor.pk) == 0
    assert findings(sealed_vendor) == []


def test_the_job_finds_every_vendor_that_waits(committed):
    vendors = [build.vendor(), build.vendor()]
    for vendor in vendors:
        with as_system(vendor.pk):
            build.partner()

    sealing.seal_events()

    for vendor in vendors:
        with as_system(vendor.pk):
            assert audit.head_of_chain().position == 1


def test_two_workers_seal_one_chain(committed, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 3)
    vendor = build.vendor()
    with as_system(vendor.pk):
        for _ in range(20):
            build.partner()

    def work():
        for _ in range(20):
            sealing.seal_all(vendor.pk)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    with as_system(vendor.pk):
        assert audit.head_of_chain().position == 20
    assert findings(vendor) == []


def test_writers_do_not_wait_for_the_chain(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        build.partner()
        assert sealing._holds_chain(vendor.pk)
        written = threading.Thread(target=_enroll, args=[vendor])
        written.start()
        written.join(timeout=5)

        assert not written.is_alive()


def _enroll(vendor):
    with as_system(vendor.pk):
        build.partner()
    connection.close()


@pytest.mark.parametrize(
    ("tampering", "expected"),
    [
        (f"UPDATE prm_event SET payload = '{{}}' WHERE id = {event_at(3)}", [("changed", 3)]),
        (f"UPDATE prm_event SET at = at - interval '1 second' WHERE id = {event_at(2)}", [("changed", 2)]),
        (f"UPDATE prm_event SET recorded_at = at - interval '1 day' WHERE id = {event_at(5)}", [("changed", 5)]),
        (f"UPDATE prm_event SET partner_path = '' WHERE id = {event_at(1)}", [("changed", 1)]),
        (
            "UPDATE prm_seal SET position = -1 WHERE position = 2; UPDATE prm_seal SET position = 2 WHERE position = 4;"
            "UPDATE prm_seal SET position = 4 WHERE position = -1",
            [("changed", 2), ("changed", 3), ("changed", 4), ("changed", 5)],
        ),
        ("DELETE FROM prm_seal WHERE position = 3", [("gap", 3), ("changed", 4)]),
        ("UPDATE prm_seal SET digest = repeat('a', 64) WHERE position = 5", [("changed", 5)]),
        (
            "ALTER TABLE prm_seal DROP CONSTRAINT prm_seal_event_id_same_tenant;"
            f"DELETE FROM prm_event WHERE id = {event_at(3)}",
            [("event_gone", 3)],
        ),
        (
            "CREATE TEMP TABLE doomed AS SELECT event_id FROM prm_seal WHERE position = 3;"
            "DELETE FROM prm_seal WHERE position = 3; DELETE FROM prm_event WHERE id IN (TABLE doomed);"
            "DROP TABLE doomed; UPDATE prm_seal SET position = position - 1 WHERE position > 3",
            [("changed", 3), ("changed", 4)],
        ),
    ],
)
def test_what_the_database_owner_changes_is_found_where_it_was_changed(sealed_vendor, tampering, expected):
    with database_owner() as cursor:
        cursor.execute(tampering)

    try:
        assert findings(sealed_vendor) == expected
    finally:
        _mend_constraint()


def _mend_constraint():
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE prm_event, prm_seal, prm_notification, prm_delivery")
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = 'prm_seal_event_id_same_tenant'")
        if not cursor.fetchone():
            cursor.execute(
                "ALTER TABLE prm_seal ADD CONSTRAINT prm_seal_event_id_same_tenant FOREIGN KEY (tenant_id, event_id)"
                " REFERENCES prm_event (tenant_id, id) DEFERRABLE INITIALLY DEFERRED"
            )


def test_an_event_added_past_the_portal_is_found_after_an_hour(sealed_vendor):
    with database_owner() as cursor:
        cursor.execute(
            "INSERT INTO prm_event SELECT (jsonb_populate_record(e, jsonb_build_object("
            "'id', gen_random_uuid(), 'name', 'forged'))).* FROM prm_event e LIMIT 1"
        )

    assert findings(sealed_vendor) == []
    assert findings(sealed_vendor, now=timezone.now() + timedelta(hours=2)) == [("unsealed", None)]


def test_a_chain_that_was_cut_off_is_found_by_a_head_noted_elsewhere(sealed_vendor):
    with as_system(sealed_vendor.pk):
        noted = Noted.read(audit.head_of_chain().mark)
    with database_owner() as cursor:
        cursor.execute("CREATE TEMP TABLE doomed AS SELECT event_id FROM prm_seal WHERE position > 3")
        cursor.execute("DELETE FROM prm_seal WHERE position > 3; DELETE FROM prm_event WHERE id IN (TABLE doomed)")
        cursor.execute("DROP TABLE doomed")

    assert findings(sealed_vendor) == []
    assert findings(sealed_vendor, noted=noted) == [(Trouble.CUT_OFF, 5)]


def test_a_chain_that_was_rewritten_to_its_end_is_found_by_a_head_noted_elsewhere(sealed_vendor):
    with as_system(sealed_vendor.pk):
        noted = Noted.read(audit.head_of_chain().mark[:20])
    with database_owner() as cursor:
        cursor.execute(f"UPDATE prm_event SET by_firm = 'Other' WHERE id = {event_at(2)}")
        cursor.execute("TRUNCATE prm_seal")
        cursor.execute("ALTER TABLE prm_delivery NO FORCE ROW LEVEL SECURITY")
        cursor.execute("UPDATE prm_delivery SET status = 'pending'")
        cursor.execute("ALTER TABLE prm_delivery FORCE ROW LEVEL SECURITY")
    sealing.seal_all(sealed_vendor.pk)

    assert findings(sealed_vendor) == []
    assert findings(sealed_vendor, noted=noted) == [(Trouble.REWRITTEN, 5)]


def test_an_event_deleted_before_its_seal_does_not_stop_the_chain(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        build.partner()
        build.partner()
        first = Event.objects.order_by("pk").first()
    with database_owner() as cursor:
        cursor.execute("DELETE FROM prm_event WHERE id = %s", [first.pk])

    sealing.seal_all(vendor.pk)

    with as_system(vendor.pk):
        assert audit.head_of_chain().position == 1
        assert Delivery.objects.get(status=Delivery.Status.DEAD).last_error
    assert findings(vendor) == []


def test_only_the_last_part_of_a_long_chain_can_be_walked(sealed_vendor):
    with database_owner() as cursor:
        cursor.execute(f"UPDATE prm_event SET by_firm = 'Other' WHERE id IN ({event_at(1)}, {event_at(4)})")

    assert findings(sealed_vendor, last=2) == [("changed", 4)]
    assert findings(sealed_vendor, last=500) == [("changed", 1), ("changed", 4)]


def test_the_command_names_the_position_and_fails(sealed_vendor, capsys):
    call_command("verify_audit")
    assert f"{sealed_vendor.slug}: whole, head 5:" in capsys.readouterr().out

    with database_owner() as cursor:
        cursor.execute(f"UPDATE prm_event SET by_firm = 'Other' WHERE id = {event_at(2)}")

    with pytest.raises(CommandError) as refusal:
        call_command("verify_audit", vendor=sealed_vendor.slug)
    assert refusal.value.returncode == 1
    assert "position 2" in capsys.readouterr().out


def test_a_timeline_takes_one_query_and_tells_each_event_its_position(vendor, django_assert_num_queries):
    partner, manager = build.partner(), build.manager()
    partners.suspend(partner, by=manager)

    with django_assert_num_queries(1):
        entries = queries.timeline(partner)
        assert [(entry.event.name, entry.is_sealed) for entry in entries] == [
            ("partners.partner.enrolled", False),
            ("partners.partner.suspended", False),
        ]
        assert entries[1].event.by == manager.user

    sealing.seal_all(vendor.pk)

    assert [entry.position for entry in queries.timeline(partner)] == [1, 2]


def test_partners_see_the_same_head_but_only_their_own_events(vendor):
    mine, other = build.partner(), build.partner()
    seller = build.seller(of=mine)
    sealing.seal_all(vendor.pk)
    head = audit.head_of_chain()

    with acting_as(seller.actor):
        assert audit.head_of_chain() == head
        assert len(queries.timeline(mine)) == 1
        assert queries.timeline(other) == []
