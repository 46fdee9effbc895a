"""The three calls by which the outside answers a callback."""

from durable.model import ErrorObject, Operation, OperationStatus
from durable_local.errors import CallbackTimeoutError, ResourceNotFoundError
from durable_local.journal import ExecutionJournal, Journals
from durable_local.limits import CALLBACK_RESULT_BYTES, check_size
from durable_local.store import executions, operations, timers
from durable_local.store.columns import error_text
from durable_local.store.timers import TimerKind
from durable_local.transitions import complete


class Callbacks:
    """Answers callbacks by their ids; a callback is answered once."""

    def __init__(self, journals: Journals) -> None:
        self._journals = journals

    def succeed(self, callback_id: str, result: str | None = None) -> None:
        """Hand over the result, as JSON text."""
        check_size("Result", result, CALLBACK_RESULT_BYTES)
        self._answer(callback_id, OperationStatus.SUCCEEDED, result=result)

    def fail(self, callback_id: str, error: ErrorObject) -> None:
        """Report a failure."""
        self._answer(callback_id, OperationStatus.FAILED, error=error)

    def heartbeat(self, callback_id: str) -> int | None:
        """Say that the work goes on; answers how many seconds the heartbeat timeout is that begins anew, if any."""
        arn, operation_id = self._find(callback_id)
        with self._journals.open(arn) as journal:
            _awaited(journal, operation_id)
            for timer in timers.of_operation(journal.database, journal.key, operation_id):
                if timer.kind is TimerKind.HEARTBEAT_TIMEOUT:
                    journal.arm(operation_id, timer.kind, timer.seconds)
                    return timer.seconds
        return None

    def _answer(
        self,
        callback_id: str,
        status: OperationStatus,
        *,
        result: str | None = None,
        error: ErrorObject | None = None,
    ) -> None:
        arn, operation_id = self._find(callback_id)
        with self._journals.open(arn) as journal:
            journal.weigh(result, error_text(error))
            operation = _awaited(journal, operation_id)
            journal.finish(complete(operation, status, journal.now, result=result, error=error))

    def _find(self, callback_id: str) -> tuple[str, str]:
        database = self._journals.database
        found = operations.by_callback(database, callback_id)
        row = executions.by_key(database, found[0]) if found else None
        if found is None or row is None:
            raise ResourceNotFoundError("There is no callback with this id")
        return row.arn, found[1]


def _awaited(journal: ExecutionJournal, operation_id: str) -> Operation:
    operation = journal.operation(operation_id)
    if operation is None or operation.status.is_terminal or not journal.row.is_running:
        raise CallbackTimeoutError(
            f"The callback {operation.name or operation_id if operation else operation_id} of execution "
            f"{journal.row.name} is closed: it has been answered, has expired, or its execution has ended"
        )
    return operation
