"""The calls of the Lambda API but Invoke, answered by the local runtime; one method a call."""

from datetime import timedelta

from durable.exceptions import BotoClientError
from durable.model import CheckpointOutput, ErrorObject, StateOutput
from durable_local.errors import ResourceNotFoundError, ServiceError
from durable_local.executions import Execution, Summary
from durable_local.http import requests
from durable_local.http.names import function_named
from durable_local.http.responses import (
    DurableConfig,
    DurableExecution,
    DurableExecutionHistory,
    DurableExecutions,
    DurableExecutionSummary,
    StoppedDurableExecution,
)
from durable_local.pages import DEFAULT_ITEMS, history_page
from durable_local.runtime import LocalRuntime
from durable_local.starting import VERSION, function_arn
from durable_local.store.executions import Selection

_NO_ERROR = ErrorObject()


class DurableApi:
    """What running functions, callers and operators ask of durable executions."""

    def __init__(self, runtime: LocalRuntime) -> None:
        self._runtime = runtime
        self._executions = runtime.executions

    def checkpoint(self, asked: requests.CheckpointDurableExecution) -> CheckpointOutput:
        """Record updates."""
        try:
            return self._runtime.service.checkpoint(
                asked.durable_execution_arn, asked.checkpoint_token, asked.updates, asked.client_token
            )
        except BotoClientError as error:
            raise _refusal(error) from error

    def state(self, asked: requests.GetDurableExecutionState) -> StateOutput:
        """Read recorded operations."""
        try:
            return self._runtime.service.get_execution_state(
                asked.durable_execution_arn, asked.checkpoint_token, asked.marker, asked.max_items
            )
        except BotoClientError as error:
            raise _refusal(error) from error

    def execution(self, asked: requests.GetDurableExecution) -> DurableExecution:
        """Look at an execution."""
        execution = self._execution(asked.durable_execution_arn)
        timeout, retention = execution.timeout_seconds, execution.retention_days
        shows_data = asked.include_execution_data
        return DurableExecution(
            arn=execution.arn,
            name=execution.name,
            function_arn=function_arn(execution.function),
            status=execution.status,
            started=execution.started,
            version=VERSION,
            execution_data_included=shows_data,
            ended=execution.ended,
            input_payload=execution.input_payload if shows_data else None,
            result=execution.result if shows_data else None,
            error=execution.error if shows_data else None,
            durable_config=DurableConfig(timeout, retention) if timeout or retention else None,
            expected_execution_timeout_timestamp=execution.started + timedelta(seconds=timeout) if timeout else None,
        )

    def history(self, asked: requests.GetDurableExecutionHistory) -> DurableExecutionHistory:
        """Read what happened."""
        page = history_page(
            self._runtime.journals.read(asked.durable_execution_arn),
            asked.marker,
            asked.max_items,
            backward=asked.reverse_order,
            include_execution_data=asked.include_execution_data,
        )
        return DurableExecutionHistory(page.events, page.next_marker)

    def executions(self, asked: requests.ListDurableExecutionsByFunction) -> DurableExecutions:
        """List the executions of a function."""
        function = function_named(asked.function_name, asked.qualifier).name
        if function not in self._runtime.functions:
            raise ResourceNotFoundError(f"Function not found: {function_arn(function)}")
        selection = Selection(
            function,
            asked.durable_execution_name,
            [status.value for status in asked.statuses],
            asked.started_after,
            asked.started_before,
        )
        items = asked.max_items or DEFAULT_ITEMS
        page, marker = self._executions.selected(selection, asked.marker, items, oldest_first=asked.reverse_order)
        return DurableExecutions([_summary(each) for each in page], marker)

    def stop(self, asked: requests.StopDurableExecution) -> StoppedDurableExecution:
        """End an execution."""
        error = None if asked.error == _NO_ERROR else asked.error
        return StoppedDurableExecution(self._executions.stop(asked.durable_execution_arn, error))

    def succeed(self, asked: requests.SendDurableExecutionCallbackSuccess) -> None:
        """Answer a callback with a result."""
        self._runtime.callbacks.succeed(asked.callback_id, asked.result)

    def fail(self, asked: requests.SendDurableExecutionCallbackFailure) -> None:
        """Answer a callback with an error."""
        self._runtime.callbacks.fail(asked.callback_id, asked.error or _NO_ERROR)

    def heartbeat(self, asked: requests.SendDurableExecutionCallbackHeartbeat) -> None:
        """Keep a callback open."""
        self._runtime.callbacks.heartbeat(asked.callback_id)

    def _execution(self, arn: str) -> Execution:
        return self._executions.get(arn)


def _summary(summary: Summary) -> DurableExecutionSummary:
    arn = function_arn(summary.function)
    return DurableExecutionSummary(summary.arn, summary.name, arn, summary.status, summary.started, summary.ended)


def _refusal(error: BotoClientError) -> Exception:
    """The service's own error, which its client classifies for running functions."""
    cause = error.__cause__
    return cause if isinstance(cause, ServiceError) else error
