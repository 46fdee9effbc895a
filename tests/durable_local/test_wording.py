from datetime import timedelta

import pytest

from durable.model import ErrorObject, OperationStatus
from durable_local.cli.wording import COLOURS
from durable_local.tokens import callback_id
from durable_local.wording import duration, error_line, mark
from tests.fakes.clock import START

SECRET = callback_id()


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


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (None, ""),
        (ErrorObject("boom\nand more", "ValueError"), "ValueError: boom and more"),
        (ErrorObject("no", "a.b.StepError"), "StepError: no"),
        (ErrorObject(None, "Sandbox.Timedout"), "Timedout"),
        (ErrorObject(f"{'x' * 190} {SECRET}", None), f"Error: {'x' * 190} (a…"),
        (ErrorObject("x" * 300, None), f"Error: {'x' * 193}…"),
    ],
)
def test_an_error_is_told_in_one_line(error: ErrorObject | None, words: str) -> None:
    assert error_line(error) == words


def test_every_status_has_a_sign_with_a_colour_also_one_that_aws_has_learned_since() -> None:
    statuses = [*OperationStatus, OperationStatus("HIBERNATING"), "RUNNING"]

    signs = [mark(status) for status in statuses]

    assert "?" not in signs[: len(OperationStatus)]
    assert signs[-2:] == ["?", "…"]
    assert set(signs) <= COLOURS.keys()
