"""What a run has done so far, one line per top-level operation and per branch of a parallel; no output."""

import json
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from durable.model import Operation, OperationStatus, OperationSubType, OperationType
from durable_local.wording import label


@dataclass(frozen=True, slots=True)
class Delay:
    """Something that goes on by itself at a time."""

    name: str
    until: datetime
    is_retry: bool


@dataclass(slots=True)
class Line:
    """A top-level operation or a branch, with what happened below it."""

    label: str
    depth: int
    status: OperationStatus
    began: datetime | None
    ended: datetime | None = None
    steps: int = 0
    items: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    """Integer members of the results of map iterations, added up."""
    delays: dict[str, Delay] = field(default_factory=dict)


class Progress:
    """Keeps the lines up to date as operations change; safe to use from several threads."""

    def __init__(self, operations: Iterable[Operation] = ()) -> None:
        self._operations: dict[str, Operation] = {}
        self._lines: dict[str, Line] = {}
        self._line_ids: dict[str, str] = {}
        self._lock = threading.Lock()
        self.observe(operations)

    def observe(self, operations: Iterable[Operation]) -> None:
        """Take in operations as they are now."""
        with self._lock:
            for operation in operations:
                if operation.operation_type is not OperationType.EXECUTION:
                    self._take(operation)

    def lines(self) -> list[Line]:
        """The lines in the order of their start."""
        with self._lock:
            return list(self._lines.values())

    def _take(self, operation: Operation) -> None:
        before = self._operations.get(operation.operation_id)
        self._operations[operation.operation_id] = operation
        line = self._line(operation)
        if operation.status.is_terminal and not (before and before.status.is_terminal):
            _count(line, operation)
        _note_delay(line, operation)

    def _line(self, operation: Operation) -> Line:
        id_, parent = operation.operation_id, operation.parent_id
        if id_ not in self._line_ids:
            self._line_ids[id_] = id_ if self._has_line(operation) else self._line_ids.get(parent or "", id_)
        line_id = self._line_ids[id_]
        if line_id == id_:
            line = self._lines.setdefault(
                id_, Line(label(operation), 1 if parent else 0, operation.status, operation.start_timestamp)
            )
            line.status, line.ended = operation.status, operation.end_timestamp
        return self._lines[line_id]

    def _has_line(self, operation: Operation) -> bool:
        if operation.parent_id is None:
            return True
        parent = self._operations.get(operation.parent_id)
        return parent is None or (parent.parent_id is None and parent.sub_type == OperationSubType.PARALLEL)


def integers(result: str | None) -> dict[str, int]:
    """The integer members of a result that is an object, be it plain JSON or JSON with type tags."""
    if not result:
        return {}
    try:
        value = json.loads(result)
    except ValueError:
        return {}  # a serdes of the user's own
    if isinstance(value, Mapping) and value.get("t") == "m":
        value = _untagged(value.get("v"))
    if not isinstance(value, Mapping):
        return {}
    return {name: number for name, number in value.items() if type(number) is int}


def _untagged(members: Any) -> dict[str, Any]:
    if not isinstance(members, Mapping):
        return {}
    return {name: member.get("v") for name, member in members.items() if isinstance(member, Mapping)}


def _count(line: Line, operation: Operation) -> None:
    if operation.operation_type is OperationType.STEP and operation.status is OperationStatus.SUCCEEDED:
        line.steps += 1
    elif operation.sub_type == OperationSubType.MAP_ITERATION:
        line.items += 1
        line.sums.update(integers(operation.result))


def _note_delay(line: Line, operation: Operation) -> None:
    step, wait = operation.step_details, operation.wait_details
    until = step.next_attempt_timestamp if step else wait.scheduled_end_timestamp if wait else None
    if until is not None and not operation.status.is_terminal:
        line.delays[operation.operation_id] = Delay(label(operation), until, step is not None)
    else:
        line.delays.pop(operation.operation_id, None)
