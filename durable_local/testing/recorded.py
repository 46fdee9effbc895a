"""What an execution has recorded, as a tree whose operations are found by their names."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from durable.exceptions import SerDesError
from durable.model import ErrorObject, Operation, OperationStatus, OperationType
from durable.serdes import deserialize


class Named:
    """Finds operations by their names, at any depth; the first that has started comes first."""

    @property
    def children(self) -> "Sequence[RecordedOperation]":
        """The operations directly below."""
        raise NotImplementedError

    def get_all_operations(self) -> "list[RecordedOperation]":
        """Every operation below, each before those within it."""
        return list(self._below())

    def get_operation_by_name(self, name: str) -> "RecordedOperation":
        """The first operation of a name. Raises LookupError if there is none."""
        return self._first(name, None)

    def get_step(self, name: str) -> "RecordedOperation":
        """The first step of a name; a polled condition is one too. Raises LookupError if there is none."""
        return self._first(name, OperationType.STEP)

    def get_wait(self, name: str) -> "RecordedOperation":
        """The first wait of a name. Raises LookupError if there is none."""
        return self._first(name, OperationType.WAIT)

    def get_callback(self, name: str) -> "RecordedOperation":
        """The first callback of a name. Raises LookupError if there is none."""
        return self._first(name, OperationType.CALLBACK)

    def get_invoke(self, name: str) -> "RecordedOperation":
        """The first invoke of a name. Raises LookupError if there is none."""
        return self._first(name, OperationType.CHAINED_INVOKE)

    def get_context(self, name: str) -> "RecordedOperation":
        """The first child context of a name: of a map, a parallel or a branch too. Raises LookupError if none."""
        return self._first(name, OperationType.CONTEXT)

    def _first(self, name: str, kind: OperationType | None) -> "RecordedOperation":
        found = [each for each in self._below() if kind in (None, each.operation.operation_type)]
        for each in found:
            if each.name == name:
                return each
        names = ", ".join(sorted({each.name for each in found if each.name})) or "none"
        raise LookupError(f"No {_TITLES[kind]} is named {name!r}; the names are: {names}")

    def _below(self) -> "Iterator[RecordedOperation]":
        for child in self.children:
            yield child
            yield from child._below()


_TITLES = {
    None: "operation",
    OperationType.STEP: "step",
    OperationType.WAIT: "wait",
    OperationType.CALLBACK: "callback",
    OperationType.CHAINED_INVOKE: "invoke",
    OperationType.CONTEXT: "child context",
}


@dataclass(frozen=True, slots=True)
class RecordedOperation(Named):
    """An operation as it stands, with those within it."""

    operation: Operation
    children: "Sequence[RecordedOperation]"

    @property
    def name(self) -> str | None:
        """Its name, if it has one."""
        return self.operation.name

    @property
    def status(self) -> OperationStatus:
        """Where it stands."""
        return self.operation.status

    @property
    def result(self) -> Any:
        """What it came to; of another serdes than the default its JSON, or its text where it wrote no JSON."""
        text = self.operation.result
        if text is None:
            return None
        try:
            value = json.loads(text)
        except ValueError:
            return text
        with suppress(SerDesError):
            value = deserialize(None, text, self.operation.operation_id, "")
        return value

    @property
    def error(self) -> ErrorObject | None:
        """Why it failed."""
        return self.operation.error

    @property
    def attempts(self) -> int:
        """How many attempts of a step have ended."""
        return self.operation.step_details.attempt if self.operation.step_details else 0

    @property
    def callback_id(self) -> str | None:
        """By what the outside answers it, if it is a callback."""
        return self.operation.callback_details.callback_id if self.operation.callback_details else None

    @property
    def scheduled_end(self) -> datetime | None:
        """When it ends, if it is a wait."""
        return self.operation.wait_details.scheduled_end_timestamp if self.operation.wait_details else None


def tree(operations: Sequence[Operation], parent: str | None = None) -> list[RecordedOperation]:
    """The operations below a parent, in the order of their start, each with its own below it."""
    below: dict[str | None, list[Operation]] = {}
    for each in operations:
        below.setdefault(each.parent_id, []).append(each)

    def grown(identity: str | None) -> list[RecordedOperation]:
        return [RecordedOperation(each, grown(each.operation_id)) for each in below.get(identity, [])]

    return grown(parent)
