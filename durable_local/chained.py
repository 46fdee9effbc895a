"""Chained invokes: an execution invokes another function and goes on when that has ended."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from durable.model import ErrorObject, OperationStatus, OperationUpdate
from durable_local.history import Invoked
from durable_local.journal import ExecutionJournal, Journals
from durable_local.limits import CHAINED_INVOKE_PAYLOAD_BYTES, size
from durable_local.starting import VERSION, Awaiting, Terms, begin
from durable_local.store import calls, executions
from durable_local.store.columns import error_text
from durable_local.store.executions import Outcome
from durable_local.transitions import complete

_TOO_LARGE = Outcome(
    error=ErrorObject(
        f"The result has more than {CHAINED_INVOKE_PAYLOAD_BYTES} bytes; keep it elsewhere and return where it lies",
        "Function.ResponseSizeTooLarge",
    )
)
_OVER_QUOTA = Outcome(
    error=ErrorObject(
        "The result does not fit into what its execution may still write; keep it elsewhere and return where it "
        "lies, or lift the quota with --quotas none on this machine",
        "InvalidParameterValueException",
    )
)


class Target(Protocol):
    """A function that can be invoked."""

    @property
    def is_durable(self) -> bool:
        """Whether an invoke begins an execution of it; otherwise it is called, and answers."""


class ChainedInvokes:
    """Begins what executions invoke, and hands its end on; each in the transaction of its cause."""

    def __init__(self, journals: Journals, targets: Mapping[str, Target], terms: Callable[[str], Terms]) -> None:
        self._journals = journals
        self._targets = targets
        self._terms = terms
        journals.closing.append(self._hand_on)

    def begin(self, journal: ExecutionJournal, update: OperationUpdate) -> Invoked | None:
        """Begin the execution or the call that an update asks for; None if its function is not known here."""
        options = update.chained_invoke_options
        name, tenant_id = (function_name(options.function_name), options.tenant_id) if options else ("", None)
        target = self._targets.get(name)
        if target is None:
            return None
        if not target.is_durable:
            calls.insert(journal.database, journal.key, update.operation_id, name, tenant_id)
            journal.scheduled = True
            return Invoked(VERSION)
        awaiting = Awaiting(journal.key, update.operation_id)
        terms = replace(self._terms(name), tenant_id=tenant_id)
        child = begin(self._journals, name, update.payload, str(uuid.uuid4()), terms, awaiting)
        journal.scheduled = True
        return Invoked(VERSION, child.row.arn)

    def answered(self, arn: str, operation_id: str, answer: Outcome) -> None:
        """Hand on what a called function has answered, unless somebody else has."""
        with self._journals.open(arn) as journal:
            calls.delete(journal.database, journal.key, operation_id)
            status = OperationStatus.FAILED if answer.error else OperationStatus.SUCCEEDED
            _finish(journal, operation_id, status, answer)

    def _hand_on(self, child: ExecutionJournal) -> ExecutionJournal | None:
        parent = executions.by_key(self._journals.database, child.row.parent) if child.row.parent else None
        if parent is None:
            return None
        journal = self._journals.read(parent.arn)
        _finish(journal, child.row.parent_operation or "", *_end(child))
        self._journals.keep(journal)
        return journal


def function_name(given: str) -> str:
    """The bare name in a function's name, qualified name or ARN."""
    return given.rpartition(":function:")[2].partition(":")[0]


def _end(child: ExecutionJournal) -> tuple[OperationStatus, Outcome]:
    status = OperationStatus(child.row.status)
    if status is not OperationStatus.TIMED_OUT:
        return status, executions.outcome(child.database, child.key)
    message = f"CHAINED_INVOKE timed out after {child.row.timeout_seconds} seconds."
    return status, Outcome(error=ErrorObject(message, "ChainedInvoke.Timeout"))


def _finish(journal: ExecutionJournal, operation_id: str, status: OperationStatus, outcome: Outcome) -> None:
    operation = journal.operation(operation_id)
    if operation is None or operation.status.is_terminal or not journal.row.is_running:
        return
    if size(outcome.result) > CHAINED_INVOKE_PAYLOAD_BYTES:
        status, outcome = OperationStatus.FAILED, _TOO_LARGE
    if not journal.has_room(outcome.result, error_text(outcome.error)):
        status, outcome = OperationStatus.FAILED, _OVER_QUOTA
    else:
        journal.weigh(outcome.result, error_text(outcome.error))
    journal.finish(complete(operation, status, journal.now, result=outcome.result, error=outcome.error))
