"""Rows 56 to 64 of the failure catalogue: values on their way into the record and back."""

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from durable.config import (
    CallbackConfig,
    ChildConfig,
    Duration,
    InvokeConfig,
    MapConfig,
    StepConfig,
    WaitForCallbackConfig,
)
from durable.exceptions import StepError
from durable.retries import RetryPresets
from durable.serdes import SerDes, SerDesContext
from durable.waits import WaitForConditionConfig
from durable_local.executions import Execution
from tests.catalogue.effects import Effects
from tests.catalogue.polls import met
from tests.durable.execution import ExecutionUnderTest, Program

ROOT = "aws_durable_execution_sdk_python.exceptions"
Body = Callable[[Any], Any]

VALUES: dict[str, object] = {
    "decimal": Decimal("1.10"),
    "moment": datetime(2026, 3, 29, 1, 30, 0, 17, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    "moment without zone": datetime(2026, 3, 29, 1, 30),  # noqa: DTZ001 - it stays without
    "date": date(2026, 2, 28),
    "bytes": bytes(range(256)),
    "uuid": UUID(int=7),
    "nested tuples": (1, (2, [3, (4,)], ()), {"a": (5,)}),
    "an envelope look-alike": {"t": "d", "v": "1.10"},
    "a list of look-alikes": [{"t": "i", "v": 1}, {"t": "?"}],
    "NUL": "a\x00b",
    "astral": "\U0001f600 \U0010ffff",
    "a lone surrogate": "\ud800",
    "negative zero": -0.0,
    "10 ** 400": 10**400,
    "subnormal": 5e-324,
    "empty containers": [[], {}, (), "", b""],
    "nothing": None,
    "truth beside one": [True, 1, 1.0, False, 0],
}


def of_a_branch(context: Any, value: object) -> object:
    batch = context.parallel([lambda _: value])
    batch.throw_if_error()
    return batch.get_results()[0]


WAYS: dict[str, Callable[[object], Body]] = {
    "step": lambda value: lambda c: c.step(lambda _: value),
    "child": lambda value: lambda c: c.run_in_child_context(lambda _: value),
    "branch": lambda value: lambda c: of_a_branch(c, value),
    "poll": lambda value: lambda c: c.wait_for_condition(lambda *_: value, WaitForConditionConfig(met, None)),
}


def twice(body: Body, seen: list[Any]) -> Program:
    """What a body comes to in a first run and in a replay."""

    def program(_event: object, context: Any) -> None:
        seen.append(body(context))
        context.wait(Duration(1), name="w")

    return program


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("value", VALUES)
def test_56_a_value_is_equal_and_of_the_same_types_on_run_and_replay(value: str, way: str) -> None:
    seen: list[Any] = []

    ended = ExecutionUnderTest().run(twice(WAYS[way](VALUES[value]), seen))

    assert (ended.status, len(seen)) == ("SUCCEEDED", 2)
    assert [repr(each) for each in seen] == [repr(VALUES[value])] * 2


def failed_once(body: Body) -> str:
    """The error of an execution that fails in its first invocation."""
    execution = ExecutionUnderTest()

    ended = execution.run(lambda _event, context: body(context))

    assert (ended.status, ended.invocations) == ("FAILED", 1)
    assert ended.error is not None
    return f"{ended.error.type}: {ended.error.message}"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("value", [{1: "a"}, {None: "a"}, {True: "a"}, [{"b": {1: "a", "1": "b"}}]])
def test_57_a_key_that_would_come_back_as_text_is_refused(value: object, way: str) -> None:
    assert "would come back as text; use text keys" in failed_once(WAYS[way](value))


@pytest.mark.parametrize("value", [{1: "a", "1": "b"}, {None: "a"}, [{True: 1}]])
def test_57_a_result_or_payload_whose_keys_json_would_change_is_refused(value: object) -> None:
    assert "key" in failed_once(lambda _: value)
    assert "key" in failed_once(lambda c: c.invoke("target", value))


NO_JSON = [math.nan, math.inf, -math.inf, [{"a": math.nan}]]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("value", NO_JSON)
def test_58_a_number_that_json_does_not_know_is_refused(value: object, way: str) -> None:
    assert "not JSON compliant" in failed_once(WAYS[way](value))


@pytest.mark.parametrize("value", NO_JSON)
def test_58_a_result_or_payload_with_a_number_that_json_does_not_know_is_refused(value: object) -> None:
    assert "not JSON compliant" in failed_once(lambda _: value)
    assert "not JSON compliant" in failed_once(lambda c: c.invoke("target", value))


@pytest.mark.parametrize("value", [{1, 2}, timedelta(1), object(), (each for each in "ab"), ValueError, 1j])
def test_59_what_cannot_be_written_is_refused_at_the_first_attempt(value: object) -> None:
    effects = Effects()

    told = failed_once(lambda context: context.step(lambda step: effects.of("s")(step) and value))

    assert told == f"{ROOT}.SerDesError: Unsupported type: {type(value)}"
    assert effects == ["s"]


@pytest.mark.parametrize("way", WAYS)
def test_60_who_changes_a_result_changes_neither_its_source_nor_its_record(way: str) -> None:
    source: dict[str, list[int]] = {"amounts": [1]}
    seen: list[Any] = []

    def changing(context: Any) -> str:
        result = WAYS[way](source)(context)
        before = repr(result)
        result["amounts"].append(2)
        return before

    ExecutionUnderTest().run(twice(changing, seen))

    assert seen == ["{'amounts': [1]}"] * 2
    assert source == {"amounts": [1]}


class DeclinedError(Exception):
    """Cannot be made from its text alone."""

    def __init__(self, *, amount: Decimal, card: object) -> None:
        super().__init__(amount, card)
        self.amount = amount

    def __str__(self) -> str:
        return f"{self.amount} declined"


def test_61_an_error_that_cannot_be_rebuilt_is_told_by_its_fields() -> None:
    seen: list[tuple[object, ...]] = []

    def decline(_step: object) -> None:
        raise DeclinedError(amount=Decimal(7), card=object())

    def program(_event: object, context: Any) -> None:
        try:
            context.step(decline, name="s", config=StepConfig(RetryPresets.none()))
        except StepError as error:
            seen.append((error.message, error.error_type, str(error.__cause__)))
        context.wait(Duration(1))

    ended = ExecutionUnderTest().run(program)

    assert ended.status == "SUCCEEDED"
    assert seen == [("7 declined", f"{__name__}.DeclinedError", "7 declined")] * 2


class Unwilling(SerDes[Any]):
    """Refuses to write, or to read."""

    def __init__(self, refused: str) -> None:
        self.refused = refused

    def serialize(self, value: Any, serdes_context: SerDesContext) -> str:
        return self._unless("write", str(value))

    def deserialize(self, data: str, serdes_context: SerDesContext) -> Any:
        return self._unless("read", data)

    def _unless(self, what: str, text: str) -> str:
        if what == self.refused:
            raise LookupError(f"I do not {what}")
        return text


REFUSING: dict[str, Callable[[Unwilling], Body]] = {
    "step": lambda s: lambda c: c.step(lambda _: 1, config=StepConfig(serdes=s)),
    "child": lambda s: lambda c: c.run_in_child_context(lambda _: 1, config=ChildConfig(s)),
    "branch": lambda s: lambda c: c.map([1], lambda *_: 1, config=MapConfig(item_serdes=s)).throw_if_error(),
    "batch": lambda s: lambda c: c.map([1], lambda *_: 1, config=MapConfig(serdes=s)),
    "poll": lambda s: lambda c: c.wait_for_condition(lambda *_: 1, WaitForConditionConfig(met, 0, s)),
}


@pytest.mark.parametrize("operation", REFUSING)
@pytest.mark.parametrize("what", ["write", "read"])
def test_62_a_serdes_that_raises_fails_the_execution_at_once(what: str, operation: str) -> None:
    assert f"I do not {what}" in failed_once(REFUSING[operation](Unwilling(what)))


def test_62_a_payload_that_cannot_be_written_fails_the_execution_at_once() -> None:
    assert "I do not write" in failed_once(lambda c: c.invoke("target", 1, config=InvokeConfig(Unwilling("write"))))


class Shouting(SerDes[Any]):
    """Reads in capitals."""

    def serialize(self, value: Any, serdes_context: SerDesContext) -> str:
        return str(value)

    def deserialize(self, data: str, serdes_context: SerDesContext) -> Any:
        return data.upper()


def submitted(context: Any, hand_out: Callable[[str], object]) -> object:
    config = WaitForCallbackConfig(serdes=Shouting())
    return context.wait_for_callback(lambda callback_id, _: str(hand_out(callback_id)), "ask", config)


def created(context: Any, hand_out: Callable[[str], object]) -> object:
    callback = context.create_callback("ask", CallbackConfig(serdes=Shouting()))
    context.step(lambda _: str(hand_out(callback.callback_id)))
    return callback.result()


@pytest.mark.parametrize("ask", [submitted, created])
@pytest.mark.parametrize("is_late", [False, True])
def test_63_an_answer_is_read_by_its_serdes_on_every_path(
    ask: Callable[[Any, Callable[[str], object]], object], is_late: bool
) -> None:
    execution, ids, seen = ExecutionUnderTest(), list[str](), list[Any]()

    def hand_out(callback_id: str) -> None:
        ids.append(callback_id)
        if not is_late:
            execution.runtime.callbacks.succeed(callback_id, "yes")

    program = twice(lambda context: ask(context, hand_out), seen)
    ended = execution.run(program)
    if is_late:
        assert (ended.status, seen) == ("RUNNING", [])
        execution.runtime.callbacks.succeed(ids[0], "yes")
        ended = execution.run(program)

    assert (ended.status, set(seen), len(ids)) == ("SUCCEEDED", {"YES"}, 1)


@pytest.mark.parametrize("payload", ["{", "'single'", "[1,]", "\x00"])
def test_64_an_input_that_is_no_json_fails_the_execution_at_once(payload: str) -> None:
    effects = Effects()
    execution = ExecutionUnderTest(payload)

    ended: Execution = execution.run(lambda _event, context: effects.step(context, "s"))

    assert (ended.status, ended.invocations, effects) == ("FAILED", 1, [])
