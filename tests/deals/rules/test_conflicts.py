from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from deals.enums import KeyKind, ProtectionState, Review, Stage
from deals.rules import conflicts
from deals.rules.conflicts import Contender, Standing

TODAY = date(2026, 11, 20)
EDGE, MESH = uuid4(), uuid4()
ASKED = Contender(uuid4(), uuid4(), {KeyKind.DOMAIN: "orlinda.example"}, frozenset({EDGE}))
WON = replace(ASKED, registration_id=uuid4(), partner_id=uuid4(), review=Review.APPROVED, stage=Stage.WON)
WON = replace(WON, submitted_on=date(2026, 3, 1), closed_on=date(2026, 6, 1))


def found(*rivals: Contender) -> list[Standing]:
    return [one.standing for one in conflicts.find(ASKED, rivals, today=TODAY, look_back_days=366)]


def test_what_another_won_in_the_look_back_counts():
    assert found(WON) == [Standing.WON]
    assert found(replace(WON, closed_on=date(2025, 11, 18))) == []


def test_what_a_partner_won_itself_is_no_conflict_when_it_renews():
    assert found(replace(WON, partner_id=ASKED.partner_id)) == []


@pytest.mark.parametrize(
    "own",
    [
        {"review": Review.SUBMITTED, "stage": Stage.PROSPECT},
        {"protection": ProtectionState.ACTIVE, "protected_until": TODAY, "stage": Stage.PROSPECT},
    ],
    ids=["waiting", "protected"],
)
def test_what_a_partner_asked_for_before_is_one_of_its_own(own):
    (one,) = conflicts.find(ASKED, [replace(WON, partner_id=ASKED.partner_id, **own)], today=TODAY, look_back_days=366)

    assert one.is_own
    assert one.verdict == conflicts.Verdict.MAY_CONFLICT


def test_only_a_protection_of_the_same_products_blocks():
    held = replace(WON, protection=ProtectionState.ACTIVE, protected_until=TODAY)

    def blocks(rival: Contender) -> bool:
        return conflicts.find(ASKED, [rival], today=TODAY, look_back_days=366)[0].blocks_approval

    assert blocks(held)
    assert not blocks(replace(held, families=frozenset({MESH})))
    assert not blocks(WON)
