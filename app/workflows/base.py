"""The abstract parallel workflow that drives the durable SDK."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from app.domain.errors import BranchesFailedError
from app.domain.pipeline import requested_contexts
from app.ports.data_type import DataType
from durable import BatchResult, DurableContext, ParallelBranch
from durable.config import CompletionConfig, ParallelConfig

Summary = TypeVar("Summary")

ALL_BRANCHES_FINISH = ParallelConfig(completion_config=CompletionConfig.all_completed())


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelWorkflow(ABC, Generic[Summary]):
    """Does the same for every event context that a request names, side by side.

    - The request is checked before anything happens; an unknown name ends the execution.
    - Each event context is a branch, in a child context of its name.
    - Every branch runs to its end; if one failed, the execution fails and names it.

    A subclass says what happens in a branch. It holds no state: its fields are ports.
    """

    data_types: Mapping[str, DataType]

    def run(self, event: object, context: DurableContext) -> dict[str, Summary]:
        """The summary of each event context in the request."""
        event_contexts = requested_contexts(event, known=self.data_types)
        context.logger.info("Branches started", extra={"eventContexts": event_contexts})
        branches = context.parallel(
            [ParallelBranch(partial(self.execute, name), name) for name in event_contexts],
            name="execute-contexts-in-parallel",
            config=ALL_BRANCHES_FINISH,
        )
        return summarise(event_contexts, branches)

    @abstractmethod
    def execute(self, event_context: str, child_context: DurableContext) -> Summary:
        """Run one branch in its child context."""


def summarise(event_contexts: Sequence[str], branches: BatchResult[Summary]) -> dict[str, Summary]:
    """The branches' summaries by name; `BranchesFailedError` where any of them failed."""
    failures = {
        event_contexts[branch.index]: (branch.error and (branch.error.message or branch.error.type)) or "no reason told"
        for branch in branches.failed()
    }
    if failures:
        raise BranchesFailedError(failures)
    return dict(zip(event_contexts, branches.get_results(), strict=True))
