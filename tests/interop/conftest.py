"""What all interop tests share."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """The log of both SDKs, which invocations that die would fill."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
