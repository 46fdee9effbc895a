"""The invocation in which nothing happens."""

import functools
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import aws_durable_execution_sdk_python as official
import pytest

from durable.execution import durable_execution
from durable.serdes import SerDes, SerDesContext
from durable_local.replay.record import Record, record_of
from durable_local.replay.rehearsal import NotDurableError, rehearse
from durable_local.testing import run
from tests.durable.programs import names_under
from tests.durable_local.replay.orders import as_json, unexpected

NAMES = names_under("durable")
BEFORE_ANYTHING: list[dict[str, Any]] = [
    {
        "EventId": 1,
        "EventType": "ExecutionStarted",
        "Id": "x",
        "Name": "new",
        "EventTimestamp": 0,
        "ExecutionStartedDetails": {"Input": {"Payload": '{"n": 7}', "Truncated": False}},
    }
]
BEGINNINGS: dict[str, Callable[[Any], object]] = {
    "step": lambda c: c.step(lambda _: unexpected("a step"), name="new"),
    "at-most-once step": lambda c: c.step(
        lambda _: unexpected("a step"),
        "new",
        NAMES.StepConfig(step_semantics=NAMES.StepSemantics.AT_MOST_ONCE_PER_RETRY),
    ),
    "wait": lambda c: c.wait(NAMES.Duration(1), name="new"),
    "callback": lambda c: unexpected(c.create_callback(name="new").callback_id),
    "wait for a callback": lambda c: c.wait_for_callback(lambda *_: unexpected("a submitter"), name="new"),
    "condition": lambda c: c.wait_for_condition(
        lambda *_: unexpected("a check"), NAMES.WaitForConditionConfig(lambda *_: unexpected("a strategy"), 0), "new"
    ),
    "invoke": lambda c: c.invoke("function", unexpected, name="new"),
    "child": lambda c: c.run_in_child_context(lambda _: unexpected("a child"), name="new"),
    "parallel": lambda c: c.parallel([lambda _: unexpected("a branch")], name="new"),
    "map": lambda c: c.map([1], lambda *_: unexpected("an item"), name="new"),
}


def new() -> Record:
    return record_of(BEFORE_ANYTHING)


@pytest.mark.parametrize("kind", [each for each in BEGINNINGS if each != "invoke"])
def test_an_operation_that_is_not_recorded_does_not_begin(kind: str) -> None:
    rehearsal = rehearse(durable_execution(lambda _, context: BEGINNINGS[kind](context)), new())

    assert [each.name for each in rehearsal.begun] == ["new"]
    assert not rehearsal.has_ended
    assert not rehearsal.ends


def test_an_invoke_that_is_not_recorded_sends_nothing() -> None:
    rehearsal = rehearse(durable_execution(lambda _, context: context.invoke("function", {"n": 1}, name="new")), new())

    assert [each.name for each in rehearsal.begun] == ["new"]
    assert not rehearsal.ends


def test_the_handler_is_given_the_recorded_input_and_name() -> None:
    def handler(event: Any, context: Any) -> object:
        return [event["n"], context.execution_context.durable_execution_arn.split("/")[-2]]

    assert rehearse(durable_execution(handler), new()).answer["Result"] == '[7, "new"]'


def test_a_suspension_that_the_code_swallows_begins_nothing_after_it() -> None:
    def stubborn(_event: object, context: Any) -> None:
        for name in ("first", "second"):
            with suppress(BaseException):
                context.step(lambda _: unexpected("a step"), name=name)

    rehearsal = rehearse(durable_execution(stubborn), new())

    assert [each.name for each in rehearsal.begun] == ["first"]


def test_an_error_of_the_handler_is_its_ending() -> None:
    def broken(_event: object, _context: object) -> None:
        raise LookupError("lost")

    rehearsal = rehearse(durable_execution(broken), new())

    assert rehearsal.error
    assert (rehearsal.error.type, rehearsal.error.message) == ("LookupError", "lost")


def test_an_error_for_which_the_invocation_would_be_repeated_is_an_ending_too() -> None:
    def interrupted(_event: object, _context: object) -> None:
        raise NAMES.InvocationError("come again")

    rehearsal = rehearse(durable_execution(interrupted), new())

    assert rehearsal.has_ended
    assert rehearsal.error
    assert rehearsal.error.message == "come again"


def test_a_large_result_is_not_recorded_but_known() -> None:
    rehearsal = rehearse(durable_execution(lambda *_: "x" * 7_000_000), new())

    assert rehearsal.ending
    assert len(json.loads(rehearsal.ending.result or "")) == 7_000_000


class Unread(SerDes[object]):
    """Writes what it does not read."""

    def serialize(self, value: object, serdes_context: SerDesContext) -> str:
        return str(value)

    def deserialize(self, data: str, serdes_context: SerDesContext) -> object:
        raise ValueError(data)


def reading(serdes: SerDes[Any] | None) -> Callable[[Any, Any], Any]:
    @durable_execution
    def handler(_event: object, context: Any) -> object:
        try:
            return context.step(lambda _: "text", name="a", config=NAMES.StepConfig(serdes=serdes))
        except NAMES.SerDesError as error:
            raise LookupError("no text") from error

    return handler


def test_a_result_that_is_read_in_vain_is_known_even_if_the_code_raises_an_error_of_its_own() -> None:
    record = record_of(as_json(run(reading(None))))

    rehearsal = rehearse(reading(Unread()), record)

    assert [*rehearsal.unreadable()] == [record.operations[1].operation_id]


def logged(handler: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    @functools.wraps(handler)
    def inner(event: Any, context: Any) -> Any:
        return handler(event, context)

    return inner


def test_decorators_above_and_below_durable_execution_are_passed_through() -> None:
    @logged
    @durable_execution
    @logged
    def handler(event: Any, _context: object) -> object:
        return event["n"]

    assert rehearse(handler, new()).answer["Result"] == "7"


@pytest.mark.parametrize(
    "handler", [lambda *_: 1, logged(lambda *_: 1), official.durable_execution(lambda *_: 1), print]
)
def test_a_handler_that_is_not_one_of_this_core_is_refused(handler: Callable[..., Any]) -> None:
    with pytest.raises(NotDurableError, match=r"is no function decorated with durable\.durable_execution"):
        rehearse(handler, new())
