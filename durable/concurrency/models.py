"""The result of a map or parallel, and why it ended; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Self, TypeVar, cast

from durable import wire
from durable.completion import BatchItemStatus, CompletionConfig
from durable.exceptions import ChildContextError, DurableOperationError
from durable.model import ErrorObject
from durable.values import Value

R = TypeVar("R")


class CompletionReason(StrEnum):
    """Why a batch ended."""

    ALL_COMPLETED = "ALL_COMPLETED"
    MIN_SUCCESSFUL_REACHED = "MIN_SUCCESSFUL_REACHED"
    FAILURE_TOLERANCE_EXCEEDED = "FAILURE_TOLERANCE_EXCEEDED"
    CUSTOM_COMPLETION_SUCCEEDED = "CUSTOM_COMPLETION_SUCCEEDED"
    CUSTOM_COMPLETION_FAILED = "CUSTOM_COMPLETION_FAILED"


class BatchCompletionError(DurableOperationError):
    """The user's own completion decision called the batch failed."""

    def __init__(
        self,
        completion_reason: CompletionReason = CompletionReason.CUSTOM_COMPLETION_FAILED,
        message: str | None = None,
        error_type: str | None = None,
        data: str | None = None,
        stack_trace: list[str] | None = None,
    ) -> None:
        super().__init__(message, error_type, data, stack_trace)
        self.completion_reason = completion_reason


@dataclass(frozen=True)  # slots would break a call by subscript, as in X[int](...), before Python 3.13
class BatchItem(Generic[R]):
    """How one branch ended; STARTED if the batch ended before it."""

    index: int
    status: BatchItemStatus
    result: R | None = None
    error: ErrorObject | None = None

    def to_dict(self) -> dict[str, Value]:
        """The item as plain data."""
        error = wire.encode(self.error) if self.error else None
        return {"index": self.index, "status": self.status.value, "result": self.result, "error": error}

    @classmethod
    def from_dict(cls, data: Mapping[str, Value]) -> Self:
        """The item that plain data describes."""
        error = wire.decode(ErrorObject, data["error"]) if data.get("error") else None
        return cls(data["index"], BatchItemStatus(data["status"]), data.get("result"), error)


@dataclass(frozen=True)  # slots would break a call by subscript, as in X[int](...), before Python 3.13
class BatchResult(Generic[R]):
    """How the branches of a map or parallel ended, those that were started, in order of index."""

    all: list[BatchItem[R]]
    completion_reason: CompletionReason

    def succeeded(self) -> list[BatchItem[R]]:
        """The items that succeeded."""
        return self._with(BatchItemStatus.SUCCEEDED)

    def failed(self) -> list[BatchItem[R]]:
        """The items that failed."""
        return self._with(BatchItemStatus.FAILED)

    def started(self) -> list[BatchItem[R]]:
        """The items that were still running when the batch ended."""
        return self._with(BatchItemStatus.STARTED)

    def get_results(self) -> list[R]:
        """The results of the items that succeeded."""
        return [cast("R", item.result) for item in self.succeeded()]

    def get_errors(self) -> list[ErrorObject | None]:
        """The errors of the items that failed."""
        return [item.error for item in self.failed()]

    def throw_if_error(self) -> None:
        """Raise the first failure as ChildContextError, or that the user's decision called the batch failed."""
        for item in self.failed():
            if item.error is None:
                raise ChildContextError(f"Batch item {item.index} failed without an ErrorObject.")
            item.error.raise_as(ChildContextError)
        if self.completion_reason is CompletionReason.CUSTOM_COMPLETION_FAILED:
            raise BatchCompletionError(message="The batch's own completion decision ended it as failed.")

    @property
    def status(self) -> BatchItemStatus:
        """SUCCEEDED or FAILED, as the user's own decision says, else FAILED if any item failed."""
        if self.completion_reason is CompletionReason.CUSTOM_COMPLETION_SUCCEEDED:
            return BatchItemStatus.SUCCEEDED
        if self.completion_reason is CompletionReason.CUSTOM_COMPLETION_FAILED or self.has_failure:
            return BatchItemStatus.FAILED
        return BatchItemStatus.SUCCEEDED

    @property
    def has_failure(self) -> bool:
        """Whether any item failed."""
        return self.failure_count > 0

    @property
    def success_count(self) -> int:
        """How many items succeeded."""
        return len(self.succeeded())

    @property
    def failure_count(self) -> int:
        """How many items failed."""
        return len(self.failed())

    @property
    def started_count(self) -> int:
        """How many items were still running when the batch ended."""
        return len(self.started())

    @property
    def total_count(self) -> int:
        """How many items were started at all."""
        return len(self.all)

    def to_dict(self) -> dict[str, Value]:
        """The result as plain data."""
        return {"all": [item.to_dict() for item in self.all], "completionReason": self.completion_reason.value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Value], completion_config: CompletionConfig | None = None) -> Self:
        """The result that plain data describes; a missing reason is inferred from the items."""
        items: list[BatchItem[R]] = [BatchItem.from_dict(item) for item in data["all"]]
        if reason := data.get("completionReason"):
            return cls(items, CompletionReason(reason))
        return cls.from_items(items, completion_config)

    @classmethod
    def from_items(cls, items: Sequence[BatchItem[R]], completion_config: CompletionConfig | None = None) -> Self:
        """A result whose reason follows from its items."""
        ended = [item for item in items if item.status is not BatchItemStatus.STARTED]
        failures = sum(item.status is BatchItemStatus.FAILED for item in ended)
        reason = completion_reason(completion_config or CompletionConfig(), len(ended) - failures, failures, len(items))
        return cls(list(items), reason)

    def _with(self, status: BatchItemStatus) -> list[BatchItem[R]]:
        return [item for item in self.all if item.status is status]


def completion_reason(config: CompletionConfig, successes: int, failures: int, total: int) -> CompletionReason:
    """Why a batch with these counts has ended, apart from a decision of the user's own."""
    if config.exceeded(failures, total):
        return CompletionReason.FAILURE_TOLERANCE_EXCEEDED
    if successes + failures < total and config.min_successful is not None and successes >= config.min_successful:
        return CompletionReason.MIN_SUCCESSFUL_REACHED
    return CompletionReason.ALL_COMPLETED
