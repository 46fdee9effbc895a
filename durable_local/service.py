"""The service's side of an invocation: checkpoints and the operations recorded so far."""

import hmac
from collections.abc import Sequence
from dataclasses import replace

from durable.exceptions import INVALID_CHECKPOINT_TOKEN_PREFIX, CheckpointError, GetExecutionStateError
from durable.model import (
    CheckpointOutput,
    CheckpointUpdatedExecutionState,
    ErrorObject,
    Operation,
    OperationAction,
    OperationStatus,
    OperationType,
    OperationUpdate,
    StateOutput,
)
from durable_local import history, pages
from durable_local.batches import check_batch
from durable_local.chained import ChainedInvokes
from durable_local.errors import InvalidParameterValueError, ServiceError
from durable_local.journal import ExecutionJournal, Journals
from durable_local.limits import check_update
from durable_local.store import timers
from durable_local.store.columns import error_text
from durable_local.store.executions import Outcome
from durable_local.store.timers import TimerKind
from durable_local.timing import fire_due
from durable_local.tokens import callback_id, checkpoint_token
from durable_local.transitions import apply, complete


class LocalService:
    """The two calls of a running invocation, on the store; implements `DurableServiceClient`."""

    def __init__(self, journals: Journals, invokes: ChainedInvokes) -> None:
        self._journals = journals
        self._invokes = invokes

    def checkpoint(
        self,
        durable_execution_arn: str,
        checkpoint_token: str,
        updates: Sequence[OperationUpdate],
        client_token: str | None,
    ) -> CheckpointOutput:
        """Record updates, all or none, and learn what changed; no updates only asks for changes."""
        try:
            with self._journals.open(durable_execution_arn) as journal:
                return self._checkpoint(journal, checkpoint_token, updates, client_token)
        except ServiceError as error:
            raise CheckpointError.from_exception(error) from error

    def get_execution_state(
        self, durable_execution_arn: str, checkpoint_token: str, next_marker: str, max_items: int = 1000
    ) -> StateOutput:
        """Read a further page of the recorded operations."""
        try:
            journal = self._journals.read(durable_execution_arn)
            _check_token(journal, checkpoint_token)
            page = pages.page_at(journal, next_marker, max_items)
            return StateOutput(page.operations, page.next_marker)
        except ServiceError as error:
            raise GetExecutionStateError.from_exception(error) from error

    def _checkpoint(
        self, journal: ExecutionJournal, token: str, updates: Sequence[OperationUpdate], client_token: str | None
    ) -> CheckpointOutput:
        row = journal.row
        if client_token is not None and (token, client_token) == (row.used_token, row.client_token):
            return _answer(journal)
        _check_token(journal, token)
        check_batch(updates)
        journal.look_up(id_ for update in updates for id_ in (update.operation_id, update.parent_id) if id_)
        for update in updates:
            check_update(update)
            self._record(journal, update)
        if not row.is_running:
            operations = [operation for _, operation in journal.changed.values()]
            return CheckpointOutput(None, CheckpointUpdatedExecutionState(operations))
        fire_due(journal)
        row.used_token, row.client_token, row.heard_before = token, client_token, row.heard
        row.token = checkpoint_token(row.fence, row.sequence)
        return _answer(journal)

    def _record(self, journal: ExecutionJournal, update: OperationUpdate) -> None:
        journal.weigh(update.payload, error_text(update.error))
        if update.operation_type is OperationType.EXECUTION:
            _end_execution(journal, update)
            return
        _check_parent(journal, update)
        current = journal.operation(update.operation_id)
        new_id = callback_id() if update.operation_type is OperationType.CALLBACK else ""
        operation = apply(current, update, journal.now, new_id)
        invoked = self._invokes.begin(journal, update) if update.chained_invoke_options else None
        given = update.payload if update.chained_invoke_options else None
        journal.record(operation, history.requested(update, operation, journal.now, invoked), given)
        _set_timers(journal, update, operation)
        if update.chained_invoke_options and invoked is None:
            name = update.chained_invoke_options.function_name
            error = ErrorObject(f"Function not found: {name}", "ResourceNotFoundException")
            journal.finish(complete(operation, OperationStatus.FAILED, journal.now, error=error))


def _answer(journal: ExecutionJournal) -> CheckpointOutput:
    page = pages.changes_after(journal, journal.row.heard_before)
    journal.row.heard = journal.row.sequence
    return CheckpointOutput(journal.row.token, CheckpointUpdatedExecutionState(page.operations, page.next_marker))


def _check_token(journal: ExecutionJournal, token: str) -> None:
    if journal.row.token is None or not hmac.compare_digest(journal.row.token.encode(), token.encode()):
        raise InvalidParameterValueError(
            f"{INVALID_CHECKPOINT_TOKEN_PREFIX}: it has been used, another invocation has taken over, "
            "or the execution has ended"
        )


def _end_execution(journal: ExecutionJournal, update: OperationUpdate) -> None:
    root = journal.operation(journal.row.operation_id)
    # The move is made by `close`; here it is only tried, with the errors that an update deserves.
    ended = apply(root, replace(update, parent_id=None), journal.now, "")
    # The invocation ends with this update, and its event comes before the execution's.
    journal.complete_invocation()
    journal.close(ended.status, Outcome(update.payload, update.error))


def _check_parent(journal: ExecutionJournal, update: OperationUpdate) -> None:
    if update.parent_id is None:
        return
    parent = journal.operation(update.parent_id)
    if parent is None or parent.operation_type is not OperationType.CONTEXT:
        raise InvalidParameterValueError(
            f"ParentId {update.parent_id} of operation {update.operation_id} is not a CONTEXT that has been started"
        )


def _set_timers(journal: ExecutionJournal, update: OperationUpdate, operation: Operation) -> None:
    if update.wait_options and operation.status is OperationStatus.STARTED:
        journal.arm(operation.operation_id, TimerKind.OPERATION, update.wait_options.wait_seconds)
    elif update.step_options and operation.status is OperationStatus.PENDING:
        journal.arm(operation.operation_id, TimerKind.OPERATION, update.step_options.next_attempt_delay_seconds)
    elif options := update.callback_options:
        if options.timeout_seconds:
            journal.arm(operation.operation_id, TimerKind.CALLBACK_TIMEOUT, options.timeout_seconds)
        if options.heartbeat_timeout_seconds:
            journal.arm(operation.operation_id, TimerKind.HEARTBEAT_TIMEOUT, options.heartbeat_timeout_seconds)
    elif update.action is OperationAction.CANCEL:
        timers.disarm(journal.database, journal.key, operation.operation_id)
