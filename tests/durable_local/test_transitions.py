"""The complete table of moves: every type, action and status."""

from dataclasses import replace
from datetime import timedelta

import pytest

from durable.model import (
    CallbackDetails,
    ContextDetails,
    Operation,
    OperationAction,
    OperationStatus,
    OperationType,
    OperationUpdate,
    StepDetails,
)
from durable_local.errors import InvalidParameterValueError
from durable_local.transitions import apply, complete, fire
from tests.durable_local import updates
from tests.fakes.clock import START

LATER = START + timedelta(seconds=30)
STATUSES = [None, *OperationStatus]

ACCEPTED: dict[tuple[str, str], tuple[set[str | None], str]] = {
    ("STEP", "START"): ({None, "READY"}, "STARTED"),
    ("STEP", "SUCCEED"): ({None, "STARTED", "READY"}, "SUCCEEDED"),
    ("STEP", "FAIL"): ({None, "STARTED", "READY"}, "FAILED"),
    ("STEP", "RETRY"): ({None, "STARTED", "READY"}, "PENDING"),
    ("WAIT", "START"): ({None}, "STARTED"),
    ("WAIT", "CANCEL"): ({"STARTED"}, "CANCELLED"),
    ("CALLBACK", "START"): ({None}, "STARTED"),
    ("CHAINED_INVOKE", "START"): ({None}, "STARTED"),
    ("CONTEXT", "START"): ({None}, "STARTED"),
    ("CONTEXT", "SUCCEED"): ({None, "STARTED"}, "SUCCEEDED"),
    ("CONTEXT", "FAIL"): ({None, "STARTED"}, "FAILED"),
    ("EXECUTION", "SUCCEED"): ({"STARTED"}, "SUCCEEDED"),
    ("EXECUTION", "FAIL"): ({"STARTED"}, "FAILED"),
}
COMPLETED_FROM_OUTSIDE = {
    "CALLBACK": {"SUCCEEDED", "FAILED", "TIMED_OUT"},
    "CHAINED_INVOKE": {"SUCCEEDED", "FAILED", "TIMED_OUT", "STOPPED"},
    "EXECUTION": {"SUCCEEDED", "FAILED", "TIMED_OUT", "STOPPED"},
}


def update_for(kind: OperationType, action: OperationAction) -> OperationUpdate:
    templates = {
        OperationType.STEP: updates.step("START", "o"),
        OperationType.WAIT: updates.wait("o"),
        OperationType.CALLBACK: updates.callback("o"),
        OperationType.CHAINED_INVOKE: replace(updates.invoke("o"), payload=None),
        OperationType.CONTEXT: updates.context("START", "o"),
        OperationType.EXECUTION: replace(updates.execution("SUCCEED"), operation_id="o"),
    }
    update = replace(templates[kind], action=action)
    return replace(update, step_options=updates.retry().step_options) if action is OperationAction.RETRY else update


def recorded(kind: OperationType, status: OperationStatus) -> Operation:
    update = update_for(kind, OperationAction.START)
    return Operation("o", kind, status, None, update.name, START, sub_type=update.sub_type)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("action", OperationAction)
@pytest.mark.parametrize("kind", OperationType)
def test_exactly_the_moves_in_the_table_are_possible(
    kind: OperationType, action: OperationAction, status: OperationStatus | None
) -> None:
    operation = recorded(kind, status) if status else None
    allowed, becomes = ACCEPTED.get((kind, action), (set(), ""))

    if status in allowed:
        assert apply(operation, update_for(kind, action), LATER, "cb").status == becomes
    else:
        with pytest.raises(InvalidParameterValueError):
            apply(operation, update_for(kind, action), LATER, "cb")


@pytest.mark.parametrize("status", OperationStatus)
@pytest.mark.parametrize("kind", OperationType)
def test_only_a_wait_and_a_step_that_is_to_be_tried_again_have_a_timer(
    kind: OperationType, status: OperationStatus
) -> None:
    expected = {("WAIT", "STARTED"): "SUCCEEDED", ("STEP", "PENDING"): "READY"}.get((kind, status))

    if expected:
        assert fire(recorded(kind, status), LATER).status == expected
    else:
        with pytest.raises(ValueError, match="no timer can be due"):
            fire(recorded(kind, status), LATER)


@pytest.mark.parametrize("ending", OperationStatus)
@pytest.mark.parametrize("status", OperationStatus)
@pytest.mark.parametrize("kind", OperationType)
def test_the_outside_ends_started_callbacks_invokes_and_executions_only(
    kind: OperationType, status: OperationStatus, ending: OperationStatus
) -> None:
    if status == "STARTED" and ending in COMPLETED_FROM_OUTSIDE.get(kind, ()):
        ended = complete(recorded(kind, status), ending, LATER)
        assert (ended.status, ended.end_timestamp) == (ending, LATER)
    else:
        with pytest.raises(ValueError, match="cannot become"):
            complete(recorded(kind, status), ending, LATER)


def test_a_step_counts_its_finished_attempts() -> None:
    started = apply(None, updates.step("START"), START, "")
    pending = apply(started, updates.retry(delay=5), START, "")
    ready = fire(pending, LATER)
    again = apply(ready, updates.step("START"), LATER, "")
    ended = apply(again, updates.step("SUCCEED", payload="7"), LATER, "")

    assert started.step_details == StepDetails(0)
    assert pending.step_details == StepDetails(1, START + timedelta(seconds=5), error=updates.ERROR)
    assert ready.step_details == StepDetails(1, error=updates.ERROR)
    assert again.step_details == StepDetails(1)
    assert ended.step_details == StepDetails(2, result="7")
    assert (ended.start_timestamp, ended.end_timestamp) == (START, LATER)


def test_a_polled_state_is_kept_until_the_next_poll() -> None:
    pending = apply(None, updates.retry(payload="3"), START, "")

    assert fire(pending, LATER).step_details == StepDetails(1, result="3")


def test_a_wait_ends_after_its_seconds() -> None:
    started = apply(None, updates.wait(seconds=90), START, "")

    assert started.wait_details
    assert started.wait_details.scheduled_end_timestamp == START + timedelta(seconds=90)
    assert fire(started, LATER).end_timestamp == LATER


def test_a_callback_keeps_its_id_beside_its_answer() -> None:
    started = apply(None, updates.callback(), START, "secret")

    assert complete(started, OperationStatus.SUCCEEDED, LATER, result="1").callback_details == CallbackDetails(
        "secret", "1"
    )
    assert complete(started, OperationStatus.FAILED, LATER, error=updates.ERROR).error == updates.ERROR


def test_an_invoke_takes_over_what_the_invoked_function_came_to() -> None:
    started = apply(None, updates.invoke(), START, "")

    assert complete(started, OperationStatus.STOPPED, LATER, error=updates.ERROR).error == updates.ERROR


def test_a_closed_context_says_whether_its_children_are_replayed() -> None:
    started = apply(None, updates.context("START"), START, "")
    ended = apply(started, updates.context("SUCCEED", payload="{}", replay_children=True), LATER, "")

    assert ended.context_details == ContextDetails(replay_children=True, result="{}")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "pay"}, "Name 'charge'"),
        ({"sub_type": "WaitForCondition"}, "SubType 'Step'"),
        ({"parent_id": "p"}, "ParentId None"),
        ({"operation_type": OperationType.CONTEXT, "action": OperationAction.SUCCEED}, "Type"),
    ],
)
def test_an_operation_stays_what_it_is(change: dict[str, object], told: str) -> None:
    started = apply(None, updates.step("START"), START, "")

    with pytest.raises(InvalidParameterValueError, match=told):
        apply(started, replace(updates.step("SUCCEED"), **change), LATER, "")  # type: ignore[arg-type]


def test_members_that_an_update_leaves_out_are_not_compared() -> None:
    started = apply(None, updates.step("START"), START, "")

    assert apply(started, replace(updates.step("SUCCEED"), name=None, sub_type=None), LATER, "").name == "charge"


@pytest.mark.parametrize(
    ("update", "told"),
    [
        (replace(updates.step("SUCCEED"), error=updates.ERROR), "carries an Error"),
        (replace(updates.step("FAIL"), payload="1"), "carries a Payload"),
        (replace(updates.retry(), payload="1"), "both Error and Payload"),
        (replace(updates.retry(), step_options=None), "needs StepOptions"),
        (replace(updates.wait(), wait_options=None), "needs WaitOptions"),
        (replace(updates.invoke(), chained_invoke_options=None), "needs ChainedInvokeOptions"),
    ],
)
def test_an_update_at_odds_with_itself_is_refused(update: OperationUpdate, told: str) -> None:
    with pytest.raises(InvalidParameterValueError, match=told):
        apply(None, update, START, "")
