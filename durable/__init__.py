"""Durable execution by checkpoint and replay, compatible with AWS's SDK in names and on the wire."""

from durable.completion import BatchItemStatus as BatchItemStatus
from durable.completion import CompletionDecision as CompletionDecision
from durable.completion import CompletionItemStatus as CompletionItemStatus
from durable.completion import CompletionOutcome as CompletionOutcome
from durable.completion import CompletionStatus as CompletionStatus
from durable.completion import complete_batch as complete_batch
from durable.completion import continue_batch as continue_batch
from durable.concurrency.models import BatchCompletionError as BatchCompletionError
from durable.concurrency.models import BatchResult as BatchResult
from durable.config import ParallelBranch as ParallelBranch
from durable.context import DurableContext as DurableContext
from durable.decorators import durable_parallel_branch as durable_parallel_branch
from durable.decorators import durable_step as durable_step
from durable.decorators import durable_wait_for_callback as durable_wait_for_callback
from durable.decorators import durable_with_child_context as durable_with_child_context
from durable.exceptions import CallbackError as CallbackError
from durable.exceptions import CallbackExternalError as CallbackExternalError
from durable.exceptions import CallbackSubmitterError as CallbackSubmitterError
from durable.exceptions import CallbackTimeoutError as CallbackTimeoutError
from durable.exceptions import ChildContextError as ChildContextError
from durable.exceptions import DurableExecutionsError as DurableExecutionsError
from durable.exceptions import DurableOperationError as DurableOperationError
from durable.exceptions import ExecutionError as ExecutionError
from durable.exceptions import InvocationError as InvocationError
from durable.exceptions import InvokeError as InvokeError
from durable.exceptions import PluginLoadError as PluginLoadError
from durable.exceptions import RetryableSerDesError as RetryableSerDesError
from durable.exceptions import SerDesError as SerDesError
from durable.exceptions import StepError as StepError
from durable.exceptions import ValidationError as ValidationError
from durable.exceptions import WaitForConditionError as WaitForConditionError
from durable.execution import durable_execution as durable_execution
from durable.retries import WithRetryConfig as WithRetryConfig
from durable.retries import with_retry as with_retry
from durable.types import StepContext as StepContext
from durable.version import __version__ as __version__

# fmt: off
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
