"""Chained invokes: an execution begins another one and goes on when that has ended."""

import uuid
from collections.abc import Mapping
from typing import Protocol

from durable.model import ErrorObject, Operation, OperationStatus, OperationUpdate
from durable_local.history import Invoked
from durable_local.journal import ExecutionJournal, Journals
from durable_local.limits import CHAINED_INVOKE_PAYLOAD_BYTES
from durable_local.starting import VERSION, Awaiting, begin
from durable_local.store import executions
from durable_local.store.executions import Outcome
from durable_local.transitions import complete


class Target(Protocol):
    """A durable function that can be invoked."""

    @property
    def execution_timeout_seconds(self) -> int | None:
        """How long its executions may take."""


class ChainedInvokes:
    """Begins the executions that others invoke, and hands their ends on; each in the transaction of its cause."""

    def __init__(self, journals: Journals, targets: Mapping[str, Target]) -> None:
        self._journals = journals
        self._targets = targets
        journals.closing.append(self._hand_on)

    def begin(self, journal: ExecutionJournal, update: OperationUpdate) -> Invoked | None:
        """Begin the execution that an update asks for; None if its function is not known here."""
        options = update.chained_invoke_options
        name = function_name(options.function_name) if options else ""
        target = self._targets.get(name)
        if target is None:
            return None
        awaiting = Awaiting(journal.key, update.operation_id)
        timeout = target.execution_timeout_seconds
        child = begin(self._journals, name, update.payload, str(uuid.uuid4()), timeout, awaiting)
        return Invoked(VERSION, child.row.arn)

    def _hand_on(self, child: ExecutionJournal) -> None:
        parent = executions.by_key(self._journals.database, child.row.parent) if child.row.parent else None
        if parent is None or not parent.is_running:
            return
        with self._journals.open(parent.arn) as journal:
            operation = journal.operation(child.row.parent_operation or "")
            if operation is not None and not operation.status.is_terminal:
                journal.finish(_ended(operation, child))


def function_name(given: str) -> str:
    """The bare name in a function's name, qualified name or ARN."""
    parts = given.split(":")
    return parts[6] if given.startswith("arn:") else parts[0]


def _ended(operation: Operation, child: ExecutionJournal) -> Operation:
    status, outcome = OperationStatus(child.row.status), executions.outcome(child.database, child.key)
    if len((outcome.result or "").encode()) > CHAINED_INVOKE_PAYLOAD_BYTES:
        error = ErrorObject(f"The result has more than {CHAINED_INVOKE_PAYLOAD_BYTES} bytes", "ResultTooLarge")
        status, outcome = OperationStatus.FAILED, Outcome(error=error)
    elif status is OperationStatus.TIMED_OUT:
        seconds = child.row.timeout_seconds
        outcome = Outcome(
            error=ErrorObject(f"CHAINED_INVOKE timed out after {seconds} seconds.", "ChainedInvoke.Timeout")
        )
    return complete(operation, status, child.now, result=outcome.result, error=outcome.error)
