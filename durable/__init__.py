"""Durable execution by checkpoint and replay, compatible with AWS's SDK in names and on the wire."""

from durable.completion import (
    BatchItemStatus,
    CompletionDecision,
    CompletionItemStatus,
    CompletionOutcome,
    CompletionStatus,
    complete_batch,
    continue_batch,
)
from durable.concurrency.models import BatchCompletionError, BatchResult
from durable.config import ParallelBranch
from durable.context import DurableContext, durable_parallel_branch, durable_step, durable_with_child_context
from durable.exceptions import (
    ChildContextError,
    DurableExecutionsError,
    DurableOperationError,
    ExecutionError,
    InvocationError,
    RetryableSerDesError,
    SerDesError,
    StepError,
    ValidationError,
)
from durable.execution import durable_execution
from durable.types import StepContext
from durable.version import __version__

__all__ = [
    "BatchCompletionError",
    "BatchItemStatus",
    "BatchResult",
    "ChildContextError",
    "CompletionDecision",
    "CompletionItemStatus",
    "CompletionOutcome",
    "CompletionStatus",
    "DurableContext",
    "DurableExecutionsError",
    "DurableOperationError",
    "ExecutionError",
    "InvocationError",
    "ParallelBranch",
    "RetryableSerDesError",
    "SerDesError",
    "StepContext",
    "StepError",
    "ValidationError",
    "__version__",
    "complete_batch",
    "continue_batch",
    "durable_execution",
    "durable_parallel_branch",
    "durable_step",
    "durable_with_child_context",
]
