"""The service's limits on single fields; pure. Ranges and patterns are those of the Lambda API model."""

import json
import re

from durable.model import OperationType, OperationUpdate
from durable.wire import encode
from durable_local.errors import InvalidParameterValueError

OPERATION_PAYLOAD_BYTES = 256 * 1024
CHAINED_INVOKE_PAYLOAD_BYTES = 1024 * 1024
CALLBACK_RESULT_BYTES = 1024 * 1024
EXECUTION_PAYLOAD_BYTES = 6 * 1024 * 1024
ERROR_BYTES = 1024 * 1024

_LONGEST_DELAY = 31_622_400
_LONGEST_CALLBACK_TIMEOUT = 99_999_999
_LARGEST_CHARACTER = 4

_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_NAME = re.compile(r"[\x20-\x7E]{1,256}")
_SUB_TYPE = re.compile(r"[a-zA-Z0-9_-]{1,32}")
_EXECUTION_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_FUNCTION_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_TARGET = re.compile(r"[a-zA-Z0-9_:$.-]{1,256}")
_TENANT = re.compile(r"[a-zA-Z0-9._:/=+\-@ ]{1,256}")


def check_execution_name(name: str) -> None:
    """Refuse a name that an execution cannot have."""
    _match("DurableExecutionName", name, _EXECUTION_NAME, "1 to 64 of a-z A-Z 0-9 - _")


def check_function_name(name: str) -> None:
    """Refuse a name that a function cannot have."""
    _match("FunctionName", name, _FUNCTION_NAME, "1 to 64 of a-z A-Z 0-9 - _")


def check_size(field: str, text: str | None, limit: int) -> None:
    """Refuse a text of more than so many bytes of UTF-8."""
    if text is None or len(text) * _LARGEST_CHARACTER <= limit:
        return
    if size(text) > limit:
        raise InvalidParameterValueError(f"{field} has {size(text)} bytes; at most {limit} are allowed")


def size(text: str | None) -> int:
    """How many bytes a text has as UTF-8."""
    if text is None:
        return 0
    return len(text) if text.isascii() else len(text.encode())


def check_update(update: OperationUpdate) -> None:
    """Refuse an update with a field out of its range."""
    _match("Id", update.operation_id, _ID, "1 to 64 of a-z A-Z 0-9 - _")
    if update.parent_id is not None:
        _match("ParentId", update.parent_id, _ID, "1 to 64 of a-z A-Z 0-9 - _")
    if update.name is not None:
        _match("Name", update.name, _NAME, "1 to 256 printable ASCII characters")
    if update.sub_type is not None:
        _match("SubType", update.sub_type, _SUB_TYPE, "1 to 32 of a-z A-Z 0-9 - _")
    if update.payload is not None:
        check_size("Payload", update.payload, _payload_limit(update.operation_type))
    if update.error is not None:
        check_size("Error", json.dumps(encode(update.error)), ERROR_BYTES)
    _check_options(update)


def _payload_limit(kind: OperationType) -> int:
    if kind is OperationType.EXECUTION:
        return EXECUTION_PAYLOAD_BYTES
    return CHAINED_INVOKE_PAYLOAD_BYTES if kind is OperationType.CHAINED_INVOKE else OPERATION_PAYLOAD_BYTES


def _check_options(update: OperationUpdate) -> None:
    if update.step_options:
        _within("NextAttemptDelaySeconds", update.step_options.next_attempt_delay_seconds, 1, _LONGEST_DELAY)
    if update.wait_options:
        _within("WaitSeconds", update.wait_options.wait_seconds, 1, _LONGEST_DELAY)
    if update.callback_options:
        _within("TimeoutSeconds", update.callback_options.timeout_seconds, 0, _LONGEST_CALLBACK_TIMEOUT)
        _within(
            "HeartbeatTimeoutSeconds", update.callback_options.heartbeat_timeout_seconds, 0, _LONGEST_CALLBACK_TIMEOUT
        )
    if options := update.chained_invoke_options:
        _match("FunctionName", options.function_name, _TARGET, "a name, name:qualifier or ARN of a function")
        if options.tenant_id is not None:
            _match("TenantId", options.tenant_id, _TENANT, "1 to 256 of a-z A-Z 0-9 . _ : / = + - @ and space")


def _match(field: str, value: str, pattern: re.Pattern[str], allowed: str) -> None:
    if not pattern.fullmatch(value):
        raise InvalidParameterValueError(f"{field} {value[:300]!r} is not allowed; it must be {allowed}")


def _within(field: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InvalidParameterValueError(f"{field} is {value}; it must lie between {low} and {high}")
