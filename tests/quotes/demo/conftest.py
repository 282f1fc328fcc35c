"""The demo that all tests of this folder look at."""

from tests.deals.demo.conftest import demo  # noqa: F401  (a fixture)
