"""Which branch may begin next, and when the batch has done enough."""

from collections.abc import Callable, Iterable

from durable.completion import BatchItemStatus, CompletionDecision, CompletionItemStatus, CompletionStatus
from durable.concurrency.models import BatchItem, BatchResult, CompletionReason, completion_reason
from durable.operations.branches.batch import Batch
from durable.scope import without_operations
from durable.values import Value


class Admission:
    """The branches begun, in order of index, and those ended; not thread-safe by itself."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._config = batch.completion
        self._begun = 0
        self._ended: dict[int, BatchItem[Value]] = {}
        self._failures = 0
        self.reason = self._judge()
        """Why the batch is over; None while it goes on."""

    def admit(self) -> Iterable[int]:
        """Begin as many branches as there are places for, which suspended ones keep; the answer is their indexes."""
        first = self._begun
        if self.reason is None:
            self._begun = min(len(self._ended) + self._batch.limit, len(self._batch.branches))
        return range(first, self._begun)

    def end(self, item: BatchItem[Value]) -> None:
        """Note how a branch ended."""
        self._ended[item.index] = item
        self._failures += item.status is BatchItemStatus.FAILED
        self.reason = self.reason or self._judge()

    def result(self, reason: CompletionReason) -> BatchResult[Value]:
        """The branches begun, as they stand."""
        unfinished = BatchItemStatus.STARTED
        items = [self._ended.get(index) or BatchItem(index, unfinished) for index in range(self._begun)]
        return BatchResult(items, reason)

    def _judge(self) -> CompletionReason | None:
        total, ended, failures = len(self._batch.branches), len(self._ended), self._failures
        if self._config.should_complete and (decision := self._decide(self._config.should_complete)).complete:
            return CompletionReason(f"CUSTOM_COMPLETION_{decision.outcome}")
        enough = self._config.min_successful is not None and ended - failures >= self._config.min_successful
        if ended >= total or enough or self._config.exceeded(failures, total):
            return completion_reason(self._config, ended - failures, failures, total)
        return None

    def _decide(self, should_complete: Callable[[CompletionStatus], CompletionDecision]) -> CompletionDecision:
        ended, failures = len(self._ended), self._failures
        items = tuple(
            CompletionItemStatus(branch.index, branch.name, self._status_of(branch.index))
            for branch in self._batch.branches
        )
        with without_operations("should_complete"):  # it is asked under the lock of the batch
            return should_complete(CompletionStatus(ended - failures, failures, ended, len(items), items))

    def _status_of(self, index: int) -> BatchItemStatus | None:
        item = self._ended.get(index)
        return item.status if item else None
