"""The chained invoke: another function's result."""

from durable.config import InvokeConfig
from durable.constants import INVOKE_SIZE_LIMIT_BYTES
from durable.exceptions import InvokeError
from durable.identifier import OperationIdentifier
from durable.model import ChainedInvokeOptions, OperationStatus
from durable.operations.suspension import suspend_until
from durable.plugin import PropagationInput
from durable.scope import Scope, fitting
from durable.serdes import DEFAULT_JSON_SERDES
from durable.values import Value


def invoke(
    scope: Scope, identifier: OperationIdentifier, function_name: str, payload: Value, config: InvokeConfig
) -> Value:
    """The invoked function's result; suspends until it is there."""
    recorded = scope.find(identifier)
    if recorded is None:
        text = scope.write(config.serdes_payload or DEFAULT_JSON_SERDES, payload, identifier)
        text = fitting(text, "payload of invoke", identifier, INVOKE_SIZE_LIMIT_BYTES)
        asked = PropagationInput(scope.invocation.arn, identifier.operation_id, function_name, identifier.parent_id)
        trace_id = scope.invocation.instrumentation.trace_id(asked)
        options = ChainedInvokeOptions(function_name, config.tenant_id, trace_id)
        recorded = scope.start(identifier, payload=text, chained_invoke_options=options)
    if not recorded.status.is_terminal:
        suspend_until(identifier, None)
    if recorded.status is not OperationStatus.SUCCEEDED:
        recorded.raise_as(InvokeError)
    return scope.read(config.serdes_result or DEFAULT_JSON_SERDES, recorded.result, identifier)
