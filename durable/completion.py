"""When a batch of branches has done enough: thresholds, or a decision of the user's own."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from durable.exceptions import ValidationError

_PERCENT = 100


class BatchItemStatus(StrEnum):
    """Where a branch of a batch stands when the batch ends."""

    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    STARTED = "STARTED"


class CompletionOutcome(StrEnum):
    """How a batch that the user ends counts."""

    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class CompletionDecision:
    """Whether a batch ends now, and how it counts."""

    complete: bool
    outcome: CompletionOutcome | None = None

    def __post_init__(self) -> None:
        if self.complete != (self.outcome is not None):
            raise ValidationError(
                f"A completion decision has an outcome exactly when it completes the batch, not {self}; "
                "use continue_batch() or complete_batch()"
            )


def continue_batch() -> CompletionDecision:
    """Let the batch go on."""
    return CompletionDecision(complete=False)


def complete_batch(outcome: CompletionOutcome = CompletionOutcome.SUCCEEDED) -> CompletionDecision:
    """End the batch now."""
    return CompletionDecision(complete=True, outcome=outcome)


@dataclass(frozen=True, slots=True)
class CompletionItemStatus:
    """One branch, as a completion decision sees it; without a status it has not ended."""

    index: int
    name: str | None
    status: BatchItemStatus | None


@dataclass(frozen=True, slots=True)
class CompletionStatus:
    """A batch, as a completion decision sees it."""

    success_count: int
    failure_count: int
    completed_count: int
    total_count: int
    items: tuple[CompletionItemStatus, ...]


@dataclass(frozen=True, slots=True)
class CompletionConfig:
    """When a batch ends early; without any criterion the first failure ends it."""

    min_successful: int | None = None
    tolerated_failure_count: int | None = None
    tolerated_failure_percentage: float | None = None
    should_complete: Callable[[CompletionStatus], CompletionDecision] | None = None

    def __post_init__(self) -> None:
        if self.min_successful is not None and self.min_successful < 1:
            raise ValidationError(f"min_successful={self.min_successful} must be at least 1")
        if self.tolerated_failure_count is not None and self.tolerated_failure_count < 0:
            raise ValidationError(f"tolerated_failure_count={self.tolerated_failure_count} must not be negative")
        percentage = self.tolerated_failure_percentage
        if percentage is not None and not 0 <= percentage <= _PERCENT:
            raise ValidationError(f"tolerated_failure_percentage={percentage} must lie between 0 and 100")
        if self.should_complete is None:
            return
        if not callable(self.should_complete):
            raise ValidationError(f"should_complete={self.should_complete!r} must be callable")
        if self.has_thresholds:
            raise ValidationError("should_complete decides alone; leave the thresholds out")

    @property
    def has_thresholds(self) -> bool:
        """Whether any number bounds the batch."""
        thresholds = (self.min_successful, self.tolerated_failure_count, self.tolerated_failure_percentage)
        return any(threshold is not None for threshold in thresholds)

    def exceeded(self, failures: int, total: int) -> bool:
        """Whether more branches have failed than are tolerated."""
        if not self.has_thresholds:
            return self.should_complete is None and failures > 0
        count, percentage = self.tolerated_failure_count, self.tolerated_failure_percentage
        too_many = count is not None and failures > count
        return too_many or (percentage is not None and total > 0 and failures / total * _PERCENT > percentage)

    @classmethod
    def first_successful(cls) -> Self:
        """One success is enough."""
        return cls(min_successful=1)

    @classmethod
    def all_completed(cls) -> Self:
        """Every branch runs to its end, whatever the others do."""
        return cls(tolerated_failure_percentage=_PERCENT)

    @classmethod
    def all_successful(cls) -> Self:
        """The first failure ends the batch."""
        return cls(tolerated_failure_count=0, tolerated_failure_percentage=0)
