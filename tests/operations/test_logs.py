import logging
import re

import pytest

from prm.operations import logs
from tests.architecture.test_routes import routes

SECRET = "vLpsxEhRk2mQ"
ADDRESSES = [route.pattern for route in routes("prm.urls_vendor") if "<str:secret>" in route.pattern]


def written(message: str, **facts: str) -> str:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, message, None, None)
    record.__dict__.update(facts)
    return logs.formatter().format(record)


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_opens_a_link_does_not_reach_the_log(address):
    path = re.sub(r"<\w+:\w+>", SECRET, address)

    line = written(f"GET /halyard/{path} 200", request=f"POST /halyard/{path}")

    assert SECRET not in line
    assert "/***/" in line


def test_the_key_of_a_password_reset_does_not_reach_the_log():
    assert SECRET not in written("", request=f"GET /accounts/password/reset/key/1-{SECRET}/")
