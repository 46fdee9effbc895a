from collections.abc import Callable
from typing import Any

import pytest

from durable.config import CallbackConfig, ChildConfig, Duration
from durable.exceptions import CallbackError, CallbackExternalError, CallbackTimeoutError
from durable.model import ErrorObject
from durable.serdes import DEFAULT_JSON_SERDES
from tests.durable.execution import ExecutionUnderTest, Program, ident, invoke

ROOT = "aws_durable_execution_sdk_python.exceptions"
REJECTED = ErrorObject("not approved", "RejectedError", "because", ["line 1"])


def ask(config: CallbackConfig | None = None) -> Program:
    return lambda _event, context: context.create_callback("ask", config).result()


def asked(config: CallbackConfig | None = None) -> ExecutionUnderTest:
    """An execution that has asked and is suspended."""
    execution = ExecutionUnderTest()
    assert execution.invoke(ask(config)).status == "PENDING"
    return execution


def callback_id(execution: ExecutionUnderTest) -> str:
    details = execution.operation("ask").callback_details
    assert details
    return details.callback_id


def test_a_new_callback_is_recorded_with_both_timeouts_and_has_its_id_at_once() -> None:
    config = CallbackConfig(Duration(60), Duration(5))
    execution = ExecutionUnderTest()

    invoked = execution.invoke(lambda _event, context: context.create_callback("ask", config).callback_id)

    assert invoked.result == callback_id(execution)
    assert invoked.updates == [
        {
            "Id": ident(1),
            "Type": "CALLBACK",
            "Action": "START",
            "Name": "ask",
            "SubType": "Callback",
            "CallbackOptions": {"TimeoutSeconds": 60, "HeartbeatTimeoutSeconds": 5},
        }
    ]


def test_a_callback_without_settings_waits_for_ever_and_may_have_a_sub_type_of_its_own() -> None:
    (update,) = invoke(ask(CallbackConfig(sub_type="Approval"))).updates

    assert update["CallbackOptions"] == {"TimeoutSeconds": 0, "HeartbeatTimeoutSeconds": 0}
    assert update["SubType"] == "Approval"


def test_a_callback_keeps_its_id_and_is_recorded_once() -> None:
    execution = asked()

    invoked = execution.invoke(lambda _event, context: context.create_callback("ask").callback_id)

    assert (invoked.result, invoked.updates) == (callback_id(execution), [])


def test_an_open_callback_suspends_only_where_its_result_is_asked_for() -> None:
    def program(_event: object, context: Any) -> Any:
        callback = context.create_callback("ask")
        context.step(lambda _: 1, name="meanwhile")
        return callback.result()

    invoked = invoke(program)

    assert invoked.status == "PENDING"
    assert invoked.lines == ["CALLBACK START ask", "STEP START meanwhile", "STEP SUCCEED meanwhile"]


@pytest.mark.parametrize(
    ("config", "text", "result"),
    [
        (None, '{"a":1}', '{"a":1}'),
        (CallbackConfig(serdes=DEFAULT_JSON_SERDES), '{"a":1}', {"a": 1}),
        (CallbackConfig(serdes=DEFAULT_JSON_SERDES), None, None),
        (None, "", ""),
    ],
)
def test_an_answer_is_the_text_itself_unless_a_serdes_reads_it(
    config: CallbackConfig | None, text: str | None, result: object
) -> None:
    execution = asked(config)
    execution.runtime.callbacks.succeed(callback_id(execution), text)

    invoked = execution.invoke(ask(config))

    assert (invoked.result, invoked.updates) == (result, [])


def test_a_reported_failure_is_raised_with_its_words_but_not_its_type() -> None:
    execution = asked()
    execution.runtime.callbacks.fail(callback_id(execution), REJECTED)

    error = raised(execution, ask())

    assert type(error) is CallbackExternalError
    assert (error.message, error.data, error.stack_trace) == ("not approved", "because", ["line 1"])
    assert error.error_type == f"{ROOT}.CallbackExternalError"


def test_a_failure_without_words_says_at_least_that_the_callback_failed() -> None:
    execution = asked()
    execution.runtime.callbacks.fail(callback_id(execution), ErrorObject())

    assert raised(execution, ask()).message == "Callback failed"


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (CallbackConfig(Duration(60), Duration(100)), "Callback timed out"),
        (CallbackConfig(heartbeat_timeout=Duration(60)), "Callback timed out on heartbeat"),
    ],
)
def test_a_callback_that_nobody_answers_in_time_raises(config: CallbackConfig, message: str) -> None:
    execution = asked(config)
    execution.clock.advance(60)

    error = raised(execution, ask(config))

    assert (type(error), error.message) == (CallbackTimeoutError, message)


def test_an_answer_that_the_serdes_cannot_read_fails_the_execution_and_stays_recorded() -> None:
    config = CallbackConfig(serdes=DEFAULT_JSON_SERDES)
    execution = asked(config)
    execution.runtime.callbacks.succeed(callback_id(execution), "not JSON")

    invoked = execution.invoke(ask(config))

    assert invoked.status == "FAILED"
    assert invoked.error["ErrorType"] == f"{ROOT}.SerDesError"
    assert execution.operation("ask").status == "SUCCEEDED"


def test_callbacks_may_be_answered_in_any_order() -> None:
    def both(_event: object, context: Any) -> Any:
        first, second = context.create_callback("other"), context.create_callback("ask")
        return [second.result(), first.result()]

    execution = ExecutionUnderTest()
    execution.invoke(both)
    execution.runtime.callbacks.succeed(callback_id(execution), "second")

    invoked = execution.invoke(both)

    assert (invoked.status, invoked.updates) == ("PENDING", [])


def raised(execution: ExecutionUnderTest, program: Callable[[Any, Any], Any]) -> CallbackError:
    """What the callback's result raises in the next invocation."""
    caught: list[CallbackError] = []

    def catching(event: object, context: Any) -> None:
        try:
            program(event, context)
        except CallbackError as error:
            caught.append(error)

    assert execution.invoke(catching).status == "SUCCEEDED"
    return caught[0]


def test_a_callback_made_in_a_virtual_child_gives_its_answer_outside_of_it() -> None:
    def program(_event: object, context: Any) -> object:
        made: list[Any] = []
        virtual = ChildConfig(is_virtual=True)
        context.run_in_child_context(lambda inner: made.append(inner.create_callback("ask")), config=virtual)
        return made[0].result()

    execution = ExecutionUnderTest()

    asking = execution.invoke(program)
    execution.runtime.callbacks.succeed(callback_id(execution), '"yes"')
    answered = execution.invoke(program)

    assert (asking.status, answered.result) == ("PENDING", '"yes"')
