"""The wait: nothing runs, and nothing is billed, until its time has come."""

from durable.exceptions import InvalidStateError
from durable.identifier import OperationIdentifier
from durable.model import OperationStatus, WaitOptions
from durable.operations.suspension import suspend_until
from durable.scope import Scope


def wait(scope: Scope, identifier: OperationIdentifier, seconds: int) -> None:
    """Return once the wait is over; until then suspend."""
    recorded = scope.find(identifier) or scope.start(identifier, wait_options=WaitOptions(seconds))
    if recorded.status is OperationStatus.SUCCEEDED:
        return
    if recorded.status.is_terminal:
        raise InvalidStateError(f"The wait {identifier.name or identifier.operation_id} was {recorded.status}.")
    suspend_until(identifier, recorded.wait_details.scheduled_end_timestamp if recorded.wait_details else None)
