"""Examines a database for what must not be: damage, losses, contradictions, executions that nothing goes on with."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from durable.model import OperationStatus
from durable_local.store import events, records
from durable_local.store.database import Database, StoreError
from durable_local.store.records import EventRecord, ExecutionRecord, OperationRecord

_ENDINGS = {
    "Succeeded": OperationStatus.SUCCEEDED,
    "Failed": OperationStatus.FAILED,
    "Cancelled": OperationStatus.CANCELLED,
    "TimedOut": OperationStatus.TIMED_OUT,
    "Stopped": OperationStatus.STOPPED,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be, and the execution concerned, if it is one."""

    problem: str
    execution: str | None = None


def examine(database: Database) -> list[Finding]:
    """Everything that is wrong, as of one moment; reads the whole file, and others may write meanwhile."""
    with database.snapshot():
        findings = [*_examined(_file, database), *_examined(_losses, database), *_examined(_executions, database)]
    return list(dict.fromkeys(findings))


def _examined(check: Callable[[Database], Iterator[Finding]], database: Database) -> Iterator[Finding]:
    try:
        yield from check(database)
    except StoreError as error:
        yield Finding(f"The file cannot be read any further: {error}")
    except (ValueError, TypeError, KeyError) as error:
        yield Finding(f"What is stored cannot be understood: {error!r}")


def _file(database: Database) -> Iterator[Finding]:
    for problem in records.integrity(database):
        yield Finding(f"SQLite's integrity check says: {problem}")
    for table, count in records.strangers(database):
        yield Finding(f"{count} rows of {table} belong to nothing")


def _losses(database: Database) -> Iterator[Finding]:
    for acknowledged, found in records.losses(database):
        yield Finding(
            f"Acknowledged changes were lost before the file was opened: one execution had been written {acknowledged} "
            f"times, {found} were there, and changes of others may be gone too"
        )


def _executions(database: Database) -> Iterator[Finding]:
    for execution in records.executions(database):
        told = records.events(database, execution.key)
        known = records.operations(database, execution.key)
        for problem in (
            *_history(execution, told, events.chain(database, execution.key)),
            *_operations(told, known),
            *_identity(execution, told),
            *_state(execution, known),
            *_progress(database, execution),
        ):
            yield Finding(problem, execution.name)


def _history(execution: ExecutionRecord, told: Sequence[EventRecord], chain: str) -> Iterator[str]:
    numbers = [event.number for event in told]
    if numbers != list(range(1, execution.events + 1)):
        missing = sorted(set(range(1, execution.events + 1)) - set(numbers))
        yield f"Of {execution.events} events {len(numbers)} are there; missing are {missing[:10]}"
    elif chain != execution.chain:
        yield "An event is not what it was when it was written"


def _operations(told: Sequence[EventRecord], known: Sequence[OperationRecord]) -> Iterator[str]:
    latest = {event.operation_id: event for event in told if event.operation_id}
    first = {event.operation_id: event for event in reversed(told) if event.operation_id}
    ids = {operation.id for operation in known}
    for operation in known:
        if operation.parent_id and operation.parent_id not in ids:
            yield f"Operation {operation.id} lies below {operation.parent_id}, which is not there"
        event = latest.get(operation.id)
        if not operation.is_sealed or (event and not _began(operation, first[operation.id])):
            yield f"Operation {operation.id} is not what it was when it was written"
        if event is None:
            yield f"Operation {operation.id} has no event"
        elif not _agrees(operation, event):
            yield f"Operation {operation.id} is {operation.status}, but its last event, {event.number}, says otherwise"


def _began(operation: OperationRecord, event: EventRecord) -> bool:
    facts = json.loads(event.facts) if event.facts else {}
    given = event.payload if event.type in {"ExecutionStarted", "ChainedInvokeStarted"} else None
    return (operation.input, operation.callback_id) == (given, facts.get("CallbackId"))


def _agrees(operation: OperationRecord, event: EventRecord) -> bool:
    ended = _ending(event)
    if not OperationStatus(operation.status).is_terminal:
        return ended is None
    if operation.type == "WAIT":
        return ended == operation.status
    return (ended, event.payload, event.error) == (operation.status, operation.result, operation.error)


def _ending(event: EventRecord) -> OperationStatus | None:
    """The status that an event tells, if its operation has ended with it."""
    if event.facts and "NextAttemptDelaySeconds" in json.loads(event.facts).get("RetryDetails", {}):
        return None
    return next((status for word, status in _ENDINGS.items() if event.type.endswith(word)), None)


def _identity(execution: ExecutionRecord, told: Sequence[EventRecord]) -> Iterator[str]:
    facts = json.loads(told[0].facts) if told and told[0].facts else {}
    name = f"/durable-execution/{execution.name}/{execution.operation_id}"
    if not execution.arn.endswith(name) or f":function:{execution.function}:" not in execution.arn:
        yield f"Its ARN {execution.arn} is not that of {execution.function} and its own name"
    if execution.timeout_seconds != facts.get("ExecutionTimeout"):
        yield "Its timeout is not the one that it began with"
    invocations = sum(event.type == "InvocationCompleted" for event in told) + (execution.request_id is not None)
    if invocations != execution.invocations:
        yield f"Of {execution.invocations} invocations {invocations} have an event or are running"


def _state(execution: ExecutionRecord, known: Sequence[OperationRecord]) -> Iterator[str]:
    if len(known) != execution.operations:
        yield f"Of {execution.operations} operations {len(known)} are there"
    root = next((operation for operation in known if operation.type == "EXECUTION"), None)
    expected = {"RUNNING": "STARTED"}.get(execution.status, execution.status)
    if root is None or root.status != expected:
        yield f"The execution is {execution.status}, its EXECUTION operation {root.status if root else 'is not there'}"
    elif (root.id, root.name, root.started_at, root.ended_at) != (
        execution.operation_id,
        execution.name,
        execution.started_at,
        execution.ended_at,
    ):
        yield "The execution and its EXECUTION operation differ in name or time"


def _progress(database: Database, execution: ExecutionRecord) -> Iterator[str]:
    if execution.status == "RUNNING" and not records.goes_on(database, execution.key):
        yield "It is running, but neither an invocation, a timer, an answer nor another execution will go on with it"
    if execution.status != "RUNNING" and records.has_timers(database, execution.key):
        yield "It has ended, but timers of it have not"
