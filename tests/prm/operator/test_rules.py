from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string

from prm.operator.rules import State, lines

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
WELL = {"now": NOW, "scheduler_at": NOW, "sends_mail": True, "has_broker": True, "has_scanner": True}


def codes(**facts):
    return {line.code: line.tone for line in lines(State(**{**WELL, **facts}))}


def test_an_installation_in_order_has_only_good_lines():
    assert set(codes().values()) == {"ok"}


@pytest.mark.parametrize(
    ("facts", "code", "tone"),
    [
        ({"failed_check": "The database is empty."}, "not_ready", "bad"),
        ({"oldest_due": timedelta(minutes=2)}, "slow", "warn"),
        ({"oldest_due": timedelta(minutes=11)}, "stuck", "bad"),
        ({"oldest_due": None}, "no_system_role", "bad"),
        ({"dead": 3}, "dead", "bad"),
        ({"scheduler_at": None}, "no_scheduler", "bad"),
        ({"scheduler_at": NOW - timedelta(minutes=1)}, "no_scheduler", "bad"),
        ({"oldest_unsealed": timedelta(minutes=6)}, "unsealed", "bad"),
        ({"broker_answers": False}, "no_broker", "bad"),
        ({"has_broker": False, "broker_answers": False}, "inline", "info"),
        ({"sends_mail": False}, "mailbox", "info"),
        ({"scanner_answers": False}, "no_scanner", "bad"),
        ({"has_scanner": False}, "unscanned", "info"),
        ({"free_disk": 0.05}, "disk_full", "bad"),
        ({"free_disk": None}, "remote_files", "ok"),
        ({"is_debug": True}, "debug", "bad"),
        ({"is_https": False}, "no_https", "warn"),
    ],
)
def test_each_trouble_has_its_line_and_the_line_says_what_to_do(facts, code, tone):
    assert codes(**facts)[code] == tone
    title, _, advice = render_to_string(f"operator/lines/{code}.txt", {"state": State(**{**WELL, **facts})}).partition(
        "\n"
    )
    assert title.strip()
    assert advice.strip() or tone == "ok"
