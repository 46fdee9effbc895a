"""Ways to end an invocation until an operation has news."""

from datetime import datetime
from typing import NoReturn

from durable.exceptions import SuspendExecution, TimedSuspendExecution
from durable.identifier import OperationIdentifier


def suspend_until(identifier: OperationIdentifier, moment: datetime | None) -> NoReturn:
    """Suspend until a moment, or until the service says more."""
    awaited = frozenset({identifier.operation_id})
    message = f"Operation {identifier.name or identifier.operation_id} is pending."
    if moment is None:
        raise SuspendExecution(message, awaited)
    raise TimedSuspendExecution(message, moment.timestamp(), awaited)
