"""The operations recorded so far, as replay reads them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from durable.identifier import OperationIdentifier, drift
from durable.model import Operation, OperationStatus, OperationType, OperationUpdate

_EPOCH = datetime.fromtimestamp(0, UTC)

Listener = Callable[[frozenset[str]], None]


class Journal:
    """Recorded operations by id; the service's answers are merged into it."""

    def __init__(self, operations: Iterable[Operation] = ()) -> None:
        self.operations = {operation.operation_id: operation for operation in operations}
        self._ahead: dict[str | None, set[str]] = {}
        self._listeners: list[Listener] = []

    def get(self, operation_id: str) -> Operation | None:
        """The operation under an id, if it is recorded."""
        return self.operations.get(operation_id)

    def find(self, identifier: OperationIdentifier) -> Operation | None:
        """The record of an operation; NonDeterministicExecutionError if another one is recorded in its place."""
        recorded = self.operations.get(identifier.operation_id)
        if recorded is not None:
            identifier.validate_checkpoint(recorded)
            if ahead := self._ahead.get(recorded.parent_id):
                ahead.discard(recorded.operation_id)
        return recorded

    def expect(self) -> None:
        """Expect the code to reach what is recorded by now."""
        for operation in self.operations.values():
            if operation.operation_type is not OperationType.EXECUTION:
                self._ahead.setdefault(operation.parent_id, set()).add(operation.operation_id)

    def refuse_unreached(self, parent_id: str | None) -> None:
        """Refuse the end of a context whose recorded operations were not all reached."""
        if ahead := self._ahead.get(parent_id):
            recorded = min((self.operations[each] for each in ahead), key=_began)
            name = recorded.name or recorded.sub_type
            raise drift(f"The code ends before this recorded {recorded.operation_type} {name}.", recorded.operation_id)

    @property
    def has_history(self) -> bool:
        """Whether anything but the execution itself is recorded."""
        return any(operation.operation_type is not OperationType.EXECUTION for operation in self.operations.values())

    def begin(self, update: OperationUpdate) -> None:
        """Know an operation whose start is on its way, until the service tells more of it."""
        identity, started = update.operation_id, OperationStatus.STARTED
        rest = update.parent_id, update.name, None, None, update.sub_type
        known = self.get(identity)
        begun = replace(known, status=started) if known else Operation(identity, update.operation_type, started, *rest)
        self.operations[identity] = begun

    def merge(self, operations: Iterable[Operation]) -> None:
        """Take over what the service says has changed, and tell the listeners."""
        changed = {operation.operation_id: operation for operation in operations}
        self.operations.update(changed)
        ids = frozenset(changed)
        for listener in tuple(self._listeners):
            listener(ids)

    def listen(self, listener: Listener) -> None:
        """Call the listener with the ids of what changed, until `forget`."""
        self._listeners.append(listener)

    def forget(self, listener: Listener) -> None:
        """Call the listener no more."""
        self._listeners.remove(listener)


def _began(operation: Operation) -> datetime:
    return operation.start_timestamp or _EPOCH
