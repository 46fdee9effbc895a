"""Rows 21 to 25 and 32 of the failure catalogue: what is too large, or nothing that can be sent, fails and says so."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from durable.config import ChildConfig, Duration, InvokeConfig, MapConfig, ParallelBranch, StepConfig
from durable.exceptions import ChildContextError, DurableExecutionsError, StepError, WaitForConditionError
from durable.execution import LAMBDA_RESPONSE_SIZE_LIMIT
from durable.retries import RetryPresets
from durable.serdes import PASS_THROUGH_SERDES, SerDes, SerDesContext
from durable.waits import WaitForConditionConfig
from tests.catalogue.effects import Effects
from tests.catalogue.polls import met
from tests.durable.execution import ExecutionUnderTest, invoke

ROOT = "aws_durable_execution_sdk_python.exceptions"
Body = Callable[[Any], Any]
"""What a handler does with its context."""


def failed_once(body: Body) -> str:
    """The error of an execution that fails in its first invocation."""
    execution = ExecutionUnderTest()

    ended = execution.run(lambda _event, context: body(context))

    assert (ended.status, ended.invocations) == ("FAILED", 1)
    assert ended.error is not None
    return f"{ended.error.type}: {ended.error.message}"


def test_21_a_result_over_256_kib_fails_the_execution_once_and_says_why() -> None:
    effects = Effects()

    told = failed_once(lambda context: context.step(lambda step: effects.of("s")(step) * 300_000, name="s"))

    assert told == (
        f"{ROOT}.SerDesError: The result of step s takes 300002 bytes, a checkpoint holds 262144: "
        "store it elsewhere and pass on where it lies."
    )
    assert effects == ["s"]


HUGE: dict[str, Body] = {
    "step": lambda c: c.step(lambda _: "x" * 900_000, name="s"),
    "step of a child": lambda c: c.run_in_child_context(lambda i: i.step(lambda _: "x" * 7_000_000, name="s")),
    "step of a branch": lambda c: c.parallel([lambda i: i.step(lambda _: "x" * 768_500)], name="p").throw_if_error(),
    "polled state": lambda c: c.wait_for_condition(lambda *_: "x" * 900_000, WaitForConditionConfig(met, ""), "s"),
    "payload of an invoke": lambda c: c.invoke("target", "x" * 7_000_000, name="s"),
}


@pytest.mark.parametrize("place", HUGE)
def test_22_a_value_larger_than_a_whole_batch_fails_and_does_not_hang(place: str) -> None:
    assert " bytes, a checkpoint holds " in failed_once(HUGE[place])


@pytest.mark.parametrize("place", HUGE)
def test_22_a_value_larger_than_a_whole_batch_is_an_error_that_can_be_caught(place: str) -> None:
    def program(_event: object, context: Any) -> str:
        with suppress(DurableExecutionsError):
            HUGE[place](context)
        return Effects().step(context, "after")

    assert ExecutionUnderTest().run(program).result == '"after"'


def test_22_what_the_service_takes_although_it_is_larger_than_a_whole_batch_is_sent_alone() -> None:
    def call(inner: Any) -> object:
        return inner.invoke("unknown", "x" * 900_000, name="call")

    invoked = invoke(lambda _event, context: context.run_in_child_context(call, name="c"))

    assert invoked.lines == ["CONTEXT START c", "CHAINED_INVOKE START call", "CONTEXT FAIL c"]
    assert [len(batch) for batch in invoked.batches] == [1, 1, 1]
    assert invoked.error["ErrorMessage"] == "Function not found: unknown"


class Bytes(SerDes[Any]):
    """Writes no text."""

    def serialize(self, value: Any, serdes_context: SerDesContext) -> str:
        written: Any = str(value).encode()
        return written  # type: ignore[no-any-return]

    def deserialize(self, data: str, serdes_context: SerDesContext) -> Any:
        return data


UNWRITABLE: dict[str, Body] = {
    "step": lambda c: c.step(lambda _: 1, config=StepConfig(serdes=Bytes())),
    "child": lambda c: c.run_in_child_context(lambda _: 1, config=ChildConfig(Bytes())),
    "branch": lambda c: c.map([1], lambda *_: 1, config=MapConfig(item_serdes=Bytes())).throw_if_error(),
    "batch": lambda c: c.map([1], lambda *_: 1, config=MapConfig(serdes=Bytes())),
    "poll": lambda c: c.wait_for_condition(lambda *_: 1, WaitForConditionConfig(met, 0, Bytes())),
    "invoke": lambda c: c.invoke("target", 1, config=InvokeConfig(Bytes())),
}
BAD_NAME: Any = b"name"
MISNAMED: dict[str, Body] = {
    "step": lambda c: c.step(lambda _: 1, name=BAD_NAME),
    "wait": lambda c: c.wait(Duration(1), name=BAD_NAME),
    "callback": lambda c: c.create_callback(BAD_NAME),
    "submitter": lambda c: c.wait_for_callback(lambda *_: None, BAD_NAME),
    "poll": lambda c: c.wait_for_condition(lambda *_: 1, WaitForConditionConfig(met, 0), BAD_NAME),
    "invoke": lambda c: c.invoke("target", 1, name=BAD_NAME),
    "child": lambda c: c.run_in_child_context(lambda _: 1, name=BAD_NAME),
    "map": lambda c: c.map([1], lambda *_: 1, name=BAD_NAME),
    "parallel": lambda c: c.parallel([lambda _: 1], name=BAD_NAME),
    "branch": lambda c: c.parallel([ParallelBranch(lambda _: 1, BAD_NAME)]),
}


@pytest.mark.parametrize("operation", UNWRITABLE)
def test_23_a_serdes_that_gives_no_text_fails_and_does_not_hang(operation: str) -> None:
    assert "a serdes gives text, not <class 'bytes'>" in failed_once(UNWRITABLE[operation])


@pytest.mark.parametrize("operation", MISNAMED)
def test_23_a_name_that_is_no_text_fails_and_does_not_hang(operation: str) -> None:
    assert "must be text of at most 256 printable ASCII characters" in failed_once(MISNAMED[operation])


@pytest.mark.parametrize("sign", ["€", "\U0001f600"])
def test_24_the_result_of_a_child_is_counted_in_bytes(sign: str) -> None:
    execution, effects = ExecutionUnderTest(), Effects()

    def body(inner: Any) -> str:
        return effects.step(inner, "s")[0] and sign * 100_000

    def program(_event: object, context: Any) -> bool:
        large = context.run_in_child_context(body, name="c", config=ChildConfig(PASS_THROUGH_SERDES))
        context.wait(Duration(1), name="w")
        return bool(large == sign * 100_000)

    ended = execution.run(program)

    details = execution.operation("c").context_details
    assert details is not None
    assert (details.replay_children, ended.result, effects) == (True, "true", ["s"])


def hopeless(*_: object) -> None:
    raise ValueError("x" * 100_000)


FAILING: dict[str, Body] = {
    "step": lambda c: c.step(hopeless, config=StepConfig(RetryPresets.none())),
    "attempt": lambda c: c.step(hopeless, config=StepConfig(RetryPresets.fixed())),
    "child": lambda c: c.run_in_child_context(hopeless),
    "branch": lambda c: c.map([1], hopeless).throw_if_error(),
    "poll": lambda c: c.wait_for_condition(hopeless, WaitForConditionConfig(met, 0)),
}


@pytest.mark.parametrize("place", FAILING)
def test_25_an_error_of_100_kilobytes_is_shortened_and_can_be_caught(place: str) -> None:
    def program(_event: object, context: Any) -> int:
        try:
            FAILING[place](context)
        except (StepError, ChildContextError, WaitForConditionError) as error:
            return len(str(error))
        return 0

    ended = ExecutionUnderTest().run(program)

    assert ended.result == str(len("x" * 2_500 + "... (100000 characters)"))


def test_32_a_result_larger_than_the_service_takes_fails_the_execution() -> None:
    invoked = invoke(lambda _event, _context: "x" * (LAMBDA_RESPONSE_SIZE_LIMIT + 1024 * 1024))

    assert (invoked.status, invoked.error["ErrorType"]) == ("FAILED", f"{ROOT}.CheckpointError")
