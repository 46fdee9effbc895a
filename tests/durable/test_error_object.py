import json

import pytest

from durable import wire
from durable.error_object import ErrorObject
from durable.exceptions import (
    ChildContextError,
    DurableOperationError,
    RecordedError,
    SerDesError,
    StepError,
)

ROOT = "aws_durable_execution_sdk_python.exceptions"


class UnreadableError(SerDesError):
    """A user's own kind of SerDesError."""


@pytest.mark.parametrize(
    ("error", "recorded"),
    [
        (ValueError("boom"), ErrorObject("boom", "ValueError")),
        (KeyError("k"), ErrorObject("'k'", "KeyError")),
        (StepError("boom", "ValueError", "data", ["line"]), ErrorObject("boom", f"{ROOT}.StepError", "data", ["line"])),
        (SerDesError("no"), ErrorObject("no", f"{ROOT}.SerDesError")),
        (UnreadableError("no"), ErrorObject("no", f"{ROOT}.SerDesError")),
    ],
)
def test_an_error_is_recorded_as_its_text_and_class(error: Exception, recorded: ErrorObject) -> None:
    assert ErrorObject.from_exception(error) == recorded


def test_a_line_of_where_an_error_was_raised_is_short() -> None:
    try:
        exec(compile("raise ValueError", "f" * 1_000, "exec"))  # noqa: S102 - a file of a very long name
    except ValueError as error:
        recorded = ErrorObject.from_exception(error)

    assert recorded.stack_trace is not None
    assert all(len(line) < 332 for line in recorded.stack_trace)


def test_of_where_a_recorded_error_was_raised_the_innermost_lines_are_kept() -> None:
    lines = [f"{number} {'f' * 1_000}" for number in range(1_000)]

    recorded = ErrorObject.from_exception(StepError("boom", "ValueError", stack_trace=lines))

    assert recorded.stack_trace == [f"{line[:300]}... ({len(line)} characters)" for line in lines[-10:]]


def raised(error: ErrorObject, as_class: type[RecordedError]) -> RecordedError:
    with pytest.raises(RecordedError) as caught:
        error.raise_as(as_class)
    return caught.value


def test_a_recorded_error_is_raised_as_the_operations_error_from_the_recorded_one() -> None:
    error = raised(ErrorObject("division by zero", f"{ROOT}.StepError", "data", ["line"]), ChildContextError)

    assert type(error) is ChildContextError
    assert (error.message, error.error_type, error.data) == ("division by zero", f"{ROOT}.StepError", "data")
    assert type(error.__cause__) is StepError
    assert error.__cause__.__cause__ is None


def test_an_error_of_the_users_own_has_the_base_class_for_its_cause() -> None:
    error = raised(ErrorObject("boom", "shop.OrderError"), StepError)

    assert type(error) is StepError
    assert type(error.__cause__) is DurableOperationError
    assert str(error.__cause__) == "boom"


def test_a_failure_to_write_or_read_is_raised_as_one() -> None:
    assert type(raised(ErrorObject("no", f"{ROOT}.SerDesError"), StepError)) is SerDesError


@pytest.mark.parametrize("character", ["x", '"', "é", "語", "😀", "\0"])
def test_an_error_takes_less_than_32_kib_whatever_it_says(character: str) -> None:
    text = character * 100_000

    recorded = ErrorObject.from_exception(StepError(text, "ValueError", text, [text] * 100))

    assert len(json.dumps(wire.encode(recorded))) < 32_768
    assert recorded.message
    assert recorded.message.endswith("... (100000 characters)")


def test_a_shortened_text_is_not_shortened_again() -> None:
    once = ErrorObject.from_exception(StepError("x" * 100_000, data="語" * 100_000, stack_trace=["é" * 1_000]))

    again = ErrorObject.from_exception(StepError(once.message, None, once.data, once.stack_trace))

    assert again == once


class WordlessError(Exception):
    """Cannot say what it is."""

    def __str__(self) -> str:
        raise KeyError("text")


def test_an_error_that_fails_to_say_what_it_is_is_recorded_none_the_less() -> None:
    recorded = ErrorObject.from_exception(WordlessError())

    assert recorded.message == "<the text of WordlessError raised KeyError>"


def test_half_a_character_which_cannot_be_sent_is_recorded_as_its_number() -> None:
    recorded = ErrorObject.from_exception(FileNotFoundError(b"caf\xe9".decode(errors="surrogateescape")))

    assert recorded.message == "caf\\udce9"
