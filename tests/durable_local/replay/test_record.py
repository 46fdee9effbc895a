"""What events leave behind, beside what the service keeps."""

from dataclasses import replace
from typing import Any

import pytest

from durable.execution import durable_execution
from durable.model import ErrorObject, Operation, OperationStatus, StepDetails, WaitDetails
from durable_local.replay.document import HistoryError
from durable_local.replay.record import Ending, record_of
from durable_local.testing import run
from tests.durable_local.replay.orders import as_json, ended, waiting
from tests.durable_local.replay.recorded import NAMES, recorded
from tests.interop.sdks import OURS

SUCCEEDED, FAILED = OperationStatus.SUCCEEDED, OperationStatus.FAILED
DIED = {"Error": {"Payload": {"ErrorType": "Runtime.ExitError"}, "Truncated": False}}


def timeless(operation: Operation) -> Operation:
    """An operation without its moments: when timers fire, no history tells."""
    step, wait = operation.step_details, operation.wait_details
    return replace(
        operation,
        start_timestamp=None,
        end_timestamp=None,
        step_details=step and replace(step, next_attempt_timestamp=None),
        wait_details=wait and WaitDetails(),
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_history_leaves_behind_what_the_service_keeps_for_replay(name: str) -> None:
    for kept in recorded(name, OURS):
        rebuilt = {each.operation_id for each in kept.operations if each.context_details and _is_rebuilt(each)}

        record = record_of(kept.events, rebuilt)

        assert [timeless(each) for each in record.operations[1:]] == [timeless(each) for each in kept.operations]


def _is_rebuilt(operation: Operation) -> bool:
    return operation.context_details is not None and operation.context_details.replay_children


@pytest.mark.parametrize("name", ["a_large_batch", "large_batches"])
def test_the_summary_of_a_large_batch_is_told_from_a_result(name: str) -> None:
    kept = recorded(name, OURS)[-1]

    record = record_of(kept.events)

    assert record.rebuilt == {each.operation_id for each in kept.operations if _is_rebuilt(each)}


def test_a_child_whose_result_may_be_a_summary_is_unclear() -> None:
    kept = recorded("large_children", OURS)[-1]

    record = record_of(kept.events)

    assert record.rebuilt | record.unclear == {each.operation_id for each in kept.operations if _is_rebuilt(each)}


def test_the_arn_ends_in_the_name_and_the_id_of_the_execution() -> None:
    record = record_of(waiting())

    assert record.arn.endswith(f"/durable-execution/order/{waiting()[0]['Id']}")


def test_an_operation_is_found_by_the_names_that_lead_to_it() -> None:
    record = record_of(waiting())

    paths = [record.path(each.operation_id) for each in record.operations]

    assert paths[:2] == [(), ("charge",)]
    assert ("both", "packing", "box", "wrap") in paths


def test_an_invocation_that_has_suspended_settles_the_record_until_something_happens() -> None:
    events = waiting()

    assert record_of(events).is_settled
    assert not record_of(events[:-1]).is_settled


def test_an_invocation_that_died_settles_nothing() -> None:
    *before, last = waiting()

    assert not record_of([*before, {**last, "InvocationCompletedDetails": DIED}]).is_settled


def test_news_that_an_invocation_may_not_have_heard_of_settles_nothing() -> None:
    *before, last = waiting()
    answered = next(event for event in ended() if event["EventType"] == "CallbackSucceeded")

    assert not record_of([*before, answered, last]).is_settled


def test_the_answer_of_the_handler_is_its_ending() -> None:
    record = record_of(as_json(run(durable_execution(lambda event, _: event["n"]), {"n": 7})))

    assert record.ending == Ending(SUCCEEDED, "7")


@pytest.mark.parametrize("kind", ["ExecutionTimedOut", "ExecutionStopped"])
def test_an_execution_that_others_have_ended_has_no_ending_of_its_own(kind: str) -> None:
    assert record_of([*waiting(), end(kind)]).ending is None


def test_an_execution_that_failed_because_its_invocations_died_has_no_ending_of_its_own() -> None:
    *before, last = waiting()

    assert record_of([*before, {**last, "InvocationCompletedDetails": DIED}, end("ExecutionFailed")]).ending is None


def end(kind: str) -> dict[str, Any]:
    first = waiting()[0]
    return {**first, "EventType": kind, f"{kind}Details": {"Error": {"Payload": {}, "Truncated": False}}}


@pytest.mark.parametrize("other", [Ending(SUCCEEDED, '{"b":[2],"a":1}'), Ending(SUCCEEDED, ' {"a": 1, "b": [2]}')])
def test_results_are_equal_as_json(other: Ending) -> None:
    assert Ending(SUCCEEDED, '{"a": 1, "b": [2]}').equals(other)


def test_errors_are_equal_wherever_they_were_raised() -> None:
    one, two = (Ending(FAILED, error=ErrorObject("gone", "KeyError", stack_trace=[line])) for line in ("1", "2"))

    assert one.equals(two)


@pytest.mark.parametrize(
    "other", [Ending(SUCCEEDED, "2"), Ending(SUCCEEDED), Ending(FAILED), Ending(FAILED, error=ErrorObject("1"))]
)
def test_another_result_is_another_ending(other: Ending) -> None:
    assert not Ending(SUCCEEDED, "1").equals(other)


@pytest.mark.parametrize("events", [[], waiting()[1:]])
def test_a_history_that_does_not_begin_at_its_beginning_is_refused(events: list[dict[str, Any]]) -> None:
    with pytest.raises(HistoryError, match="The first event of a history is ExecutionStarted"):
        record_of(events)


def test_a_step_that_is_to_be_tried_again_is_pending_with_its_error_and_attempts() -> None:
    events = recorded("retries", OURS)[-1].events
    failed = next(number for number, event in enumerate(events) if event["EventType"] == "StepFailed")

    (_, step) = record_of(events[: failed + 1]).operations

    assert step.status is OperationStatus.PENDING
    assert isinstance(step.step_details, StepDetails)
    assert (step.step_details.attempt, step.error and step.error.message) == (1, "attempt 1")
