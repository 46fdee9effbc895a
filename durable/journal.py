"""The operations recorded so far, as replay reads them."""

from collections.abc import Callable, Iterable

from durable.identifier import OperationIdentifier
from durable.model import Operation, OperationType

Listener = Callable[[frozenset[str]], None]


class Journal:
    """Recorded operations by id; the service's answers are merged into it."""

    def __init__(self, operations: Iterable[Operation] = ()) -> None:
        self.operations = {operation.operation_id: operation for operation in operations}
        self._listeners: list[Listener] = []

    def get(self, operation_id: str) -> Operation | None:
        """The operation under an id, if it is recorded."""
        return self.operations.get(operation_id)

    def find(self, identifier: OperationIdentifier) -> Operation | None:
        """The record of an operation; NonDeterministicExecutionError if another one is recorded in its place."""
        recorded = self.operations.get(identifier.operation_id)
        if recorded is not None:
            identifier.validate_checkpoint(recorded)
        return recorded

    @property
    def has_history(self) -> bool:
        """Whether anything but the execution itself is recorded."""
        return any(operation.operation_type is not OperationType.EXECUTION for operation in self.operations.values())

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
