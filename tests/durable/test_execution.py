import json
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from durable import durable_execution
from durable.config import StepConfig
from durable.exceptions import (
    CheckpointError,
    DurableExecutionsError,
    ExecutionError,
    GetExecutionStateError,
    InvocationError,
    StepError,
    StepInterruptedError,
    ValidationError,
)
from durable.execution import LAMBDA_RESPONSE_SIZE_LIMIT, ORPHANS_PATIENCE
from durable.model import CheckpointOutput, OperationType
from durable.retries import RetryPresets
from durable_local.hosts.events import envelope
from tests.durable import recording
from tests.durable.execution import ExecutionUnderTest, Program, invoke, presented, with_empty_first_page
from tests.durable.recording import PATIENCE, ApiError, Call, refused, without_token
from tests.durable.updates import step
from tests.fakes.lambda_api import LambdaApi
from tests.fakes.watched_scheduler import WatchedScheduler

ROOT = "aws_durable_execution_sdk_python.exceptions"
MEBIBYTE = 1024 * 1024


def one_step(_event: object, context: Any) -> object:
    return context.step(lambda _: 1, name="s")


def raising(error: BaseException) -> Program:
    def program(_event: object, _context: object) -> None:
        raise error

    return program


@pytest.mark.parametrize(
    ("value", "text"), [(None, "null"), ({"a": (1, 2)}, '{"a": [1, 2]}'), ({"1": "€"}, '{"1": "\\u20ac"}'), ("", '""')]
)
def test_a_result_is_answered_as_plain_json(value: object, text: str) -> None:
    invoked = invoke(lambda _event, _context: value)

    assert invoked.answer == {"Status": "SUCCEEDED", "Result": text}
    assert invoked.batches == []


@pytest.mark.parametrize("value", [object(), {1, 2}, float("nan"), [float("inf")]])
def test_a_result_that_is_no_json_fails_the_execution(value: object) -> None:
    invoked = invoke(lambda _event, _context: value)

    assert invoked.status == "FAILED"
    assert "JSON" in invoked.error["ErrorMessage"]


def test_an_error_is_answered_with_its_text_and_class() -> None:
    invoked = invoke(raising(ValueError("boom")))

    assert invoked.status == "FAILED"
    assert invoked.error == {"ErrorMessage": "boom", "ErrorType": "ValueError"}


@pytest.mark.parametrize("value", [{1: "a"}, [{"a": ({None: 1},)}], {True: 1}])
def test_a_result_with_a_key_that_json_would_change_fails_the_execution_and_says_which(value: object) -> None:
    invoked = invoke(lambda _event, _context: value)

    assert invoked.status == "FAILED"
    assert "would come back as text; use text keys" in invoked.error["ErrorMessage"]


@pytest.mark.parametrize("payload", ["{not json", "nothing", "[" * 100_000])
def test_an_input_that_is_no_json_fails_the_execution_at_once(payload: str) -> None:
    ran: list[object] = []

    invoked = invoke(lambda event, _context: ran.append(event), payload)

    assert (invoked.status, ran) == ("FAILED", [])
    assert f"The input {payload[:100]!r} is not JSON" in invoked.error["ErrorMessage"]


@pytest.mark.parametrize("character", ["x", '"', "\\", "é"])
def test_the_largest_result_that_lambda_returns_is_answered(character: str) -> None:
    taken = len(json.dumps(json.dumps(character))) - 6

    invoked = invoke(lambda _event, _context: character * ((LAMBDA_RESPONSE_SIZE_LIMIT - 6) // taken))

    assert MEBIBYTE * 6 - 50 - taken < len(json.dumps(invoked.answer)) <= MEBIBYTE * 6
    assert invoked.batches == []


@pytest.mark.parametrize("character", ['"', "\\", "é"])
def test_a_result_that_lambda_would_not_return_for_its_escapes_is_recorded(character: str) -> None:
    taken = len(json.dumps(json.dumps(character))) - 6

    invoked = invoke(lambda _event, _context: character * ((LAMBDA_RESPONSE_SIZE_LIMIT - 6) // taken + 1))

    assert invoked.answer == {"Status": "SUCCEEDED", "Result": ""}
    assert [update["Type"] for update in invoked.updates] == ["EXECUTION"]


def test_a_larger_result_is_recorded_as_the_end_of_the_execution() -> None:
    execution = ExecutionUnderTest()

    invoked = execution.invoke(lambda _event, _context: "x" * (LAMBDA_RESPONSE_SIZE_LIMIT - 5))

    assert invoked.answer == {"Status": "SUCCEEDED", "Result": ""}
    (update,) = invoked.updates
    assert (update["Type"], update["Action"]) == ("EXECUTION", "SUCCEED")
    assert update["Id"].startswith("execution-result-")
    ended = execution.runtime.executions.get(execution.arn)
    assert (ended.status, len(ended.result or "")) == ("SUCCEEDED", LAMBDA_RESPONSE_SIZE_LIMIT - 3)


def test_an_error_of_seven_megabytes_is_shortened() -> None:
    invoked = invoke(raising(ValueError("x" * (7 * MEBIBYTE))))

    assert invoked.status == "FAILED"
    assert invoked.error["ErrorMessage"] == "x" * 2_500 + f"... ({7 * MEBIBYTE} characters)"


@pytest.mark.parametrize("depth", [0, 20])
def test_an_error_says_where_in_the_users_code_it_was_raised(depth: int) -> None:
    def deep(levels: int) -> None:
        if levels == 0:
            raise ValueError("boom")
        deep(levels - 1)

    trace = invoke(lambda _event, context: context.run_in_child_context(lambda _: deep(depth))).batches[-1][-1]["Error"]

    assert 1 < len(trace["StackTrace"]) <= 10
    assert "in deep" in trace["StackTrace"][-1]
    assert 'raise ValueError("boom")' in trace["StackTrace"][-1]
    assert not any("durable/operations" in frame and "tests" not in frame for frame in trace["StackTrace"])
    assert len(json.dumps(trace)) < 32_768


@pytest.mark.parametrize(
    ("told", "answered"),
    [
        ({"message": 42}, {"ErrorMessage": "42"}),
        ({"message": "no", "data": {"code": 7}}, {"ErrorMessage": "no", "ErrorData": "{'code': 7}"}),
        ({"message": "no", "stack_trace": [Path("a.py")]}, {"ErrorMessage": "no", "StackTrace": ["a.py"]}),
    ],
)
def test_an_error_whose_words_are_no_text_is_answered_as_text(told: dict[str, Any], answered: dict[str, Any]) -> None:
    invoked = invoke(raising(StepError(**told)))

    assert invoked.status == "FAILED"
    assert invoked.answer["Error"] == {"ErrorType": f"{ROOT}.StepError", **answered}


@pytest.mark.parametrize("error", [ExecutionError("x"), ValidationError("x"), DurableExecutionsError("x")])
def test_an_error_that_will_not_pass_fails_the_execution(error: Exception) -> None:
    invoked = invoke(raising(error))

    assert (invoked.status, invoked.error["ErrorType"]) == ("FAILED", f"{ROOT}.{type(error).__name__}")


@pytest.mark.parametrize(
    "error",
    [
        InvocationError("x"),
        StepInterruptedError("x"),
        CheckpointError.from_exception(ApiError(*recording.THROTTLED)),
        KeyboardInterrupt(),
        SystemExit(3),
    ],
)
def test_an_error_that_may_pass_leaves_the_handler(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught:
        invoke(raising(error))

    assert caught.value is error


def test_a_users_error_may_have_an_outcome_of_its_own() -> None:
    class PaymentError(Exception):
        outcome = "declined"

    assert invoke(raising(PaymentError("no money"))).error["ErrorMessage"] == "no money"


@pytest.mark.parametrize("failure", [recording.THROTTLED, recording.FAULT, recording.STALE_TOKEN])
def test_a_checkpoint_that_failed_for_now_leaves_the_handler(failure: tuple[int, str, str]) -> None:
    execution = ExecutionUnderTest()
    execution.service.faults = dict.fromkeys((1, 2), refused(*failure))

    with pytest.raises(CheckpointError, match=failure[2]):
        execution.invoke(one_step)


@pytest.mark.parametrize(
    "failure", [recording.BAD_REQUEST, recording.FORBIDDEN, recording.NOT_FOUND, recording.KMS_DISABLED]
)
def test_a_checkpoint_that_failed_for_good_fails_the_execution(failure: tuple[int, str, str]) -> None:
    execution = ExecutionUnderTest()
    execution.service.faults[1] = refused(*failure)

    invoked = execution.invoke(one_step)

    assert (invoked.status, invoked.error["ErrorType"]) == ("FAILED", f"{ROOT}.CheckpointError")
    assert failure[2] in invoked.error["ErrorMessage"]


def test_a_failed_checkpoint_that_the_handler_swallows_is_told_all_the_same() -> None:
    def deaf(_event: object, context: Any) -> str:
        with suppress(BaseException):
            context.step(lambda _: 1, name="s")
        return "fine"

    execution = ExecutionUnderTest()
    execution.service.faults[1] = execution.service.faults[2] = refused(*recording.FORBIDDEN)

    assert execution.invoke(deaf).status == "FAILED"


def test_without_a_token_the_answer_is_pending_whatever_the_handler_says() -> None:
    def deaf(_event: object, context: Any) -> str:
        with suppress(BaseException):
            context.step(lambda _: 1, name="s", config=StepConfig(RetryPresets.none()))
        return "fine"

    for fault_at in (1, 2):
        execution = ExecutionUnderTest()
        execution.service.faults = {fault_at: without_token}
        first = execution.invoke(lambda event, context: [deaf(event, context), context.step(lambda _: 2, name="t")])

        assert first.answer == {"Status": "PENDING"}
        assert len(first.batches) <= fault_at


@pytest.mark.parametrize("raised", [InvocationError("try again"), ValueError("bad")])
def test_without_a_token_the_answer_is_pending_whatever_the_handler_raises(raised: Exception) -> None:
    def deaf(_event: object, context: Any) -> None:
        with suppress(BaseException):
            context.step(lambda _: 1, name="s")
        raise raised

    execution = ExecutionUnderTest()
    execution.service.faults = {1: without_token}

    assert execution.invoke(deaf).answer == {"Status": "PENDING"}


def test_a_token_that_is_revoked_when_the_handler_has_returned_makes_the_answer_pending() -> None:
    execution, scheduler, sent = ExecutionUnderTest(), WatchedScheduler(), threading.Event()

    def revoked(call: Call) -> CheckpointOutput:
        sent.set()
        assert scheduler.joining.wait(PATIENCE)
        return without_token(call)

    def leaving(_context: object) -> None:
        assert sent.wait(PATIENCE)
        raise SystemExit

    def program(_event: object, context: Any) -> str:
        with suppress(SystemExit):
            context.step(leaving)
        return "done"

    execution.service.faults[1] = revoked
    event = replace(presented(execution.begin(), execution.service), scheduler=scheduler)

    assert durable_execution(program)(event, None) == {"Status": "PENDING"}


def test_no_thread_outlives_the_invocation() -> None:
    before = threading.active_count()

    invoke(lambda _event, context: context.map(range(20), lambda inner, *_: one_step(None, inner), name="m").status)

    assert threading.active_count() == before


def test_after_a_failure_the_invocation_waits_for_user_code_however_long_it_runs() -> None:
    running, answered = threading.Event(), threading.Event()
    answered_meanwhile: list[bool] = []

    def failing(_inner: object) -> None:
        assert running.wait(PATIENCE)
        raise ExecutionError("enough")

    def slow(_inner: object) -> None:
        running.set()
        answered_meanwhile.append(answered.wait(1.5 * ORPHANS_PATIENCE))

    invoked = invoke(lambda _event, context: context.parallel([failing, slow]).get_results())
    answered.set()

    assert (invoked.status, answered_meanwhile) == ("FAILED", [False])


@pytest.mark.parametrize("payload", [None, "", "  \n"])
def test_no_input_is_an_empty_object(payload: str | None) -> None:
    assert invoke(lambda event, _context: event, payload).result == {}


@pytest.mark.parametrize("value", [{"orderId": 7}, [1], "text", None, 0])
def test_the_input_is_what_its_json_says(value: object) -> None:
    assert invoke(lambda event, _context: event, json.dumps(value)).result == value


def test_the_input_is_read_from_pages_that_follow_an_empty_first_one() -> None:
    execution = ExecutionUnderTest('{"orderId": 7}')
    execution.given(step("SUCCEED", payload="7"))
    event = with_empty_first_page(presented(execution.begin(), execution.service))

    answer = durable_execution(lambda event, context: [event, one_step(event, context)])(event, None)

    assert answer == {"Status": "SUCCEEDED", "Result": '[{"orderId": 7}, 7]'}
    assert execution.service.reads == ["p0"]
    assert execution.service.batches == []


def test_a_page_that_cannot_be_read_for_now_leaves_the_handler() -> None:
    execution = ExecutionUnderTest()
    execution.service.unreadable = ApiError(*recording.THROTTLED)
    event = with_empty_first_page(presented(execution.begin(), execution.service))

    with pytest.raises(GetExecutionStateError, match="Rate exceeded"):
        durable_execution(one_step)(event, None)


@pytest.mark.parametrize("failure", [recording.KMS_DISABLED, recording.FORBIDDEN])
def test_a_page_that_cannot_be_read_for_good_fails_the_execution(failure: tuple[int, str, str]) -> None:
    execution = ExecutionUnderTest()
    execution.service.unreadable = ApiError(*failure)
    event = with_empty_first_page(presented(execution.begin(), execution.service))

    answer = durable_execution(one_step)(event, None)

    assert (answer["Status"], answer["Error"]["ErrorType"]) == ("FAILED", f"{ROOT}.GetExecutionStateError")


def test_a_history_without_the_execution_is_an_error_of_the_service() -> None:
    execution = ExecutionUnderTest()
    raw = envelope(execution.begin()) | {"InitialExecutionState": None}

    with pytest.raises(DurableExecutionsError, match="is the execution itself, but recorded as None"):
        durable_execution(one_step, boto3_client=LambdaApi(execution.service))(raw, None)


def test_another_operation_in_the_executions_place_is_an_error_of_the_service() -> None:
    execution = ExecutionUnderTest()
    raw = envelope(execution.begin())
    raw["InitialExecutionState"]["Operations"][0]["Type"] = OperationType.STEP

    with pytest.raises(DurableExecutionsError, match="recorded as STEP"):
        durable_execution(one_step, boto3_client=LambdaApi(execution.service))(raw, None)


@pytest.mark.parametrize("event", [{}, {"orderId": 7}, None, "text", [1], {"DurableExecutionArn": "arn"}])
def test_an_event_of_no_durable_execution_is_refused_with_what_to_check(event: object) -> None:
    with pytest.raises(ExecutionError, match="Is DurableConfig set on the function"):
        durable_execution(one_step)(event, None)


def test_unknown_members_of_the_event_are_ignored() -> None:
    execution = ExecutionUnderTest()
    raw = envelope(execution.begin()) | {"Weather": "fine"}
    raw["InitialExecutionState"]["Operations"][0]["Mood"] = "good"

    answer = durable_execution(one_step, boto3_client=LambdaApi(execution.service))(raw, None)

    assert answer == {"Status": "SUCCEEDED", "Result": "1"}


def test_the_decorator_keeps_the_handlers_name_and_takes_arguments() -> None:
    @durable_execution(boto3_client=object())
    def checkout(event: Any, context: Any) -> None:
        """Charge and ship."""

    assert (checkout.__name__, checkout.__doc__) == ("checkout", "Charge and ship.")
