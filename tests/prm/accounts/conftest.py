from collections.abc import Iterator

import pytest
from django.urls import clear_script_prefix, set_urlconf


@pytest.fixture(autouse=True)
def fresh_address() -> Iterator[None]:
    """Leave the vendor's prefix and URL patterns of the last request behind: a test has no server to do that."""
    yield
    clear_script_prefix()
    set_urlconf(None)
