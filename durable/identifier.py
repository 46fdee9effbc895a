"""Which operation a call means: an id that follows from its place, and what it says of itself."""

from dataclasses import dataclass, field
from hashlib import blake2b

from durable.exceptions import NonDeterministicExecutionError
from durable.model import Operation, OperationAction, OperationType, OperationUpdate
from durable.values import Value

_ID_LENGTH = 64


def operation_id(prefix: str | None, number: int) -> str:
    """The id of a context's n-th operation, or of a batch's branch with that index.

    The first 64 hexadecimal digits of BLAKE2b with its full 64-byte digest, as AWS's SDK derives them.
    """
    text = f"{prefix}-{number}" if prefix else str(number)
    return blake2b(text.encode()).hexdigest()[:_ID_LENGTH]


def drift(what: str, step_id: str | None) -> NonDeterministicExecutionError:
    """The error for code that differs from what is recorded, with the way out."""
    way_out = "Keep operations and their order while executions run, or deploy the change as a new version."
    return NonDeterministicExecutionError(f"Operation {step_id}: {what} {way_out}", step_id)


@dataclass(frozen=True, slots=True)
class OperationIdentifier:
    """An operation as the code asks for it."""

    operation_id: str
    sub_type: str | None
    parent_id: str | None = None
    name: str | None = None
    operation_type: OperationType = field(kw_only=True)

    def update(self, action: OperationAction, **members: Value) -> OperationUpdate:
        """An update of this operation; the members are fields of OperationUpdate."""
        return OperationUpdate(
            self.operation_id,
            self.operation_type,
            action,
            parent_id=self.parent_id,
            name=self.name or None,
            sub_type=self.sub_type or None,
            **members,
        )

    def validate_checkpoint(self, recorded: Operation) -> None:
        """Refuse a record of another operation: the code has changed, or does not do the same on each replay."""
        then = recorded.operation_type, recorded.sub_type, recorded.name, recorded.parent_id
        now = self.operation_type, self.sub_type, self.name, self.parent_id
        if then == now:
            return
        differences = [
            f"{what} checkpoint={str(before)!r} current={str(after)!r}"
            for what, before, after in zip(("type", "subtype", "name", "parent"), then, now, strict=True)
            if (before or None) != (after or None)
        ]
        if differences:
            raise drift(f"It was recorded as another one: {'; '.join(differences)}.", self.operation_id)
