"""The callback: an answer that somebody outside gives."""

from collections.abc import Callable as Function
from dataclasses import dataclass
from typing import Generic, TypeVar

from durable.config import CallbackConfig
from durable.exceptions import CallbackError, CallbackExternalError, CallbackTimeoutError
from durable.identifier import OperationIdentifier
from durable.model import CallbackOptions, ErrorObject, OperationStatus
from durable.operations.suspension import suspend_until
from durable.scope import Scope
from durable.serdes import PASS_THROUGH_SERDES
from durable.values import Value

T = TypeVar("T")

_ENDINGS = {OperationStatus.TIMED_OUT: "Callback timed out", OperationStatus.FAILED: "Callback failed"}


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
    if recorded is None or not recorded.status.is_terminal:
        suspend_until(identifier, None)
    if recorded.status is OperationStatus.SUCCEEDED:
        return scope.read(config.serdes or PASS_THROUGH_SERDES, recorded.result, identifier)
    error = recorded.error or ErrorObject()
    kind = CallbackTimeoutError if recorded.status is OperationStatus.TIMED_OUT else CallbackExternalError
    told = f"Callback {identifier.name or identifier.operation_id} was {recorded.status}"
    message = error.message or _ENDINGS.get(recorded.status, told)
    raise kind(message, data=error.data, stack_trace=error.stack_trace)
