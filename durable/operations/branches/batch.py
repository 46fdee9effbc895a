"""A batch: the branches of a map or parallel, and one branch run as a child context."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from durable.completion import BatchItemStatus, CompletionConfig
from durable.concurrency.models import BatchItem
from durable.config import ChildConfig
from durable.exceptions import RecordedError
from durable.identifier import OperationIdentifier
from durable.model import ErrorObject, OperationType
from durable.operations.child import run_in_child_context
from durable.scope import Scope
from durable.values import Value


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of a batch, known by its index."""

    index: int
    name: str
    body: Callable[[Scope], Value]


@dataclass(frozen=True, slots=True)
class Batch:
    """Branches, and how they run together."""

    branches: Sequence[Branch]
    child: ChildConfig
    completion: CompletionConfig
    max_concurrency: int | None

    @property
    def limit(self) -> int:
        """How many branches may be begun and not ended at a time."""
        return self.max_concurrency or max(1, len(self.branches))

    def identify(self, scope: Scope, branch: Branch) -> OperationIdentifier:
        """The identifier of a branch; it follows from the index, whatever the order of starts."""
        return scope.identify(branch.index, OperationType.CONTEXT, self.child.sub_type, branch.name)

    def run(self, scope: Scope, branch: Branch) -> BatchItem[Value]:
        """Run a branch to its end, or read how it ended."""
        try:
            result = run_in_child_context(scope, self.identify(scope, branch), branch.body, self.child, is_branch=True)
        except RecordedError as error:
            # Where it was raised is in the branch's own record; a batch of many failures would outgrow its own.
            recorded = ErrorObject(error.message, error.error_type, error.data)
            return BatchItem(branch.index, BatchItemStatus.FAILED, error=recorded)
        return BatchItem(branch.index, BatchItemStatus.SUCCEEDED, result)
