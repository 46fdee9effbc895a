"""A closed batch, rebuilt from its branches without running any of their steps."""

from durable.completion import BatchItemStatus
from durable.concurrency.models import BatchItem, BatchResult, CompletionReason
from durable.identifier import drift
from durable.operations.branches.batch import Batch, Branch
from durable.operations.branches.summary import Closing
from durable.scope import Scope
from durable.values import Value


def rebuild(scope: Scope, batch: Batch, closing: Closing) -> BatchResult[Value]:
    """The result with which the batch closed."""
    refuse_other_count(scope, closing.total, closing.reason, len(batch.branches))
    items = [_item(scope, batch, branch, closing) for branch in batch.branches[: closing.total]]
    return BatchResult(items, closing.reason)


def refuse_other_count(scope: Scope, total: int, reason: CompletionReason, count: int) -> None:
    """Refuse a closed batch that began more branches than the code has, or ended all of another number."""
    if total > count or (reason is CompletionReason.ALL_COMPLETED and total != count):
        raise drift(f"The batch closed with {total} branches, but the code now has {count}.", scope.prefix)


def _item(scope: Scope, batch: Batch, branch: Branch, closing: Closing) -> BatchItem[Value]:
    if branch.index in closing.unfinished:
        return BatchItem(branch.index, BatchItemStatus.STARTED)
    if not batch.child.is_virtual:
        identifier = batch.identify(scope, branch)
        recorded = scope.find(identifier)
        if recorded is None or not recorded.status.is_terminal:
            status = recorded and recorded.status
            identity = identifier.operation_id
            raise drift(f"The batch closed with branch {branch.name!r} ended, but it is {status}.", identity)
    return batch.run(scope, branch)
