"""The calls of the API in one table: what requests are routed, read and documented by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from durable.model import CheckpointOutput, StateOutput
from durable_local.errors import (
    CallbackTimeoutError,
    ExecutionAlreadyStartedError,
    InvalidParameterValueError,
    ResourceNotFoundError,
    ServiceError,
)
from durable_local.http import requests, responses
from durable_local.http.api import DurableApi
from durable_local.http.invoking import Invoking

PAYLOAD_BYTES = 6 * 1024 * 1024
CHECKPOINT_BYTES = 16 * 1024 * 1024
"""More than a payload, which grows when it is quoted as a text inside JSON."""

_INVOKE = "/2015-03-31/functions/{FunctionName}/invocations"
_LIST = "/2025-12-01/functions/{FunctionName}/durable-executions"
_EXECUTION = "/2025-12-01/durable-executions/{DurableExecutionArn}"
_CALLBACK = "/2025-12-01/durable-execution-callbacks/{CallbackId}"
_REFUSED = (InvalidParameterValueError, ResourceNotFoundError)


@dataclass(frozen=True, slots=True)
class ApiOperation:
    """One call: its request, where it is sent, who answers, and what may come back."""

    request: type
    method: str
    path: str
    answer: Callable[[Any], object]
    response: type | None
    """The document answered; None for a payload, which is anything."""
    errors: tuple[type[ServiceError], ...] = _REFUSED
    body_bytes: int = PAYLOAD_BYTES
    is_awaited: bool = False
    """Whether the answer may be long in coming, because a function is waited for."""

    @property
    def name(self) -> str:
        """As AWS calls it."""
        return self.request.__name__


def api_operations(durable: DurableApi, invoking: Invoking) -> tuple[ApiOperation, ...]:
    """All calls."""
    return (
        _invoke(invoking),
        _checkpoint(durable),
        _execution(requests.GetDurableExecutionState, "GET", "/state", durable.state, StateOutput),
        _execution(requests.GetDurableExecution, "GET", "", durable.execution, responses.DurableExecution),
        _execution(
            requests.GetDurableExecutionHistory, "GET", "/history", durable.history, responses.DurableExecutionHistory
        ),
        _execution(requests.StopDurableExecution, "POST", "/stop", durable.stop, responses.StoppedDurableExecution),
        ApiOperation(
            requests.ListDurableExecutionsByFunction, "GET", _LIST, durable.executions, responses.DurableExecutions
        ),
        _callback(requests.SendDurableExecutionCallbackSuccess, "succeed", durable.succeed),
        _callback(requests.SendDurableExecutionCallbackFailure, "fail", durable.fail),
        _callback(requests.SendDurableExecutionCallbackHeartbeat, "heartbeat", durable.heartbeat),
    )


def _invoke(invoking: Invoking) -> ApiOperation:
    errors = (*_REFUSED, ExecutionAlreadyStartedError)
    return ApiOperation(requests.Invoke, "POST", _INVOKE, invoking.invoke, None, errors, is_awaited=True)


def _checkpoint(durable: DurableApi) -> ApiOperation:
    request, path = requests.CheckpointDurableExecution, f"{_EXECUTION}/checkpoint"
    return ApiOperation(request, "POST", path, durable.checkpoint, CheckpointOutput, body_bytes=CHECKPOINT_BYTES)


def _execution(request: type, method: str, verb: str, answer: Callable[[Any], object], response: type) -> ApiOperation:
    return ApiOperation(request, method, f"{_EXECUTION}{verb}", answer, response)


def _callback(request: type, verb: str, answer: Callable[[Any], object]) -> ApiOperation:
    errors = (*_REFUSED, CallbackTimeoutError)
    return ApiOperation(request, "POST", f"{_CALLBACK}/{verb}", answer, responses.Nothing, errors)
