from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from durable.config import ChildConfig, Duration
from durable.exceptions import ExecutionError, InvocationError, StepError
from tests.durable.execution import ExecutionUnderTest, Program, ident, invoke
from tests.durable.updates import context as child
from tests.durable.updates import step

ROOT = "aws_durable_execution_sdk_python.exceptions"
VIRTUAL = ChildConfig(is_virtual=True)
LIMIT = 256 * 1024
Body = Callable[[Any], object]


def program(body: Body, config: ChildConfig | None = None) -> Program:
    return lambda _event, context: context.run_in_child_context(body, name="c", config=config)


def one_step(inner: Any) -> object:
    return inner.step(lambda _: 1, name="s")


def test_a_child_is_started_before_its_operations_and_ends_with_its_result() -> None:
    invoked = invoke(program(one_step))

    assert invoked.result == 1
    assert invoked.lines == ["CONTEXT START c", "STEP START s", "STEP SUCCEED s", "CONTEXT SUCCEED c"]
    start, step_start, _, end = invoked.updates
    assert start == {"Id": ident(1), "Type": "CONTEXT", "Action": "START", "Name": "c", "SubType": "RunInChildContext"}
    assert (step_start["Id"], step_start["ParentId"]) == (ident(1, 1), ident(1))
    assert (end["Payload"], end["ContextOptions"]) == ("1", {"ReplayChildren": False})


def test_a_child_that_succeeded_is_not_run_again() -> None:
    execution, ran = ExecutionUnderTest(), list[object]()
    execution.given(child("START"), child("SUCCEED", payload='[1,"a"]'))

    invoked = execution.invoke(program(ran.append))

    assert (invoked.result, ran, invoked.batches) == ([1, "a"], [], [])


def test_a_child_that_failed_raises_what_is_recorded() -> None:
    execution, ran = ExecutionUnderTest(), list[object]()
    execution.given(child("START"), child("FAIL"))

    invoked = execution.invoke(program(ran.append))

    assert (ran, invoked.batches) == ([], [])
    assert invoked.error == {"ErrorMessage": "boom", "ErrorType": f"{ROOT}.ChildContextError"}


def test_a_child_that_an_invocation_left_open_goes_on_without_a_second_start() -> None:
    execution = ExecutionUnderTest()
    execution.given(child("START"), step("SUCCEED", at=(1, 1), payload="7"))

    invoked = execution.invoke(program(one_step))

    assert (invoked.result, invoked.lines) == (7, ["CONTEXT SUCCEED c"])


@pytest.mark.parametrize(
    ("error", "recorded"),
    [
        (KeyError("k"), {"ErrorMessage": "'k'", "ErrorType": "KeyError"}),
        (
            StepError("division by zero", "ZeroDivisionError"),
            {"ErrorMessage": "division by zero", "ErrorType": f"{ROOT}.StepError"},
        ),
    ],
)
def test_what_the_body_raises_is_recorded_and_raised_as_the_childs_error(
    error: Exception, recorded: dict[str, str]
) -> None:
    def body(_inner: object) -> None:
        raise error

    invoked = invoke(program(body))

    assert invoked.lines == ["CONTEXT START c", "CONTEXT FAIL c"]
    assert invoked.updates[1]["Error"] == recorded
    assert invoked.error == {"ErrorMessage": recorded["ErrorMessage"], "ErrorType": f"{ROOT}.ChildContextError"}


@pytest.mark.parametrize("config", [ChildConfig(), VIRTUAL])
def test_an_execution_error_passes_the_child_and_is_not_recorded_with_it(config: ChildConfig) -> None:
    def body(_inner: object) -> None:
        raise ExecutionError("enough")

    invoked = invoke(program(body, config))

    assert invoked.error == {"ErrorMessage": "enough", "ErrorType": f"{ROOT}.ExecutionError"}
    assert "CONTEXT FAIL c" not in invoked.lines


def test_an_error_that_may_pass_leaves_the_handler_and_is_not_recorded() -> None:
    def body(_inner: object) -> None:
        raise InvocationError("later")

    execution = ExecutionUnderTest()

    with pytest.raises(InvocationError, match="later"):
        execution.invoke(program(body))

    assert "FAIL" not in {update.action for batch in execution.service.batches for update in batch}


def test_a_result_of_256_kib_is_recorded_as_it_is() -> None:
    invoked = invoke(lambda _e, c: len(c.run_in_child_context(lambda _: "x" * (LIMIT - 2), name="c")))

    assert invoked.updates[-1]["ContextOptions"] == {"ReplayChildren": False}
    assert len(invoked.updates[-1]["Payload"]) == LIMIT


def test_a_larger_result_is_rebuilt_from_the_childs_operations() -> None:
    ran: list[str] = []

    def body(inner: Any) -> str:
        inner.step(lambda _: ran.append("step"), name="s")
        ran.append("body")
        return "x" * LIMIT

    def twice(_event: object, context: Any) -> bool:
        same: bool = context.run_in_child_context(body, name="c") == "x" * LIMIT
        context.wait(Duration(1), name="w")
        return same

    execution = ExecutionUnderTest()

    ended = execution.run(twice)

    details = execution.operation("c").context_details
    assert details
    assert (details.replay_children, details.result) == (True, "")
    assert (ended.result, ran) == ("true", ["step", "body", "body"])


def test_a_summary_is_recorded_in_place_of_a_large_result() -> None:
    config = ChildConfig(summary_generator=lambda result: f"{len(result)} letters")

    invoked = invoke(lambda _e, c: len(c.run_in_child_context(lambda _: "x" * LIMIT, name="c", config=config)))

    assert invoked.result == LIMIT
    assert invoked.updates[-1]["Payload"] == "262144 letters"


def test_a_summary_is_not_asked_for_where_the_result_fits() -> None:
    invoked = invoke(program(one_step, ChildConfig(summary_generator=lambda _: "never")))

    assert invoked.updates[-1]["Payload"] == "1"


def test_a_summary_that_raises_fails_the_child() -> None:
    def summarise(_result: object) -> str:
        raise LookupError("no summary")

    invoked = invoke(program(lambda _: "x" * LIMIT, ChildConfig(summary_generator=summarise)))

    assert invoked.lines == ["CONTEXT START c", "CONTEXT FAIL c"]
    assert invoked.error["ErrorMessage"] == "no summary"


def test_a_summary_too_large_for_a_checkpoint_fails_the_child() -> None:
    invoked = invoke(program(lambda _: "x" * LIMIT, ChildConfig(summary_generator=lambda result: result * 2)))

    assert invoked.lines == ["CONTEXT START c", "CONTEXT FAIL c"]
    assert "The summary of c takes 524288 bytes, a checkpoint holds 262144" in invoked.error["ErrorMessage"]


def test_a_virtual_child_is_not_recorded_and_its_operations_report_the_context_around() -> None:
    def outer(inner: Any) -> object:
        return inner.run_in_child_context(one_step, name="v", config=VIRTUAL)

    invoked = invoke(program(outer))

    assert invoked.lines == ["CONTEXT START c", "STEP START s", "STEP SUCCEED s", "CONTEXT SUCCEED c"]
    assert invoked.updates[1]["Id"] == ident(1, 1, 1)
    assert invoked.updates[1]["ParentId"] == ident(1)


def test_a_virtual_child_runs_on_every_replay_over_its_operations() -> None:
    bodies, steps = list[str](), list[str]()

    def body(inner: Any) -> None:
        bodies.append("!")
        inner.step(lambda _: steps.append("!"), name="s")

    def twice(_event: object, context: Any) -> None:
        context.run_in_child_context(body, config=VIRTUAL)
        context.wait(Duration(1))

    ExecutionUnderTest().run(twice)

    assert (len(bodies), len(steps)) == (2, 1)


def test_the_result_of_a_virtual_child_is_what_its_serdes_makes_of_it() -> None:
    class Marker:
        """Nothing that can be written."""

    invoked = invoke(program(lambda _: Marker(), VIRTUAL))

    assert invoked.error["ErrorType"] == f"{ROOT}.SerDesError"


def swallowed(inner: Any) -> str:
    with suppress(BaseException):
        inner.wait(Duration(3_600), name="w")
    return "an hour too early"


def test_an_error_after_a_swallowed_suspension_is_not_recorded() -> None:
    def body(inner: Any) -> None:
        swallowed(inner)
        raise ValueError("too early")

    invoked = invoke(program(body))

    assert (invoked.status, invoked.lines[-1]) == ("PENDING", "WAIT START w")


def test_a_summary_is_recorded_as_text_whatever_it_is() -> None:
    config = ChildConfig(summary_generator=len)  # type: ignore[arg-type]

    invoked = invoke(lambda _e, c: len(c.run_in_child_context(lambda _: "x" * LIMIT, name="c", config=config)))

    assert invoked.updates[-1]["Payload"] == "262144"


def test_the_context_of_a_child_that_has_ended_fails_the_execution_where_it_is_used_again() -> None:
    effects: list[object] = []

    def used_again(_event: object, context: Any) -> object:
        kept: list[Any] = []
        context.run_in_child_context(kept.append, name="c")
        return kept[0].step(effects.append, name="late")

    invoked = invoke(used_again)

    assert (invoked.status, effects) == ("FAILED", [])
    assert invoked.error["ErrorType"] == f"{ROOT}.OrphanedChildException"
    assert invoked.lines == ["CONTEXT START c", "CONTEXT SUCCEED c"]
