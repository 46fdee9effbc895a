"""Ways to end an invocation until an operation has news."""

from datetime import datetime
from typing import NoReturn

from durable.delays import Duration
from durable.exceptions import SuspendExecution, TimedSuspendExecution
from durable.identifier import OperationIdentifier
from durable.model import OperationAction, OperationUpdate, StepOptions
from durable.scope import Scope
from durable.values import Value


def suspend_until(identifier: OperationIdentifier, moment: datetime | None) -> NoReturn:
    """Suspend until a moment, or until the service says more."""
    awaited = frozenset({identifier.operation_id})
    message = f"Operation {identifier.name or identifier.operation_id} is pending."
    if moment is None:
        raise SuspendExecution(message, awaited)
    raise TimedSuspendExecution(message, moment.timestamp(), awaited)


def suspend_until_next_attempt(
    scope: Scope,
    identifier: OperationIdentifier,
    delay: Duration,
    start: OperationUpdate | None = None,
    **members: Value,
) -> NoReturn:
    """Record what an attempt came to, as one with its start if given, and suspend until the next one is due."""
    options = StepOptions(delay.as_wait().seconds)
    pending = scope.record_and_wait(identifier.update(OperationAction.RETRY, step_options=options, **members), start)
    details = pending.step_details if pending else None
    suspend_until(identifier, details.next_attempt_timestamp if details else None)
