"""The two calls of boto3's Lambda client that the official SDK makes, answered by a service in this process."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from durable.exceptions import BotoClientError
from durable.lambda_service import DurableServiceClient
from durable.model import Operation, OperationUpdate
from durable.wire import decode, encode
from durable_local.invocations import Invocation


class LambdaApi:
    """Takes and gives what boto3 does: dictionaries with wire names, moments as datetimes."""

    def __init__(self, service: DurableServiceClient) -> None:
        self._service = service

    def checkpoint_durable_execution(
        self,
        *,
        DurableExecutionArn: str,  # noqa: N803 - boto3's names
        CheckpointToken: str,  # noqa: N803
        Updates: Sequence[Mapping[str, Any]],  # noqa: N803
        ClientToken: str | None = None,  # noqa: N803
    ) -> dict[str, Any]:
        updates = [decode(OperationUpdate, update) for update in Updates]
        with _errors("CheckpointDurableExecution"):
            output = self._service.checkpoint(DurableExecutionArn, CheckpointToken, updates, ClientToken)
        state = output.new_execution_state
        answer = {"NewExecutionState": _page(state.operations, state.next_marker)}
        return answer | ({"CheckpointToken": output.checkpoint_token} if output.checkpoint_token else {})

    def get_durable_execution_state(
        self,
        *,
        DurableExecutionArn: str,  # noqa: N803
        CheckpointToken: str,  # noqa: N803
        Marker: str = "",  # noqa: N803
        MaxItems: int = 0,  # noqa: N803
    ) -> dict[str, Any]:
        with _errors("GetDurableExecutionState"):
            output = self._service.get_execution_state(DurableExecutionArn, CheckpointToken, Marker, MaxItems)
        return _page(output.operations, output.next_marker)


@contextmanager
def _errors(operation: str) -> Iterator[None]:
    """Raise what the service refuses as boto3 does."""
    try:
        yield
    except BotoClientError as error:
        if error.error is None:
            raise
        raise ClientError({"Error": error.error, "ResponseMetadata": error.response_metadata}, operation) from error


def invocation_event(invocation: Invocation) -> dict[str, Any]:
    """The event of an invocation as Lambda delivers it, moments in milliseconds."""
    return {
        "DurableExecutionArn": invocation.arn,
        "CheckpointToken": invocation.checkpoint_token,
        "InitialExecutionState": {
            "Operations": encode(invocation.operations),
            "NextMarker": invocation.next_marker or "",
        },
        "UpdatedOperationIds": list(invocation.updated_operation_ids),
    }


def _page(operations: Sequence[Operation], marker: str | None) -> dict[str, Any]:
    return {"Operations": encode(operations, _unchanged), "NextMarker": marker or ""}


def _unchanged(moment: datetime) -> datetime:
    return moment
