"""What is recorded of a batch whose result is too large: enough to rebuild it from its branches."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from durable.completion import BatchItemStatus
from durable.concurrency.models import BatchResult, CompletionReason
from durable.exceptions import ExecutionError
from durable.types import SummaryGenerator
from durable.values import Value


def summary_generator(kind: str, summarise: SummaryGenerator | None) -> Callable[[BatchResult[Value]], str]:
    """Writes the record of a closed batch; kind is MapResult or ParallelResult."""

    def generate(result: BatchResult[Value]) -> str:
        running = [item.index for item in result.started()]
        ended = [item.index for item in result.all if item.status is not BatchItemStatus.STARTED]
        indexes = {"startedIndexes": running} if len(running) <= len(ended) else {"completedIndexes": ended}
        text = summarise(result) if summarise else None
        record = {
            "type": kind,
            "totalCount": result.total_count,
            "completionReason": result.completion_reason.value,
            **indexes,
            "startedCount": result.started_count,
            "successCount": result.success_count,
            "failureCount": result.failure_count,
            "status": result.status.value,
        }
        return json.dumps(record if text is None else {**record, "summary": str(text)})

    return generate


@dataclass(frozen=True, slots=True)
class Closing:
    """How a batch closed: how many branches had begun, and which of them had not ended."""

    total: int
    reason: CompletionReason
    unfinished: frozenset[int]

    @classmethod
    def from_record(cls, text: str | None) -> "Closing":
        """Read the record of a closed batch."""
        try:
            record = json.loads(text or "")
            total = int(record["totalCount"])
            reason = CompletionReason(record["completionReason"])
            if "startedIndexes" in record:
                unfinished = frozenset(record["startedIndexes"])
            else:
                unfinished = frozenset(range(total)) - frozenset(record["completedIndexes"])
        except (ValueError, KeyError, TypeError) as error:
            raise ExecutionError(f"The record of a closed batch cannot be read: {str(text)[:100]!r}") from error
        return cls(total, reason, unfinished)
