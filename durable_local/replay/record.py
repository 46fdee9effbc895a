"""What an execution has recorded, as replay reads it; pure."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from durable.exceptions import SerDesError
from durable.model import ContextDetails, ErrorObject, Operation, OperationStatus, OperationSubType, OperationType
from durable.serdes import EXTENDED_TYPES_SERDES, SerDesContext
from durable.values import Value
from durable_local.replay.document import HistoryError, Json
from durable_local.replay.events import INVOCATION_COMPLETED, OperationEvent, operation_event

BATCHES = frozenset({OperationSubType.MAP.value, OperationSubType.PARALLEL.value})
_AROUND = frozenset({OperationType.EXECUTION, OperationType.CONTEXT})
_ANSWERED = frozenset({OperationStatus.SUCCEEDED, OperationStatus.FAILED})


@dataclass(frozen=True, slots=True)
class Ending:
    """What the handler has answered at last."""

    status: OperationStatus
    result: str | None = None
    error: ErrorObject | None = None

    def equals(self, other: "Ending") -> bool:
        """Whether a caller would see no difference; the place where an error was raised may be another."""
        return (self.status, *self._told()) == (other.status, *other._told())

    def _told(self) -> tuple[Value, ...]:
        error = self.error or ErrorObject()
        return json.loads(self.result or "null"), error.type, error.message


@dataclass(frozen=True, slots=True)
class Record:
    """The operations of an execution in the order of their start, its own first, and how it stands."""

    operations: tuple[Operation, ...]
    ending: Ending | None
    """None while the handler has not answered, even if the service has ended the execution."""
    is_settled: bool
    """Whether an invocation has suspended on exactly this: the same code would ask for nothing more."""
    unclear: frozenset[str]
    """Closed contexts whose result may be a summary, which histories do not tell apart."""
    _by_id: dict[str, Operation]

    @property
    def arn(self) -> str:
        """An ARN with the execution's name and id; of its function a history tells nothing."""
        root = self.operations[0]
        place = "arn:aws:lambda:us-east-1:000000000000:function:replayed:$LATEST/durable-execution"
        return f"{place}/{root.name or 'unnamed'}/{root.operation_id}"

    @property
    def rebuilt(self) -> frozenset[str]:
        """The closed contexts whose result was too large to record."""
        return frozenset(each.operation_id for each in self.operations if _is_rebuilt(each))

    def get(self, operation_id: str | None) -> Operation | None:
        """The operation under an id, if it is recorded."""
        return self._by_id.get(operation_id or "")

    def path(self, operation_id: str | None) -> tuple[str, ...]:
        """The names of the contexts around a recorded operation, and its own at last."""
        operation = self.get(operation_id)
        if operation is None or operation.operation_type is OperationType.EXECUTION:
            return ()
        return (*self.path(operation.parent_id), name_of(operation))


def name_of(operation: Operation) -> str:
    """What to call an operation."""
    return operation.name or operation.sub_type or operation.operation_type.value


def record_of(events: Sequence[Json], rebuilt: Collection[str] | None = None) -> Record:
    """The record that events have made: all of a history, or its first part.

    `rebuilt` are the closed contexts whose result was too large to record, where they are known; a history does not
    tell them. Raises HistoryError for events that are no part of a history.
    """
    if not events or events[0]["EventType"] != "ExecutionStarted":
        raise HistoryError("The first event of a history is ExecutionStarted, and this one's is not.")
    reading = _Reading()
    for event in events:
        reading.take(event)
    operations = tuple(_with_rebuilt(each, rebuilt) for each in reading.operations.values())
    unclear = frozenset() if rebuilt is not None else _unclear(operations)
    by_id = {each.operation_id: each for each in operations}
    return Record(operations, reading.ending, reading.is_settled, unclear, by_id)


@dataclass(slots=True)
class _Reading:
    operations: dict[str, Operation] = field(default_factory=dict)
    ending: Ending | None = None
    is_settled: bool = False
    has_died: bool = False
    """Whether the last invocation did not answer."""
    is_acting: bool = False
    """Whether the current invocation has recorded something."""
    has_news: bool = False
    """Whether something has come meanwhile that it may not have heard of."""

    def take(self, source: Json) -> None:
        """Go on by one event."""
        if source["EventType"] == INVOCATION_COMPLETED:
            self.has_died = bool((source.get(f"{INVOCATION_COMPLETED}Details") or {}).get("Error"))
            self.is_settled = self.is_acting and self._waits and not (self.has_died or self.has_news)
            self.is_acting = self.has_news = False
        elif event := operation_event(source):
            self._apply(event)

    @property
    def _waits(self) -> bool:
        open_ones = (each for each in self.operations.values() if not each.status.is_terminal)
        return any(each.operation_type not in _AROUND for each in open_ones)

    def _apply(self, event: OperationEvent) -> None:
        self.is_settled = False
        if event.operation_type is OperationType.EXECUTION and event.status is not OperationStatus.STARTED:
            if event.status in _ANSWERED and not self.has_died:
                self.ending = Ending(event.status, event.result, event.error)
            return
        identity = event.operation_id
        self.operations[identity] = event.applied_to(self.operations.get(identity))
        self.has_news = self.has_news or (event.is_news and self.is_acting)
        self.is_acting = self.is_acting or not event.is_news


def _is_rebuilt(operation: Operation) -> bool:
    return operation.context_details is not None and operation.context_details.replay_children


def _with_rebuilt(operation: Operation, rebuilt: Collection[str] | None) -> Operation:
    details = operation.context_details
    if details is None or operation.status is not OperationStatus.SUCCEEDED:
        return operation
    is_rebuilt = _is_summary(operation, details) if rebuilt is None else operation.operation_id in rebuilt
    return replace(operation, context_details=replace(details, replay_children=is_rebuilt))


def _is_summary(operation: Operation, details: ContextDetails) -> bool:
    """Whether what stands in a result's place is certainly a summary."""
    if operation.sub_type not in BATCHES:
        return details.result == ""
    try:
        told = json.loads(details.result or "")
    except ValueError:
        return False
    return isinstance(told, dict) and told.keys() >= {"type", "totalCount", "completionReason"}


def _unclear(operations: Iterable[Operation]) -> frozenset[str]:
    return frozenset(
        each.operation_id
        for each in operations
        if each.context_details
        and each.status is OperationStatus.SUCCEEDED
        and each.sub_type not in BATCHES
        and not (each.context_details.replay_children or _is_plain(each.context_details.result))
    )


def _is_plain(text: str | None) -> bool:
    """Whether the default serdes may have written a text."""
    try:
        EXTENDED_TYPES_SERDES.deserialize("null" if text is None else text, SerDesContext())
    except (SerDesError, ValueError):
        return False
    return True
