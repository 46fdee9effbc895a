"""How an invocation reaches a handler: of this core, with the service inside; of AWS's SDK, as JSON."""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from durable.exceptions import BotoClientError
from durable.lambda_service import DurableServiceClient
from durable.model import OperationUpdate, StateOutput
from durable.wire import decode, encode
from durable_local.hosts.context import LambdaContext
from durable_local.hosts.events import envelope, with_service
from durable_local.hosts.loading import Handler, Loader
from durable_local.hosts.threads import Presenter
from durable_local.invocations import Invocation

OFFICIAL = "aws_durable_execution_sdk_python"


class LambdaApi:
    """The two calls of boto3's Lambda client that durable functions make, answered by whoever runs the execution.

    A handler of AWS's SDK takes it as its `boto3_client=`.
    """

    def __init__(self) -> None:
        self._services: WeakValueDictionary[str, Any] = WeakValueDictionary()
        self._lock = threading.Lock()

    def route(self, arn: str, service: DurableServiceClient) -> None:
        """Let a service answer for an execution."""
        with self._lock:
            self._services[arn] = service

    def checkpoint_durable_execution(
        self,
        *,
        DurableExecutionArn: str,  # noqa: N803 - boto3's names
        CheckpointToken: str,  # noqa: N803
        Updates: Sequence[Mapping[str, Any]],  # noqa: N803
        ClientToken: str | None = None,  # noqa: N803
    ) -> dict[str, Any]:
        """Record updates."""
        updates = [decode(OperationUpdate, update) for update in Updates]
        try:
            output = self._service(DurableExecutionArn).checkpoint(
                DurableExecutionArn, CheckpointToken, updates, ClientToken
            )
        except BotoClientError as error:
            raise _as_boto3(error, "CheckpointDurableExecution") from error
        answer: dict[str, Any] = {"NewExecutionState": _page(output.new_execution_state)}
        return answer | ({"CheckpointToken": output.checkpoint_token} if output.checkpoint_token else {})

    def get_durable_execution_state(
        self,
        *,
        DurableExecutionArn: str,  # noqa: N803
        CheckpointToken: str,  # noqa: N803
        Marker: str = "",  # noqa: N803
        MaxItems: int = 1000,  # noqa: N803
    ) -> dict[str, Any]:
        """Read a further page of the recorded operations."""
        try:
            return _page(
                self._service(DurableExecutionArn).get_execution_state(
                    DurableExecutionArn, CheckpointToken, Marker, MaxItems
                )
            )
        except BotoClientError as error:
            raise _as_boto3(error, "GetDurableExecutionState") from error

    def _service(self, arn: str) -> DurableServiceClient:
        service: DurableServiceClient | None = self._services.get(arn)
        if service is None:
            raise LookupError(f"No test runner drives {arn}; lambda_client answers for those that are running")
        return service


lambda_client = LambdaApi()
"""The client for handlers of AWS's SDK: `@durable_execution(boto3_client=lambda_client)`."""


def delivered(load: Loader, service: DurableServiceClient) -> Loader:
    """Handlers that take an invocation itself, whichever SDK has made them."""

    def loaded() -> Handler:
        handler = load()

        def invoke(invocation: Invocation, context: LambdaContext) -> object:
            return handler(_presenter(handler, service)(invocation), context)

        return invoke

    return loaded


def _presenter(handler: Handler, service: DurableServiceClient) -> Presenter:
    if not _is_official(handler):
        return with_service(service)

    def present(invocation: Invocation) -> object:
        lambda_client.route(invocation.arn, service)
        return envelope(invocation)

    return present


def _is_official(handler: object) -> bool:
    while handler is not None:
        module = getattr(handler, "__globals__", {}).get("__name__", "")
        if module.partition(".")[0] == OFFICIAL:
            return True
        handler = getattr(handler, "__wrapped__", None)
    return False


def _page(state: StateOutput) -> dict[str, Any]:
    return {"Operations": encode(state.operations, _unchanged), "NextMarker": state.next_marker or ""}


def _unchanged(moment: datetime) -> datetime:
    return moment


def _as_boto3(error: BotoClientError, operation: str) -> Exception:
    if error.error is None:
        return error
    from botocore.exceptions import ClientError  # a plugin's import is paid for by every pytest there is

    refused: Exception = ClientError({"Error": error.error, "ResponseMetadata": error.response_metadata}, operation)
    return refused
