from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.fakes.http_server import Server, serving


@pytest.fixture
def api() -> Iterator[Server]:
    """An API without answers yet; its first page is `/`."""
    with serving() as server:
        yield server


@pytest.fixture
def client() -> Iterator[Callable[[], httpx.Client]]:
    """An impatient client, as a source asks for it."""
    with httpx.Client(timeout=0.3) as impatient:
        yield lambda: impatient
