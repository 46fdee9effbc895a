"""The service that keeps operations: the two calls the core makes of it, and the client that makes them with boto3."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Protocol

from durable import wire
from durable.exceptions import BotoClientError, CheckpointError, GetExecutionStateError
from durable.model import CallbackTimeoutType as CallbackTimeoutType
from durable.model import CheckpointOutput as CheckpointOutput
from durable.model import CheckpointUpdatedExecutionState as CheckpointUpdatedExecutionState
from durable.model import ErrorObject as ErrorObject
from durable.model import InvocationStatus as InvocationStatus
from durable.model import Operation as Operation
from durable.model import OperationAction as OperationAction
from durable.model import OperationStatus as OperationStatus
from durable.model import OperationSubType as OperationSubType
from durable.model import OperationType as OperationType
from durable.model import OperationUpdate as OperationUpdate
from durable.model import StateOutput as StateOutput
from durable.values import Json
from durable.version import __version__

Updates = Sequence[OperationUpdate]

CONNECT_TIMEOUT, READ_TIMEOUT = 5, 50
"""Seconds; a checkpoint that takes longer is tried again by boto3."""


class DurableServiceClient(Protocol):
    """The two calls by which an invocation records operations and reads them back."""

    def checkpoint(
        self, durable_execution_arn: str, checkpoint_token: str, updates: Updates, client_token: str | None
    ) -> CheckpointOutput:
        """Record updates, all or none, and learn what changed; no updates only asks for changes."""

    def get_execution_state(
        self, durable_execution_arn: str, checkpoint_token: str, next_marker: str, max_items: int = 1000
    ) -> StateOutput:
        """Read a further page of the recorded operations."""


class LambdaClient:
    """The Lambda API through a boto3 client; CheckpointError and GetExecutionStateError say what failed."""

    _shared: ClassVar["LambdaClient | None"] = None

    def __init__(self, client: Json) -> None:
        self._client = client

    @classmethod
    def initialize_client(cls) -> "LambdaClient":
        """The client of this process, made when first asked for: importing boto3 takes a good part of a cold start."""
        if cls._shared is None:
            import boto3
            from botocore.config import Config

            settings = Config(
                connect_timeout=CONNECT_TIMEOUT,
                read_timeout=READ_TIMEOUT,
                user_agent_extra=f"durable-hexagon/{__version__}",
            )
            cls._shared = cls(boto3.client("lambda", config=settings))
        return cls._shared

    def checkpoint(
        self, durable_execution_arn: str, checkpoint_token: str, updates: Updates, client_token: str | None
    ) -> CheckpointOutput:
        """Record updates, all or none, and learn what changed."""
        _require(checkpoint_token, CheckpointError)
        response = _call(
            CheckpointError,
            self._client.checkpoint_durable_execution,
            DurableExecutionArn=durable_execution_arn,
            CheckpointToken=checkpoint_token,
            Updates=wire.encode(updates),
            **({"ClientToken": client_token} if client_token else {}),
        )
        state = wire.decode(CheckpointUpdatedExecutionState, response.get("NewExecutionState") or {})
        return CheckpointOutput(response.get("CheckpointToken"), state)

    def get_execution_state(
        self, durable_execution_arn: str, checkpoint_token: str, next_marker: str, max_items: int = 1000
    ) -> StateOutput:
        """Read a further page of the recorded operations."""
        _require(checkpoint_token, GetExecutionStateError)
        response = _call(
            GetExecutionStateError,
            self._client.get_durable_execution_state,
            DurableExecutionArn=durable_execution_arn,
            CheckpointToken=checkpoint_token,
            Marker=next_marker,
            MaxItems=max_items,
        )
        return wire.decode(StateOutput, response)


def _call(
    error: type[BotoClientError], method: Callable[..., Mapping[str, Json]], **members: Json
) -> Mapping[str, Json]:
    try:
        response: Mapping[str, Json] = method(**members)
    except Exception as cause:
        raise error.from_exception(cause) from cause
    return response


def _require(checkpoint_token: str, error: type[BotoClientError]) -> None:
    if not checkpoint_token:
        raise error("The checkpoint token is empty; the service gives a new one with the next invocation.")
