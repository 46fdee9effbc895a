"""An execution after its run."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from durable.model import ErrorObject, Operation
from durable_local.executions import Execution
from durable_local.testing.recorded import Named, RecordedOperation, tree


@dataclass(frozen=True, slots=True)
class DurableFunctionTestResult(Named):
    """An execution after its run, with everything it recorded."""

    execution: Execution
    operations: list[Operation]
    """All operations as they are on the wire, in the order of their start, without the execution's own."""
    history: list[dict[str, Any]]

    @property
    def status(self) -> str:
        """SUCCEEDED, FAILED, TIMED_OUT, STOPPED, or RUNNING while only the outside can go on."""
        return self.execution.status

    @property
    def result(self) -> Any:
        """What the handler returned."""
        return json.loads(self.execution.result) if self.execution.result else None

    @property
    def error(self) -> ErrorObject | None:
        """Why the execution failed."""
        return self.execution.error

    @property
    def invocations(self) -> int:
        """How many times the handler was called."""
        return self.execution.invocations

    @property
    def children(self) -> Sequence[RecordedOperation]:
        """The operations of the handler itself, with those within them."""
        return tree(self.operations)

    def operation(self, name: str) -> Operation:
        """The first operation of a name, as it is on the wire. Raises LookupError if there is none."""
        return self.get_operation_by_name(name).operation

    def operations_named(self, name: str) -> list[Operation]:
        """All operations of a name, in the order of their start."""
        return [each for each in self.operations if each.name == name]
