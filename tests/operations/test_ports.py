import socket
from collections.abc import Iterator

import pytest

from prm.operations import ports
from prm.operations.errors import CannotRun


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other_program:
        other_program.bind((ports.LOOPBACK, 0))
        other_program.listen()
        yield other_program.getsockname()[1]


def test_a_taken_port_is_passed_over(taken_port: int) -> None:
    free = ports.any_free()

    assert ports.first_free([taken_port, free]) == free


def test_the_person_is_told_which_port_is_taken(taken_port: int) -> None:
    with pytest.raises(CannotRun, match=f"Port {taken_port} is taken"):
        ports.first_free([taken_port])
