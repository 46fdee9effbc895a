"""A server for each test."""

from collections.abc import Iterator

import pytest

from tests.durable_local.http.serving import Served, serving


@pytest.fixture
def served() -> Iterator[Served]:
    with serving() as served:
        yield served
