"""The callback: an answer that somebody outside gives."""

from collections.abc import Callable as Function
from dataclasses import dataclass
from typing import Generic, TypeVar

from durable.config import CallbackConfig
from durable.exceptions import CallbackError, CallbackExternalError, CallbackTimeoutError, SuspendExecution
from durable.identifier import OperationIdentifier
from durable.model import CallbackDetails, CallbackOptions, ErrorObject, OperationStatus
from durable.scope import Scope
from durable.serdes import PASS_THROUGH_SERDES
from durable.values import Value

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Callback(Generic[T]):
    """A callback that somebody outside will answer; its id is a bearer secret."""

    callback_id: str
    _result: Function[[], T]

    def result(self) -> T:
        """The answer; suspends until it is there.

        Raises CallbackTimeoutError if none came in time, CallbackExternalError if the other side reported a failure.
        """
        return self._result()


def start_callback(scope: Scope, identifier: OperationIdentifier, config: CallbackConfig) -> str:
    """Record the callback, once; returns its id."""
    options = CallbackOptions(config.timeout_seconds, config.heartbeat_timeout_seconds)
    recorded = scope.find(identifier) or scope.start(identifier, callback_options=options)
    details = recorded.callback_details
    if details is None or not details.callback_id:
        raise CallbackError(f"The service gave callback {identifier.name or identifier.operation_id} no id.")
    return details.callback_id


def callback_result(scope: Scope, identifier: OperationIdentifier, config: CallbackConfig) -> Value:
    """The answer of a recorded callback, if it is there."""
    recorded = scope.look(identifier.operation_id)
    details = (recorded and recorded.callback_details) or CallbackDetails()
    error = details.error or ErrorObject()
    match recorded and recorded.status:
        case OperationStatus.SUCCEEDED:
            return scope.read(config.serdes or PASS_THROUGH_SERDES, details.result, identifier)
        case OperationStatus.TIMED_OUT:
            raise CallbackTimeoutError(
                error.message or "Callback timed out", data=error.data, stack_trace=error.stack_trace
            )
        case OperationStatus.FAILED | OperationStatus.CANCELLED | OperationStatus.STOPPED:
            raise CallbackExternalError(
                error.message or "Callback failed", data=error.data, stack_trace=error.stack_trace
            )
        case _:
            message = f"Callback {identifier.name or identifier.operation_id} is pending."
            raise SuspendExecution(message, frozenset({identifier.operation_id}))
