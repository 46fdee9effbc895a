"""Invoke: an execution of a durable function, awaited or only begun, or the answer of a plain one."""

import json
import logging
import threading

from durable.model import ErrorObject
from durable_local.dispatcher import Dispatcher
from durable_local.errors import InvalidParameterValueError, RequestTooLargeError, ResourceNotFoundError
from durable_local.executions import Execution
from durable_local.http.members import parsed
from durable_local.http.names import FunctionName, function_named
from durable_local.http.requests import InvocationType, Invoke
from durable_local.http.responses import Answer
from durable_local.limits import check_size
from durable_local.runtime import LocalRuntime
from durable_local.starting import VERSION, function_arn

EVENT_BYTES = 1024 * 1024
"""How large the payload of an asynchronous invocation may be; of one that is awaited, 6 MB."""
LONGEST_WAIT_SECONDS = 900
"""How long a caller is kept waiting; the execution goes on after it."""

_ACCEPTED, _NO_CONTENT = 202, 204

_log = logging.getLogger(__name__)


class Invoking:
    """Answers Invoke."""

    def __init__(self, runtime: LocalRuntime, dispatcher: Dispatcher) -> None:
        self._runtime = runtime
        self._dispatcher = dispatcher

    def invoke(self, asked: Invoke) -> Answer:
        """Start a durable function or call a plain one. Raises what Lambda refuses, each as its own error."""
        named = function_named(asked.function_name, asked.qualifier)
        function = self._runtime.functions.get(named.name)
        if function is None:
            raise ResourceNotFoundError(f"Function not found: {function_arn(named.name)}")
        if function.is_durable:
            _check_qualified(named)
        elif asked.durable_execution_name:
            raise InvalidParameterValueError(f"Function {named.name} is not durable: it has no DurableExecutionName")
        if asked.payload:
            parsed(asked.payload)
        if asked.invocation_type is InvocationType.EVENT:
            _check_event(asked.payload)
        if asked.invocation_type is InvocationType.DRY_RUN:
            return Answer(_NO_CONTENT, _version())
        return self._start(named.name, asked) if function.is_durable else self._call(named.name, asked)

    def _start(self, function: str, asked: Invoke) -> Answer:
        arn = self._runtime.start(function, asked.payload, asked.durable_execution_name, asked.tenant_id)
        headers = {**_version(), "X-Amz-Durable-Execution-Arn": arn}
        if asked.invocation_type is InvocationType.EVENT:
            return Answer(_ACCEPTED, headers)
        execution = self._dispatcher.wait(arn, LONGEST_WAIT_SECONDS)
        if execution.status == "SUCCEEDED":
            return Answer(headers=headers, body=(execution.result or "null").encode())
        return _failed(execution.error or _still_running(execution), headers)

    def _call(self, function: str, asked: Invoke) -> Answer:
        if asked.invocation_type is InvocationType.EVENT:
            # Nobody waits for it, and nothing of it is kept: it ends with the process at the latest.
            call = threading.Thread(target=self._call_unheard, args=(function, asked), daemon=True)
            call.start()
            return Answer(_ACCEPTED, _version())
        outcome = self._dispatcher.call(function, asked.payload, asked.tenant_id)
        if outcome.error:
            return _failed(outcome.error, _version())
        return Answer(headers=_version(), body=(outcome.result or "null").encode())

    def _call_unheard(self, function: str, asked: Invoke) -> None:
        if error := self._dispatcher.call(function, asked.payload, asked.tenant_id).error:
            _log.warning("Function %s, invoked by an event, has failed with %s", function, error.type)


def _check_qualified(named: FunctionName) -> None:
    if named.qualifier is None:
        raise InvalidParameterValueError(
            "You cannot invoke a durable function using an unqualified ARN: "
            f"write {named.name}:{VERSION}, or give the Qualifier {VERSION}, a version or an alias"
        )


def _check_event(payload: str | None) -> None:
    try:
        check_size("Payload", payload, EVENT_BYTES)
    except InvalidParameterValueError as error:
        raise RequestTooLargeError(f"{error.message} for the Event invocation type") from error


def _version() -> dict[str, str]:
    return {"X-Amz-Executed-Version": VERSION}


def _still_running(execution: Execution) -> ErrorObject:
    message = f"Execution {execution.name} still runs and goes on; follow it by its ARN"
    return ErrorObject(message, "Sandbox.Timedout")


def _failed(error: ErrorObject, headers: dict[str, str]) -> Answer:
    """A failure as Lambda hands it to the caller: told by a header, described in the body."""
    told = {
        "errorType": error.type,
        "errorMessage": error.message,
        "errorData": error.data,
        "stackTrace": error.stack_trace,
    }
    body = json.dumps({member: value for member, value in told.items() if value is not None})
    return Answer(headers={**headers, "X-Amz-Function-Error": "Unhandled"}, body=body.encode())
