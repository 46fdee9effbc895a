from collections.abc import Callable
from dataclasses import replace

import pytest

from durable.checkpoints import CheckpointWriter
from durable.exceptions import (
    InvalidStateError,
    NonDeterministicExecutionError,
    OrphanedChildException,
    SuspendExecution,
)
from durable.identifier import OperationIdentifier
from durable.instrumentation import Instrumentation
from durable.journal import Journal
from durable.model import (
    CheckpointOutput,
    CheckpointUpdatedExecutionState,
    OperationAction,
    OperationStatus,
    OperationType,
    WaitOptions,
)
from durable.scheduler import ThreadScheduler
from durable.scope import Invocation, Scope
from durable.serdes import PASS_THROUGH_SERDES
from tests.durable.execution import ExecutionUnderTest, ident
from tests.durable.recording import Call
from tests.durable.updates import step, wait

CALLS: dict[str, Callable[[Scope], object]] = {
    "enter": Scope.enter,
    "record": lambda scope: scope.record(a_step(scope).update(OperationAction.START)),
    "start": lambda scope: scope.start(a_step(scope)),
    "record_and_wait": lambda scope: scope.record_and_wait(a_step(scope).update(OperationAction.START)),
}


def root(execution: ExecutionUnderTest) -> Scope:
    """The scope of an invocation's outermost context."""
    begun, scheduler = execution.begin(), ThreadScheduler()
    journal = Journal(begun.operations)
    writer = CheckpointWriter(execution.service, begun.arn, begun.checkpoint_token, journal, scheduler)
    return Scope(Invocation(begun.arn, journal, writer, scheduler, Instrumentation(journal, scheduler), None))


def a_step(scope: Scope, number: int = 1) -> OperationIdentifier:
    return scope.identify(number, OperationType.STEP, "Step", "s")


def a_context(scope: Scope, number: int = 1) -> OperationIdentifier:
    return scope.identify(number, OperationType.CONTEXT, "RunInChildContext", "c")


def test_an_operation_is_identified_by_the_numbers_that_lead_to_it() -> None:
    outermost = root(ExecutionUnderTest())
    inner = outermost.within(a_context(outermost, 2))

    assert (a_step(outermost, 3).operation_id, a_step(outermost).parent_id) == (ident(3), None)
    assert (a_step(inner, 3).operation_id, a_step(inner).parent_id) == (ident(2, 3), ident(2))


def test_the_operations_of_a_virtual_context_have_its_number_but_the_parent_around_it() -> None:
    outermost = root(ExecutionUnderTest())
    outer = outermost.within(a_context(outermost, 2))

    inner = outer.within(a_context(outer, 1), is_virtual=True)
    innermost = inner.within(a_context(inner, 1), is_virtual=True)

    assert (a_step(inner, 3).operation_id, a_step(inner).parent_id) == (ident(2, 1, 3), ident(2))
    assert (a_step(innermost, 3).operation_id, a_step(innermost).parent_id) == (ident(2, 1, 1, 3), ident(2))


def test_an_open_scope_is_entered() -> None:
    outermost = root(ExecutionUnderTest())

    outermost.enter()
    outermost.within(a_context(outermost)).enter()


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_nothing_is_recorded_in_a_scope_that_is_over_nor_in_one_within_it(call: Callable[[Scope], object]) -> None:
    execution = ExecutionUnderTest()
    outermost = root(execution)
    over = outermost.within(a_context(outermost))
    within = over.within(a_context(over))

    over.close()

    for scope in (over, within, over.within(a_context(over), is_virtual=True)):
        with pytest.raises(OrphanedChildException) as refused:
            call(scope)
        assert refused.value.operation_id == ident(1)
    assert execution.service.batches == []


def test_what_is_around_a_scope_and_beside_it_goes_on_when_it_is_over() -> None:
    outermost = root(ExecutionUnderTest())

    outermost.within(a_context(outermost, 1)).close()

    outermost.enter()
    outermost.within(a_context(outermost, 2)).enter()


def test_a_suspended_scope_raises_its_suspension_again() -> None:
    scope = root(ExecutionUnderTest())
    suspension = SuspendExecution("waits")
    scope.stay_suspended()

    scope.suspension = suspension

    for again in (scope.stay_suspended, scope.enter):
        with pytest.raises(SuspendExecution) as raised:
            again()
        assert raised.value is suspension


def test_nothing_is_entered_once_nothing_more_is_recorded() -> None:
    scope = root(ExecutionUnderTest())

    scope.invocation.checkpoints.refuse(LookupError("refused"))

    with pytest.raises(LookupError, match="refused"):
        scope.enter()


def test_a_start_is_answered_with_what_the_operation_has_become() -> None:
    scope = root(ExecutionUnderTest())
    identifier = scope.identify(1, OperationType.WAIT, "Wait", "w")

    started = scope.start(identifier, wait_options=WaitOptions(5))

    assert (started.operation_id, started.status) == (ident(1), OperationStatus.STARTED)
    assert started.wait_details
    assert started.wait_details.scheduled_end_timestamp is not None


def silent(call: Call) -> CheckpointOutput:
    """The service takes the checkpoint but tells of no change."""
    return replace(call(), new_execution_state=CheckpointUpdatedExecutionState())


@pytest.mark.parametrize(("name", "called"), [("s", "s"), (None, ident(1))])
def test_a_start_of_which_the_service_knows_nothing_is_an_error(name: str | None, called: str) -> None:
    execution = ExecutionUnderTest()
    execution.service.faults[1] = silent
    scope = root(execution)

    with pytest.raises(InvalidStateError, match=f"accepted the start of {called} but does not know"):
        scope.start(scope.identify(1, OperationType.STEP, "Step", name))


def test_a_recorded_end_is_told_and_can_be_looked_up() -> None:
    scope = root(ExecutionUnderTest())
    identifier = a_step(scope)
    scope.start(identifier)

    ended = scope.record_and_wait(identifier.update(OperationAction.SUCCEED, payload="1"))

    assert ended is not None
    assert (ended.status, ended.result) == (OperationStatus.SUCCEEDED, "1")
    assert scope.look(identifier.operation_id) == ended
    assert scope.look(ident(9)) is None


def test_what_is_recorded_of_an_operation_is_found() -> None:
    execution = ExecutionUnderTest()
    execution.given(step("START"), step("SUCCEED", payload="1"))
    scope = root(execution)

    found = scope.find(a_step(scope))

    assert found is not None
    assert found.status is OperationStatus.SUCCEEDED
    assert scope.find(a_step(scope, 2)) is None


def test_another_operation_in_its_place_is_refused() -> None:
    execution = ExecutionUnderTest()
    execution.given(wait())
    scope = root(execution)

    with pytest.raises(NonDeterministicExecutionError):
        scope.find(a_step(scope))


def test_a_value_is_written_as_its_replay_reads_it() -> None:
    scope = root(ExecutionUnderTest())
    identifier = a_step(scope)

    text = scope.write(None, (1, 2), identifier)

    assert scope.read(None, text, identifier) == (1, 2)
    assert scope.write(PASS_THROUGH_SERDES, "plain", identifier) == "plain"


def test_no_recorded_text_is_no_value() -> None:
    scope = root(ExecutionUnderTest())

    assert scope.read(PASS_THROUGH_SERDES, None, a_step(scope)) is None
