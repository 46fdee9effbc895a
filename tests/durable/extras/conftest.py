"""Sandboxes of every kind for the extras."""

import logging
from collections.abc import Iterator

import pytest

from tests.durable.extras.sdks import SDKS, Sandbox


@pytest.fixture(params=["warm", "cold"])
def temperature(request: pytest.FixtureRequest) -> str:
    """Whether a sandbox is used again."""
    return str(request.param)


@pytest.fixture(params=SDKS)
def sandbox(request: pytest.FixtureRequest, temperature: str) -> Sandbox:
    """Each SDK, warm and cold."""
    return Sandbox(SDKS[request.param], is_cold=temperature == "cold")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
