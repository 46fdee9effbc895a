"""Durable execution by checkpoint and replay, compatible with AWS's SDK in names and on the wire."""

# fmt: off
# isort: off
from durable.completion import BatchItemStatus, CompletionDecision, CompletionItemStatus, CompletionOutcome
from durable.completion import CompletionStatus, complete_batch, continue_batch
from durable.concurrency.models import BatchCompletionError, BatchResult
from durable.config import ParallelBranch
from durable.context import DurableContext
from durable.decorators import durable_parallel_branch, durable_step
from durable.decorators import durable_wait_for_callback, durable_with_child_context
from durable.exceptions import CallbackError, CallbackExternalError, CallbackSubmitterError, CallbackTimeoutError
from durable.exceptions import ChildContextError, DurableExecutionsError, DurableOperationError, ExecutionError
from durable.exceptions import InvocationError, InvokeError, PluginLoadError, RetryableSerDesError, SerDesError
from durable.exceptions import StepError, ValidationError, WaitForConditionError
from durable.execution import durable_execution
from durable.retries import WithRetryConfig, with_retry
from durable.types import StepContext
from durable.version import __version__
# isort: on

__all__ = [
    "BatchCompletionError", "BatchItemStatus", "BatchResult", "CallbackError", "CallbackExternalError",
    "CallbackSubmitterError", "CallbackTimeoutError", "ChildContextError", "CompletionDecision",
    "CompletionItemStatus", "CompletionOutcome", "CompletionStatus", "DurableContext", "DurableExecutionsError",
    "DurableOperationError", "ExecutionError", "InvocationError", "InvokeError", "ParallelBranch",
    "PluginLoadError", "RetryableSerDesError", "SerDesError", "StepContext", "StepError", "ValidationError",
    "WaitForConditionError", "WithRetryConfig", "__version__", "complete_batch", "continue_batch",
    "durable_execution", "durable_parallel_branch", "durable_step", "durable_wait_for_callback",
    "durable_with_child_context", "with_retry",
]
# fmt: on
