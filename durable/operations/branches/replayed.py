"""A closed batch, rebuilt from its branches without running any of their steps."""

from durable.completion import BatchItemStatus
from durable.concurrency.models import BatchItem, BatchResult
from durable.exceptions import NonDeterministicExecutionError
from durable.operations.branches.batch import Batch, Branch
from durable.operations.branches.summary import Closing
from durable.scope import Scope
from durable.values import Value


def rebuild(scope: Scope, batch: Batch, closing: Closing) -> BatchResult[Value]:
    """The result with which the batch closed."""
    if closing.total > len(batch.branches):
        raise NonDeterministicExecutionError(
            f"The batch {scope.prefix} closed with {closing.total} branches, but the code now has "
            f"{len(batch.branches)}. Keep the items while executions run, or deploy the change as a new version.",
            step_id=scope.prefix,
        )
    items = [_item(scope, batch, branch, closing) for branch in batch.branches[: closing.total]]
    return BatchResult(items, closing.reason)


def _item(scope: Scope, batch: Batch, branch: Branch, closing: Closing) -> BatchItem[Value]:
    if branch.index in closing.unfinished:
        return BatchItem(branch.index, BatchItemStatus.STARTED)
    if not batch.child.is_virtual:
        identifier = batch.identify(scope, branch)
        recorded = scope.find(identifier)
        if recorded is None or not recorded.status.is_terminal:
            raise NonDeterministicExecutionError(
                f"The batch {scope.prefix} closed with branch {branch.name!r} ended, but that branch is recorded as "
                f"{recorded and recorded.status}.",
                step_id=identifier.operation_id,
            )
    return batch.run(scope, branch)
