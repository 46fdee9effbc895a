"""A server for each test: one whose time is the machine's, and one whose time skips."""

from collections.abc import Iterator

import pytest

from durable_local.clock import SkippingClock, SystemClock
from tests.durable_local.http.serving import Served, serving


@pytest.fixture
def served() -> Iterator[Served]:
    with serving(SystemClock()) as served:
        yield served


@pytest.fixture
def skipping() -> Iterator[Served]:
    with serving(SkippingClock()) as served:
        yield served
