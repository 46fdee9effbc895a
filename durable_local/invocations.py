"""The begin and the end of invocations: who may write, and what comes next."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from durable.model import ErrorObject, InvocationStatus, Operation, OperationStatus
from durable.wire import milliseconds
from durable_local import pages
from durable_local.answers import Answer
from durable_local.errors import ClaimLostError, ExecutionEndedError
from durable_local.journal import ExecutionJournal, Journals
from durable_local.store import operations
from durable_local.store.executions import Outcome
from durable_local.timing import fire_due
from durable_local.tokens import checkpoint_token

BACKOFF = timedelta(seconds=5)
FAILURES_IN_A_ROW = 5
IDLE_IN_A_ROW = 3

DIED = ErrorObject("The process of the invocation ended before it answered", "Runtime.ExitError")
_NOTHING_AWAITED = ErrorObject(
    f"The invocation answered PENDING with nothing pending, {IDLE_IN_A_ROW} times in a row",
    "InvalidParameterValueException",
)


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of the function within an execution, with the state it begins with."""

    arn: str
    function: str
    request_id: str
    fence: int
    checkpoint_token: str
    operations: Sequence[Operation]
    next_marker: str | None
    updated_operation_ids: Sequence[str]
    tenant_id: str | None = None


class Invocations:
    """Claims executions for invocations and settles what these answered."""

    def __init__(self, journals: Journals) -> None:
        self._journals = journals

    def begin(self, arn: str, fence: int) -> Invocation:
        """Claim an execution whose latest claim is the given one.

        An invocation that was running is taken for dead: its token is worth nothing from now on. Raises
        ClaimLostError if somebody else was faster, ExecutionEndedError if there is nothing left to do.
        """
        with self._journals.open(arn) as journal:
            _check_claim(journal, fence)
            journal.complete_invocation(DIED)
            fire_due(journal)
            invocation = _claim(journal) if journal.row.is_running else None
        if invocation is None:
            raise ExecutionEndedError(f"Execution {journal.row.name} has ended")
        return invocation

    def answered(self, arn: str, fence: int, answer: Answer) -> None:
        """Settle an invocation that answered."""
        with self._journals.open(arn) as journal:
            _check_claim(journal, fence)
            journal.complete_invocation()
            if journal.row.is_running:
                _settle(journal, answer)

    def failed(self, arn: str, fence: int, error: ErrorObject) -> None:
        """Settle an invocation that raised, died or took too long: try again, but not for ever."""
        with self._journals.open(arn) as journal:
            _check_claim(journal, fence)
            journal.complete_invocation(error)
            if not journal.row.is_running:
                return
            journal.row.failures += 1
            if journal.row.failures >= FAILURES_IN_A_ROW:
                journal.close(OperationStatus.FAILED, Outcome(error=error))
            else:
                journal.wake(journal.now + BACKOFF)

    def abandon(self, arn: str) -> None:
        """Take the right to write from a running invocation; the next claim finds it dead."""
        with self._journals.open(arn) as journal:
            journal.row.fence += 1
            journal.row.token = journal.row.used_token = None


def _check_claim(journal: ExecutionJournal, fence: int) -> None:
    if journal.row.fence != fence:
        raise ClaimLostError(f"Another process has taken over execution {journal.row.name}")


def _claim(journal: ExecutionJournal) -> Invocation:
    row = journal.row
    updated = operations.ids_changed_outside(*journal.stored(), row.heard) if row.invocations else []
    row.fence += 1
    row.invocations += 1
    row.request_id, row.invoked_at, row.invoke_at = str(uuid.uuid4()), milliseconds(journal.now), None
    row.heard = row.heard_before = row.invoked_from = row.sequence
    token = row.token = checkpoint_token(row.fence, row.sequence)
    row.used_token = row.client_token = None
    page = pages.first_page(journal)
    return Invocation(
        row.arn,
        row.function,
        row.request_id,
        row.fence,
        token,
        page.operations,
        page.next_marker,
        updated,
        row.tenant_id,
    )


def _settle(journal: ExecutionJournal, answer: Answer) -> None:
    row = journal.row
    idle, row.idle, row.failures = row.idle, 0, 0
    if answer.status is not InvocationStatus.PENDING:
        journal.close(OperationStatus(answer.status.value), Outcome(answer.result, answer.error))
    elif row.sequence > row.heard:
        journal.wake()
    elif not operations.awaits_anything(*journal.stored()):
        _settle_idle(journal, idle)


def _settle_idle(journal: ExecutionJournal, idle: int) -> None:
    row = journal.row
    if row.sequence > row.invoked_from:
        journal.wake()
        return
    row.idle = idle + 1
    if row.idle >= IDLE_IN_A_ROW:
        journal.close(OperationStatus.FAILED, Outcome(error=_NOTHING_AWAITED))
    else:
        journal.wake(journal.now + BACKOFF)
