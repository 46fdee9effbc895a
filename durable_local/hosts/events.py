"""The event of an invocation as handlers take it."""

from typing import Any

from durable import wire
from durable.envelope import DurableExecutionInvocationInputWithClient, InitialExecutionState
from durable.execution import durable_execution
from durable.lambda_service import DurableServiceClient
from durable_local.hosts.loading import Handler
from durable_local.hosts.reused import ReusingScheduler
from durable_local.hosts.threads import THREADS, Presenter
from durable_local.invocations import Invocation


def with_service(service: DurableServiceClient) -> Presenter:
    """Events that bring the service along, so that checkpoints need no network."""

    def present(invocation: Invocation) -> object:
        return DurableExecutionInvocationInputWithClient(
            durable_execution_arn=invocation.arn,
            checkpoint_token=invocation.checkpoint_token,
            initial_execution_state=InitialExecutionState(list(invocation.operations), invocation.next_marker or ""),
            service_client=service,
            updated_operation_ids=list(invocation.updated_operation_ids),
            scheduler=ReusingScheduler(THREADS),
        )

    return present


def envelope(invocation: Invocation) -> dict[str, Any]:
    """The event as Lambda delivers it, in JSON with moments in milliseconds; checkpoints go over the network."""
    return {
        "DurableExecutionArn": invocation.arn,
        "CheckpointToken": invocation.checkpoint_token,
        "InitialExecutionState": {
            "Operations": wire.encode(invocation.operations),
            "NextMarker": invocation.next_marker or "",
        },
        "UpdatedOperationIds": list(invocation.updated_operation_ids),
    }


def takes_the_service(handler: Handler) -> bool:
    """Whether a handler is one that our own core has made, which takes events that bring the service along."""
    # AWS's decorator, or one around ours, gets JSON: what a decorator makes belongs to the module that defines it.
    return getattr(handler, "__globals__", {}).get("__name__") == durable_execution.__module__
