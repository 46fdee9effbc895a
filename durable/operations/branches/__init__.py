"""Map and parallel: a batch of branches under one operation."""

from collections.abc import Callable

from durable.concurrency.models import BatchResult
from durable.config import BatchConfig, ChildConfig, NestingType
from durable.exceptions import ValidationError
from durable.identifier import OperationIdentifier, drift, operation_id
from durable.model import OperationStatus, OperationSubType, OperationType
from durable.operations.branches.batch import Batch, Branch
from durable.operations.branches.coordinator import Coordinator
from durable.operations.branches.replayed import rebuild, refuse_other_count
from durable.operations.branches.summary import Closing, summary_generator
from durable.operations.child import run_in_child_context
from durable.scope import Scope
from durable.values import Value

_BRANCHES: dict[str, OperationSubType] = {
    OperationSubType.MAP: OperationSubType.MAP_ITERATION,
    OperationSubType.PARALLEL: OperationSubType.PARALLEL_BRANCH,
}


def check_thresholds(config: BatchConfig, count: int) -> None:
    """Refuse a batch that can never have enough successes."""
    needed = config.completion_config.min_successful
    if needed is not None and needed > count:
        raise ValidationError(f"min_successful={needed} exceeds the number of items, {count}")


def run_batch(
    scope: Scope, identifier: OperationIdentifier, branch: Callable[[int], Branch], count: int, config: BatchConfig
) -> BatchResult[Value]:
    """The batch's recorded result, or that of running its branches now."""

    def body(inner: Scope) -> BatchResult[Value]:
        batch = Batch(
            [branch(index) for index in range(count)], branch_config, config.completion_config, config.max_concurrency
        )
        recorded = inner.invocation.journal.get(identifier.operation_id)
        if recorded is not None and recorded.status is OperationStatus.SUCCEEDED:
            return rebuild(inner, batch, Closing.from_record(recorded.result))
        _refuse_branch_beyond(inner, count)
        return Coordinator(inner, batch).run()

    branch_config = ChildConfig(
        serdes=config.item_serdes or config.serdes,
        sub_type=_BRANCHES[identifier.sub_type or ""],
        is_virtual=config.nesting_type is NestingType.FLAT,
    )
    generator = summary_generator(f"{identifier.sub_type}Result", config.summary_generator)
    result: BatchResult[Value] = run_in_child_context(
        scope, identifier, body, ChildConfig(serdes=config.serdes, summary_generator=generator)
    )
    if isinstance(result, BatchResult):
        refuse_other_count(scope.within(identifier), result.total_count, result.completion_reason, count)
    return result


def _refuse_branch_beyond(inner: Scope, count: int) -> None:
    """Refuse an open batch that has begun more branches than the code has; those begun are the first ones."""
    beyond = inner.identify(count, OperationType.CONTEXT, None, None).operation_id
    if any(inner.invocation.journal.get(each) for each in (beyond, operation_id(beyond, 1))):
        raise drift(f"The batch has begun branch {count}, but the code now has {count} branches.", inner.prefix)
