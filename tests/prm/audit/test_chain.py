from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from prm.audit import chain
from prm.audit.chain import START, Finding, Link, Noted, Trouble

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


TENANT, SUBJECT = UUID(int=1), UUID(int=2)


@dataclass(frozen=True)
class Row:
    id: UUID
    tenant_id: UUID = TENANT
    name: str = "deals.registration.approved"
    subject_type: str = "deals.registration"
    subject_id: UUID = SUBJECT
    payload: object = None
    by_id: UUID | None = None
    by_firm: str = "Kestrel IT"
    at: datetime = NOON
    recorded_at: datetime = NOON
    partner_path: str = "/a/"


def sealed(count: int) -> list[Link]:
    links, digest = [], START
    for position in range(1, count + 1):
        event = Row(UUID(int=position), payload={"b": 1, "a": "ü"})
        digest = chain.digest(event, position, digest)
        links.append(Link(position, digest, event.id, event))
    return links


def test_an_untouched_chain_is_whole():
    assert list(chain.walk(sealed(5))) == []


def test_the_digest_of_an_event_stays_the_same_for_ever():
    event = Row(UUID(int=7), payload={"b": 1, "a": "ü"})

    assert chain.digest(event, 1, START) == "10a6298e2edf8728221be20f54631354d678e0e0e921b043707179b161ce58ba"


def test_the_order_of_a_payload_and_the_zone_of_a_time_do_not_matter():
    event = Row(UUID(int=7), payload={"a": 1, "b": 2})
    same = replace(event, payload={"b": 2, "a": 1}, at=NOON.astimezone(timezone(timedelta(hours=9))))

    assert chain.digest(event, 1, START) == chain.digest(same, 1, START)


@pytest.mark.parametrize(
    "change",
    [
        {"payload": {"a": "u", "b": 1}},
        {"at": NOON + timedelta(microseconds=1)},
        {"recorded_at": NOON - timedelta(days=1)},
        {"by_id": UUID(int=9)},
        {"by_firm": "Other"},
        {"name": "deals.registration.rejected"},
        {"subject_id": UUID(int=3)},
        {"subject_type": "deals.claim"},
        {"partner_path": ""},
        {"tenant_id": UUID(int=5)},
    ],
)
def test_a_change_in_any_column_is_found_where_it_was_made(change):
    links = sealed(5)
    links[2] = replace(links[2], event=replace(links[2].event, **change))

    assert list(chain.walk(links)) == [Finding(Trouble.CHANGED, 3, links[2].event_id)]


def test_swapped_events_are_found_at_both_places():
    links = sealed(5)
    second, fourth = links[1], links[3]
    links[1] = replace(second, event_id=fourth.event_id, event=fourth.event)
    links[3] = replace(fourth, event_id=second.event_id, event=second.event)

    assert [(finding.trouble, finding.position) for finding in chain.walk(links)] == [("changed", 2), ("changed", 4)]


def test_a_seal_that_was_taken_out_is_a_gap_and_breaks_the_next():
    links = sealed(5)
    del links[2]

    assert [(finding.trouble, finding.position) for finding in chain.walk(links)] == [("gap", 3), ("changed", 4)]


def test_a_deleted_event_is_found():
    links = sealed(3)
    links[1] = replace(links[1], event=None)

    assert list(chain.walk(links)) == [Finding(Trouble.EVENT_GONE, 2, links[1].event_id)]


def test_a_seal_computed_anew_shows_at_the_next_one():
    links = sealed(3)
    forged = replace(links[1].event, by_firm="Other")
    links[1] = replace(links[1], event=forged, digest=chain.digest(forged, 2, links[0].digest))

    assert [(finding.trouble, finding.position) for finding in chain.walk(links)] == [("changed", 3)]


def test_a_noted_head_may_be_only_the_beginning_of_a_digest():
    noted = Noted.read(" 12:9F2C51 ")

    assert noted == Noted(12, "9f2c51")
    assert noted.agrees_with("9f2c51d0")
    assert not noted.agrees_with("8f2c51d0")


@pytest.mark.parametrize("text", ["", "12", "12:", "x:9f", "12:zz"])
def test_nonsense_is_no_head(text):
    with pytest.raises(ValueError):
        Noted.read(text)
