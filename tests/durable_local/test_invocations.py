"""Who may write, and what an invocation's end leads to."""

import pytest

from durable.model import ErrorObject, InvocationStatus
from durable_local.answers import Answer
from durable_local.errors import ClaimLostError, ExecutionEndedError
from durable_local.invocations import BACKOFF, Invocations
from durable_local.runtime import LocalRuntime
from durable_local.store import executions
from durable_local.store.executions import ExecutionRow
from tests.durable_local import updates
from tests.durable_local.conftest import Caller, Claim
from tests.fakes.clock import START, SetClock

PENDING = Answer(InvocationStatus.PENDING)
BOOM = ErrorObject("boom", "ValueError")


@pytest.fixture
def invocations(runtime: LocalRuntime) -> Invocations:
    return Invocations(runtime.journals)


def row_of(runtime: LocalRuntime) -> ExecutionRow:
    row = executions.by_name(runtime.journals.database, "nightly")
    assert row
    return row


def test_the_first_invocation_begins_with_the_execution_alone(caller: Caller) -> None:
    (root,) = caller.invocation.operations

    assert root.execution_details
    assert root.execution_details.input_payload == '{"n":1}'
    assert (caller.invocation.next_marker, caller.invocation.updated_operation_ids) == (None, [])


def test_of_two_claims_on_the_same_fence_one_is_lost(runtime: LocalRuntime, invocations: Invocations) -> None:
    arn = runtime.start("f", "{}", "nightly")
    invocations.begin(arn, 0)

    with pytest.raises(ClaimLostError, match="Another process has taken over execution nightly"):
        invocations.begin(arn, 0)


def test_an_ended_execution_cannot_be_claimed(runtime: LocalRuntime, invocations: Invocations, caller: Caller) -> None:
    runtime.executions.stop(caller.invocation.arn)

    with pytest.raises(ExecutionEndedError, match="nightly has ended"):
        invocations.begin(caller.invocation.arn, caller.invocation.fence)


def test_an_invocation_that_never_answered_is_told_as_dead_when_the_next_begins(caller: Caller, claim: Claim) -> None:
    caller.checkpoint(updates.step("START"))

    claim(caller.invocation.arn)

    assert caller.events() == ["ExecutionStarted", "StepStarted", "InvocationCompleted"]
    assert caller.told("InvocationCompleted")["Error"]["Payload"]["ErrorType"] == "Runtime.ExitError"


@pytest.mark.parametrize("late", ["answered", "failed"])
def test_a_late_end_of_a_dead_invocation_changes_nothing(
    runtime: LocalRuntime, invocations: Invocations, caller: Caller, claim: Claim, late: str
) -> None:
    claim(caller.invocation.arn)
    before = caller.events()
    arn, fence = caller.invocation.arn, caller.invocation.fence
    ends = {
        "answered": lambda: invocations.answered(arn, fence, Answer(InvocationStatus.SUCCEEDED, "7")),
        "failed": lambda: invocations.failed(arn, fence, BOOM),
    }

    with pytest.raises(ClaimLostError):
        ends[late]()

    assert caller.events() == before
    assert runtime.executions.get(arn).status == "RUNNING"


def test_an_invocation_learns_which_operations_changed_while_none_ran(
    invocations: Invocations, caller: Caller, claim: Claim, clock: SetClock
) -> None:
    caller.checkpoint(updates.step("SUCCEED"), updates.wait(seconds=10))
    invocations.answered(caller.invocation.arn, caller.invocation.fence, PENDING)
    clock.advance(10)

    assert claim(caller.invocation.arn).invocation.updated_operation_ids == ["w"]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer(InvocationStatus.SUCCEEDED, "7"), "SUCCEEDED"),
        (Answer(InvocationStatus.FAILED, error=BOOM), "FAILED"),
    ],
)
def test_a_final_answer_closes_the_execution_after_its_last_invocation(
    runtime: LocalRuntime, invocations: Invocations, caller: Caller, answer: Answer, status: str
) -> None:
    invocations.answered(caller.invocation.arn, caller.invocation.fence, answer)

    execution = runtime.executions.get("nightly")
    assert (execution.status, execution.result, execution.error) == (status, answer.result, answer.error)
    assert caller.events()[-2:] == ["InvocationCompleted", f"Execution{status.capitalize()}"]
    assert caller.told(f"Execution{status.capitalize()}")
    assert runtime.executions.operations("nightly")[0].status == status


def test_an_answer_after_a_stop_is_ignored(runtime: LocalRuntime, invocations: Invocations, caller: Caller) -> None:
    runtime.executions.stop(caller.invocation.arn)

    invocations.answered(caller.invocation.arn, caller.invocation.fence, Answer(InvocationStatus.SUCCEEDED, "7"))

    assert runtime.executions.get("nightly").status == "STOPPED"
    assert caller.events()[-1] == "InvocationCompleted"


def test_a_pending_answer_waits_for_what_is_pending(
    runtime: LocalRuntime, invocations: Invocations, caller: Caller
) -> None:
    caller.checkpoint(updates.wait())

    invocations.answered(caller.invocation.arn, caller.invocation.fence, PENDING)

    assert row_of(runtime).invoke_at is None


def test_a_pending_answer_that_missed_a_change_is_invoked_again_at_once(
    runtime: LocalRuntime, invocations: Invocations, caller: Caller
) -> None:
    (callback,) = caller.checkpoint(updates.callback())
    assert callback.callback_details
    runtime.callbacks.succeed(callback.callback_details.callback_id)

    invocations.answered(caller.invocation.arn, caller.invocation.fence, PENDING)

    assert executions.earliest_invocation(runtime.journals.database) == (caller.invocation.arn, START)


def test_a_change_that_the_running_invocation_heard_of_brings_no_further_one(
    runtime: LocalRuntime, invocations: Invocations, caller: Caller
) -> None:
    (callback, _) = caller.checkpoint(updates.callback(), updates.wait())
    assert callback.callback_details
    runtime.callbacks.succeed(callback.callback_details.callback_id)
    caller.checkpoint()

    invocations.answered(caller.invocation.arn, caller.invocation.fence, PENDING)

    assert executions.earliest_invocation(runtime.journals.database) is None


def test_three_pending_answers_with_nothing_pending_fail_the_execution(
    runtime: LocalRuntime, invocations: Invocations, caller: Caller, claim: Claim, clock: SetClock
) -> None:
    for _ in range(2):
        invocations.answered(caller.invocation.arn, caller.invocation.fence, PENDING)
        assert executions.earliest_invocation(runtime.journals.database) == (
            caller.invocation.arn,
            clock.now() + BACKOFF,
        )
        caller = claim(caller.invocation.arn)
    invocations.answered(caller.invocation.arn, caller.invocation.fence, PENDING)

    execution = runtime.executions.get("nightly")
    assert execution.status == "FAILED"
    assert execution.error
    assert execution.error.type == "InvalidParameterValueException"


def test_a_pending_answer_after_progress_counts_anew(
    runtime: LocalRuntime, invocations: Invocations, caller: Caller, claim: Claim
) -> None:
    for number in range(4):
        invocations.answered(caller.invocation.arn, caller.invocation.fence, PENDING)
        caller = claim(caller.invocation.arn)
        caller.checkpoint(updates.step("SUCCEED", f"s{number}"))
        invocations.answered(caller.invocation.arn, caller.invocation.fence, PENDING)
        caller = claim(caller.invocation.arn)

    assert runtime.executions.get("nightly").status == "RUNNING"


def test_five_failed_invocations_in_a_row_fail_the_execution_with_the_last_error(
    runtime: LocalRuntime, invocations: Invocations, caller: Caller, claim: Claim, clock: SetClock
) -> None:
    for _ in range(4):
        invocations.failed(caller.invocation.arn, caller.invocation.fence, ErrorObject("earlier"))
        assert row_of(runtime).invoke_at == (clock.now() + BACKOFF).timestamp() * 1000
        caller = claim(caller.invocation.arn)
    invocations.failed(caller.invocation.arn, caller.invocation.fence, BOOM)

    execution = runtime.executions.get("nightly")
    assert (execution.status, execution.error, execution.invocations) == ("FAILED", BOOM, 5)


def test_a_clean_invocation_forgives_the_failed_ones(
    runtime: LocalRuntime, invocations: Invocations, caller: Caller, claim: Claim
) -> None:
    caller.checkpoint(updates.wait())
    for _ in range(2):
        for _ in range(4):
            invocations.failed(caller.invocation.arn, caller.invocation.fence, BOOM)
            caller = claim(caller.invocation.arn)
        invocations.answered(caller.invocation.arn, caller.invocation.fence, PENDING)
        caller = claim(caller.invocation.arn)

    assert runtime.executions.get("nightly").status == "RUNNING"


def test_a_process_that_is_killed_again_and_again_does_not_fail_its_execution(
    runtime: LocalRuntime, caller: Caller, claim: Claim
) -> None:
    for _ in range(12):
        caller = claim(caller.invocation.arn)

    assert runtime.executions.get("nightly").status == "RUNNING"
