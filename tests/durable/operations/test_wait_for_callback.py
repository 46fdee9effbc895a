from typing import Any

import pytest

from durable.config import Duration, WaitForCallbackConfig
from durable.exceptions import (
    CallbackExternalError,
    CallbackSubmitterError,
    CallbackTimeoutError,
    DurableOperationError,
    StepError,
)
from durable.model import ErrorObject
from durable.retries import RetryPresets
from durable.serdes import DEFAULT_JSON_SERDES
from durable.types import WaitForCallbackContext
from tests.durable.execution import ExecutionUnderTest, Program, ident, invoke

ROOT = "aws_durable_execution_sdk_python.exceptions"


class Submitter:
    """Notes the ids it is handed; raises what a test wants."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.callback_ids: list[str] = []

    def __call__(self, callback_id: str, context: WaitForCallbackContext) -> dict[str, str]:
        context.logger.info("Handing out the id")
        self.callback_ids.append(callback_id)
        if self.error:
            raise self.error
        return {"to": "somebody"}

    def program(self, config: WaitForCallbackConfig | None = None, name: str | None = "ask") -> Program:
        return lambda _event, context: context.wait_for_callback(self, name, config)

    def catching(self, config: WaitForCallbackConfig | None = None) -> tuple[Program, list[DurableOperationError]]:
        """The program with a wait at its end, and what it has caught."""
        caught: list[DurableOperationError] = []

        def program(event: object, context: Any) -> None:
            try:
                self.program(config)(event, context)
            except DurableOperationError as error:
                caught.append(error)
            context.wait(Duration(10))

        return program, caught


ONCE = WaitForCallbackConfig(retry_strategy=RetryPresets.none())


def test_the_callback_and_the_step_that_hands_out_its_id_are_recorded_in_a_context() -> None:
    execution, submitter = ExecutionUnderTest(), Submitter()

    invoked = execution.invoke(submitter.program())

    assert invoked.status == "PENDING"
    assert [(update["Id"], update["SubType"], update.get("ParentId")) for update in invoked.updates] == [
        (ident(1), "WaitForCallback", None),
        (ident(1, 1), "Callback", ident(1)),
        (ident(1, 2), "Step", ident(1)),
        (ident(1, 2), "Step", ident(1)),
    ]
    details = execution.operation("ask create callback id").callback_details
    assert details
    assert submitter.callback_ids == [details.callback_id]


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("ask", ["ask", "ask create callback id", "ask submitter", "ask submitter"]),
        (None, [None, "create callback id", "submitter", "submitter"]),
    ],
)
def test_the_inner_operations_are_named_after_the_outer_one(name: str | None, names: list[str | None]) -> None:
    assert [update.get("Name") for update in invoke(Submitter().program(name=name)).updates] == names


def test_the_settings_are_those_of_the_callback() -> None:
    config = WaitForCallbackConfig(Duration(60), Duration(5), sub_type="Approval")

    context, callback, *_ = invoke(Submitter().program(config)).updates

    assert callback["CallbackOptions"] == {"TimeoutSeconds": 60, "HeartbeatTimeoutSeconds": 5}
    assert (context["SubType"], callback["SubType"]) == ("WaitForCallback", "Approval")


def test_the_answer_ends_the_context_and_the_id_is_handed_out_once() -> None:
    execution, submitter = ExecutionUnderTest(), Submitter()
    execution.invoke(submitter.program())
    execution.runtime.callbacks.succeed(submitter.callback_ids[0], '"yes"')

    invoked = execution.invoke(submitter.program())

    assert (invoked.result, invoked.lines) == ('"yes"', ["CONTEXT SUCCEED ask"])
    assert len(submitter.callback_ids) == 1


def test_a_serdes_reads_the_answer_and_writes_what_the_submitter_returns() -> None:
    execution, submitter = ExecutionUnderTest(), Submitter()
    config = WaitForCallbackConfig(serdes=DEFAULT_JSON_SERDES)
    handed_out = execution.invoke(submitter.program(config)).updates[-1]
    execution.runtime.callbacks.succeed(submitter.callback_ids[0], '{"status": "approved"}')

    invoked = execution.invoke(submitter.program(config))

    assert handed_out["Payload"] == '{"to": "somebody"}'
    assert invoked.result == {"status": "approved"}


def test_a_reported_failure_is_raised_as_itself_now_and_on_replay() -> None:
    execution, submitter = ExecutionUnderTest(), Submitter()
    program, caught = submitter.catching()
    execution.invoke(program)
    execution.runtime.callbacks.fail(submitter.callback_ids[0], ErrorObject("not approved", "RejectedError"))

    lines = [execution.invoke(program).lines, execution.invoke(program).lines]

    assert lines == [["CONTEXT FAIL ask", "WAIT START -"], []]
    assert [(type(error), error.message) for error in caught] == [(CallbackExternalError, "not approved")] * 2


def test_a_timeout_is_raised_as_itself() -> None:
    execution = ExecutionUnderTest()
    program, caught = Submitter().catching(WaitForCallbackConfig(Duration(60)))
    execution.invoke(program)
    execution.clock.advance(60)

    execution.invoke(program)

    assert [(type(error), error.message) for error in caught] == [(CallbackTimeoutError, "Callback timed out")]


def test_an_id_that_cannot_be_handed_out_is_the_submitters_failure() -> None:
    program, caught = Submitter(ConnectionError("nobody there")).catching(ONCE)

    invoked = invoke(program)

    assert invoked.lines[-3:-1] == ["STEP FAIL ask submitter", "CONTEXT FAIL ask"]
    (error,) = caught
    assert (type(error), error.message) == (CallbackSubmitterError, "nobody there")
    assert isinstance(error.__cause__, StepError)


def test_the_submitter_is_tried_again_as_its_strategy_says() -> None:
    execution, submitter = ExecutionUnderTest(), Submitter(ConnectionError("nobody there"))
    config = WaitForCallbackConfig(retry_strategy=RetryPresets.fixed(Duration(5)))

    ended = execution.run(submitter.program(config))

    assert ended.status == "FAILED"
    assert len(submitter.callback_ids) == 5
    assert len(set(submitter.callback_ids)) == 1


def test_an_answer_that_the_serdes_cannot_read_fails_the_context() -> None:
    execution, submitter = ExecutionUnderTest(), Submitter()
    config = WaitForCallbackConfig(serdes=DEFAULT_JSON_SERDES)
    execution.invoke(submitter.program(config))
    execution.runtime.callbacks.succeed(submitter.callback_ids[0], "not JSON")

    invoked = execution.invoke(submitter.program(config))

    assert (invoked.status, invoked.lines) == ("FAILED", ["CONTEXT FAIL ask"])
    assert invoked.error["ErrorType"] == f"{ROOT}.SerDesError"
