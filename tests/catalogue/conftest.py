"""A catalogue of failures is one of hangs, too: what hangs fails."""

import signal
from collections.abc import Iterator
from types import FrameType

import pytest

LIMIT, LIMIT_AGAIN = 60, 1
"""Seconds of wall time for one test, and until whoever swallows that is told again."""


class HangError(BaseException):
    """The test has run for so long that it will not end."""


def _fail(_signal: int, _frame: FrameType | None) -> None:
    raise HangError(f"This test hangs: it has run for {LIMIT} seconds")


@pytest.fixture(autouse=True)
def _ends() -> Iterator[None]:
    """Interrupt a test that hangs, in whatever it waits for."""
    before = signal.signal(signal.SIGALRM, _fail)
    signal.setitimer(signal.ITIMER_REAL, LIMIT, LIMIT_AGAIN)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
