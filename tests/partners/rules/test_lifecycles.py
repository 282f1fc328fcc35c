import pytest

from partners.enums import (
    AgreementAction,
    AgreementStatus,
    CertificateAction,
    CertificateStatus,
    PartnerAction,
    PartnerStatus,
    TaskAction,
    TaskStatus,
)
from partners.rules import agreement_lifecycle, certificate_lifecycle, moving, partner_lifecycle, task_lifecycle

TABLES = [
    (agreement_lifecycle.TABLE, AgreementStatus, AgreementAction, AgreementStatus.OFFERED),
    (certificate_lifecycle.TABLE, CertificateStatus, CertificateAction, CertificateStatus.SUBMITTED),
    (partner_lifecycle.TABLE, PartnerStatus, PartnerAction, PartnerStatus.PROSPECT),
    (task_lifecycle.TABLE, TaskStatus, TaskAction, TaskStatus.OPEN),
]
names = [statuses.__name__ for _table, statuses, _actions, _start in TABLES]


@pytest.mark.parametrize(("table", "statuses", "actions", "start"), TABLES, ids=names)
def test_every_status_can_be_reached_and_every_action_is_used(table, statuses, actions, start):
    reached, before = {start}, set()
    while reached != before:
        before = set(reached)
        reached |= {end for (status, _action), end in table.items() if status in reached}

    assert reached == set(statuses)
    assert {action for _status, action in table} == set(actions)


@pytest.mark.parametrize(("table", "statuses", "actions", "start"), TABLES, ids=names)
def test_whatever_is_not_in_the_table_is_refused(table, statuses, actions, start):
    for status in statuses:
        for action in actions:
            if (status, action) in table:
                assert moving.after(table, status, action) == table[status, action]
            else:
                with pytest.raises(moving.NotAllowed):
                    moving.after(table, status, action)


def test_a_terminated_partner_stays_terminated():
    assert not [action for status, action in partner_lifecycle.TABLE if status == PartnerStatus.TERMINATED]


def test_nothing_happens_to_an_agreement_that_was_declined_or_withdrawn():
    ended = {AgreementStatus.DECLINED, AgreementStatus.WITHDRAWN, AgreementStatus.SUPERSEDED}

    assert not [status for status, _action in agreement_lifecycle.TABLE if status in ended]
