"""What the suites of parallel and map share: when a batch ends, and what is told of it."""

from typing import Any, TypedDict

from durable import BatchResult

REASON_AND_COUNTS = ("completionReason", "successCount", "failureCount", "totalCount")


class Thresholds(TypedDict, total=False):
    """What ends a batch before all of it has run."""

    min_successful: int
    tolerated_failure_count: int
    tolerated_failure_percentage: float


def facts(batch: BatchResult[Any], *members: str) -> dict[str, str | int]:
    """What a batch has come to, under the requirements' names: all of it, or these members."""
    told: dict[str, str | int] = {
        "completionReason": batch.completion_reason.value,
        "status": batch.status.value,
        "successCount": batch.success_count,
        "failureCount": batch.failure_count,
        "totalCount": batch.total_count,
    }
    return {member: told[member] for member in members or told}
