"""The begin of an execution."""

import uuid
from dataclasses import dataclass

from durable.model import ExecutionDetails, Operation, OperationStatus, OperationType
from durable.wire import from_milliseconds, milliseconds
from durable_local import history
from durable_local.journal import ExecutionJournal, Journals
from durable_local.store.executions import ExecutionRow
from durable_local.store.timers import TimerKind

REGION, ACCOUNT, VERSION = "us-east-1", "000000000000", "$LATEST"


@dataclass(frozen=True, slots=True)
class Terms:
    """How long an execution may take, how many days it is kept after its end, and for which tenant it runs.

    None is for ever, and for nobody in particular.
    """

    timeout_seconds: int | None = None
    retention_days: int | None = None
    tenant_id: str | None = None


@dataclass(frozen=True, slots=True)
class Awaiting:
    """Who awaits the end of an execution: another one's operation."""

    key: int
    operation_id: str


def begin(
    journals: Journals,
    function: str,
    payload: str | None,
    name: str,
    terms: Terms,
    awaiting: Awaiting | None = None,
) -> ExecutionJournal:
    """Begin an execution, inside a transaction; the caller tells the observers."""
    now, invocation_id = journals.clock.now(), str(uuid.uuid4())
    started_at = milliseconds(now)
    row = ExecutionRow(
        key=None,
        arn=f"{function_arn(function)}/durable-execution/{name}/{invocation_id}",
        name=name,
        function=function,
        operation_id=invocation_id,
        timeout_seconds=terms.timeout_seconds,
        retention_days=terms.retention_days,
        tenant_id=terms.tenant_id,
        started_at=started_at,
        parent=awaiting.key if awaiting else None,
        parent_operation=awaiting.operation_id if awaiting else None,
        status="RUNNING",
    )
    root = Operation(
        invocation_id,
        OperationType.EXECUTION,
        OperationStatus.STARTED,
        name=name,
        start_timestamp=from_milliseconds(started_at),
        execution_details=ExecutionDetails(payload),
    )
    journal = journals.create(row)
    journal.weigh(payload)
    journal.record(root, history.execution_started(root, terms.timeout_seconds), payload)
    if terms.timeout_seconds:
        journal.arm(invocation_id, TimerKind.EXECUTION_TIMEOUT, terms.timeout_seconds)
    journal.wake()
    journals.keep(journal)
    return journal


def function_arn(function: str) -> str:
    """The qualified ARN of a local function."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}:{VERSION}"
