"""What an invocation is handed, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from durable import wire
from durable.exceptions import ExecutionError
from durable.lambda_service import DurableServiceClient, LambdaClient
from durable.model import InitialExecutionState as InitialExecutionState
from durable.model import InvocationStatus
from durable.scheduler import Scheduler, ThreadScheduler
from durable.values import Json, Value

LAMBDA_RESPONSE_SIZE_LIMIT = 6 * 1024 * 1024 - 50
"""Bytes that Lambda returns from an invocation, less room for the envelope."""

Answer = dict[str, Json]


@dataclass(frozen=True, slots=True)
class DurableExecutionInvocationInput:
    """What the service hands to an invocation."""

    durable_execution_arn: str
    checkpoint_token: str
    initial_execution_state: InitialExecutionState = field(default_factory=InitialExecutionState)
    updated_operation_ids: Sequence[str] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class DurableExecutionInvocationInputWithClient(DurableExecutionInvocationInput):
    """The same with the service itself, for runtimes in this process, and with threads and time of their choice."""

    service_client: DurableServiceClient = field(kw_only=False, default_factory=LambdaClient.initialize_client)
    scheduler: Scheduler = field(kw_only=True, default_factory=ThreadScheduler)


def read_invocation(event: Value) -> DurableExecutionInvocationInput:
    """The invocation that an event describes; ExecutionError for an event that no durable execution sent."""
    if isinstance(event, DurableExecutionInvocationInput):
        return event
    try:
        return wire.decode(DurableExecutionInvocationInput, event)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ExecutionError(
            f"This event is not from a durable execution ({error}). Is DurableConfig set on the function, and is it "
            "invoked by a qualified name?"
        ) from error


def answer(status: InvocationStatus, **members: Value) -> Answer:
    """The envelope that Lambda returns to the service."""
    return {"Status": status.value, **members}
