from datetime import datetime, timedelta

import pytest

from durable.model import ErrorObject, OperationStatus
from durable_local.cli.progress import Delay, Line
from durable_local.cli.wording import clock_time, doings, duration, error_line
from tests.fakes.clock import START

NOON = datetime.fromisoformat("2026-01-01T12:00:00").astimezone()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0123, "12 ms"),
        (1, "1.0 s"),
        (59.94, "59.9 s"),
        (60, "1 min 0 s"),
        (3_725, "1 h 2 min"),
        (30 * 86_400 + 3_600, "30 d 1 h"),
        (-5, "0 ms"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert duration(START, START + timedelta(seconds=seconds)) == words


def test_what_has_not_begun_or_ended_has_no_duration() -> None:
    assert duration(START, None) == duration(None, START) == ""


def test_another_days_time_has_its_date() -> None:
    assert clock_time(NOON, NOON) == "12:00:00"
    assert clock_time(NOON + timedelta(days=2), NOON) == "2026-01-03 12:00:00"


def test_a_line_tells_counts_sums_and_the_next_delay() -> None:
    line = Line("orders", 1, OperationStatus.STARTED, START, steps=12, items=5)
    line.sums.update({"stored": 38, "rejected": 2})
    line.delays = {
        "a": Delay("pause", NOON + timedelta(minutes=5), is_retry=False),
        "b": Delay("charge", NOON + timedelta(minutes=1), is_retry=True),
    }

    assert doings(line, NOON) == "steps 12 · items 5 · stored 38 · rejected 2 · retries charge at 12:01:00 (and 1 more)"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (None, ""),
        (ErrorObject("boom\nand more", "ValueError"), "ValueError: boom and more"),
        (ErrorObject("no", "a.b.StepError"), "StepError: no"),
        (ErrorObject(None, "Sandbox.Timedout"), "Timedout"),
        (ErrorObject("x" * 300, None), f"Error: {'x' * 193}…"),
    ],
)
def test_an_error_is_told_in_one_line(error: ErrorObject | None, words: str) -> None:
    assert error_line(error) == words
