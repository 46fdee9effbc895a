"""What the service does by itself when a time has come."""

from durable.model import CallbackTimeoutType, ErrorObject, OperationStatus, OperationType
from durable_local.journal import ExecutionJournal
from durable_local.store import timers
from durable_local.store.executions import Outcome
from durable_local.store.timers import Timer, TimerKind
from durable_local.transitions import complete, fire

_CALLBACK_ERRORS = {
    TimerKind.CALLBACK_TIMEOUT: ErrorObject("Callback timed out", CallbackTimeoutType.TIMEOUT.value),
    TimerKind.HEARTBEAT_TIMEOUT: ErrorObject("Callback timed out on heartbeat", CallbackTimeoutType.HEARTBEAT.value),
}


def fire_due(journal: ExecutionJournal) -> None:
    """Bring about everything of an execution whose time has come."""
    for timer in journal.due_timers():
        if journal.row.is_running:
            _fire(journal, timer)


def _fire(journal: ExecutionJournal, timer: Timer) -> None:
    operation = journal.operation(timer.operation_id)
    if operation is None or operation.status.is_terminal:
        timers.disarm(journal.database, journal.key, timer.operation_id)
        return
    match timer.kind:
        case TimerKind.OPERATION if operation.operation_type is OperationType.STEP:
            journal.record(fire(operation, journal.now), None)
            timers.disarm(journal.database, journal.key, timer.operation_id)
            journal.wake()
        case TimerKind.OPERATION:
            journal.finish(fire(operation, journal.now))
        case TimerKind.EXECUTION_TIMEOUT:
            error = ErrorObject(f"Execution timed out after {timer.seconds} seconds.")
            journal.close(OperationStatus.TIMED_OUT, Outcome(error=error))
        case TimerKind.CALLBACK_TIMEOUT | TimerKind.HEARTBEAT_TIMEOUT:
            error = _CALLBACK_ERRORS[timer.kind]
            journal.finish(complete(operation, OperationStatus.TIMED_OUT, journal.now, error=error))
