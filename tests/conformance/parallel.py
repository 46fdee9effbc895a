"""Suite 8: parallel branches: their contexts, when the batch ends, and what its result tells."""

import json
from collections.abc import Callable
from typing import Unpack

from durable import DurableContext, ParallelBranch, durable_execution
from durable.config import CompletionConfig, Duration, NestingType, ParallelConfig
from durable.serdes import SerDes, SerDesContext
from tests.conformance.batches import REASON_AND_COUNTS, Thresholds, facts
from tests.conformance.registry import conforms

IN_TURN = ParallelConfig(max_concurrency=1)
Branch = Callable[[DurableContext], object]


@conforms("8-1")
@durable_execution
def runs_a_step_in_each_branch(event: None, context: DurableContext) -> list[str]:
    """Two branches in turn, a step in each."""
    return context.parallel([_step("task-1"), _step("task-2")], "parallel", IN_TURN).get_results()


@conforms("8-2")
@durable_execution
def runs_branches_without_a_name(event: None, context: DurableContext) -> list[str]:
    """The batch itself has no name."""
    return context.parallel([_give("alpha"), _give("beta")], config=IN_TURN).get_results()


@conforms("8-3")
@durable_execution
def names_its_branches(event: None, context: DurableContext) -> list[str]:
    """Each branch brings its own name."""
    branches = [ParallelBranch(_give("one"), "first"), ParallelBranch(_give("two"), "second")]
    return context.parallel(branches, "named", IN_TURN).get_results()


@conforms("8-4")
@durable_execution
def returns_results_of_several_types(event: None, context: DurableContext) -> list[str | int | dict[str, str]]:
    """Every result keeps its type."""
    return context.parallel([_give("hello"), _give(42), _give({"k": "v"})], "hetero", IN_TURN).get_results()


@conforms("8-5")
@durable_execution
def runs_no_branch(event: None, context: DurableContext) -> list[str]:
    """An empty batch ends at once."""
    return context.parallel([], "empty").get_results()


@conforms("8-6")
@durable_execution
def stops_at_the_first_failure(event: None, context: DurableContext) -> dict[str, str | int]:
    """No failure is tolerated, so the third branch is never started."""
    batch = context.parallel([_give("ok"), _fail, _give("never")], "failfast", _until(tolerated_failure_count=0))
    return facts(batch)


@conforms("8-7")
@durable_execution
def raises_the_first_failure(event: None, context: DurableContext) -> list[str]:
    """The batch does not raise by itself; asked to, it fails the execution."""
    batch = context.parallel([_fail, _give("never")], "throwing", _until(tolerated_failure_count=0))
    batch.throw_if_error()
    return batch.get_results()


@conforms("8-8")
@durable_execution
def stops_at_enough_successes(event: None, context: DurableContext) -> dict[str, str | int]:
    """Two successes of four are enough."""
    batch = context.parallel([_give(f"b{each}") for each in range(4)], "min-successful", _until(min_successful=2))
    return facts(batch, "completionReason", "successCount", "totalCount")


@conforms("8-9")
@durable_execution
def tolerates_a_failure(event: None, context: DurableContext) -> dict[str, str | int]:
    """One failure is tolerated; the batch runs to its end and counts as failed."""
    return facts(context.parallel([_give("b0"), _fail, _give("b2")], "tolerated", _until(tolerated_failure_count=1)))


@conforms("8-10")
@durable_execution
def stops_at_a_failure_too_many(event: None, context: DurableContext) -> dict[str, str | int]:
    """The second failure is one more than is tolerated."""
    config = _until(tolerated_failure_count=1)
    return facts(context.parallel([_fail, _fail, _give("never")], "tolerated-exceeded", config), *REASON_AND_COUNTS)


@conforms("8-11")
@durable_execution
def runs_two_branches_at_once(event: None, context: DurableContext) -> list[str]:
    """Results are in the order of the branches, whichever ends first."""
    branches = [_give("r0"), _give("r1"), _give("r2")]
    return context.parallel(branches, "concurrent", ParallelConfig(max_concurrency=2)).get_results()


@conforms("8-12")
@durable_execution
def records_no_branch_of_its_own(event: None, context: DurableContext) -> list[str]:
    """Flat: the branches' steps lie directly under the batch."""
    config = ParallelConfig(max_concurrency=1, nesting_type=NestingType.FLAT)
    return context.parallel([_step("fa"), _step("fb")], "flat", config).get_results()


@conforms("8-13")
@durable_execution
def stops_at_too_large_a_share_of_failures(event: None, context: DurableContext) -> dict[str, str | int]:
    """Two failures of four are more than a quarter."""
    branches = [_fail, _fail, _give("never"), _give("never")]
    config = _until(tolerated_failure_percentage=25)
    return facts(context.parallel(branches, "tolerated-pct", config), *REASON_AND_COUNTS)


@conforms("8-14")
@durable_execution
def waits_in_one_branch(event: None, context: DurableContext) -> list[str]:
    """The second branch suspends the execution; replay does not run the first again."""

    def wait(branch: DurableContext) -> str:
        branch.wait(Duration(2), name="pause")
        return "b1"

    return context.parallel([_step("b0"), wait], "replay", IN_TURN).get_results()


class Wrapped(SerDes[str]):
    """Writes a value as a member of an object."""

    def serialize(self, value: str, serdes_context: SerDesContext) -> str:
        """The object around the value."""
        return json.dumps({"wrapped": value})

    def deserialize(self, data: str, serdes_context: SerDesContext) -> str:
        """The value in the object."""
        wrapped: str = json.loads(data)["wrapped"]
        return wrapped


@conforms("8-15")
@durable_execution
def writes_branch_results_its_own_way(event: None, context: DurableContext) -> list[str]:
    """The branches' results are recorded wrapped and come back unwrapped."""
    config = ParallelConfig(max_concurrency=1, item_serdes=Wrapped())
    return context.parallel([_give("x"), _give("y")], "serde", config).get_results()


@conforms("8-16")
@durable_execution
def fails_in_every_branch(event: None, context: DurableContext) -> dict[str, str | int]:
    """As many failures as branches are tolerated, so all of them run."""
    return facts(context.parallel([_fail, _fail, _fail], "all-fail", _until(tolerated_failure_count=3)))


@conforms("8-17")
@durable_execution
def never_reaches_enough_successes(event: None, context: DurableContext) -> dict[str, str | int]:
    """Three successes of three are asked for; a failure does not stop the others."""
    return facts(context.parallel([_give("b0"), _fail, _give("b2")], "min-not-reached", _until(min_successful=3)))


@conforms("8-18")
@durable_execution
def fails_before_it_succeeds_enough(event: None, context: DurableContext) -> dict[str, str | int]:
    """Of two thresholds the one for failures is crossed first."""
    branches = [_fail, _fail, _give("never"), _give("never")]
    config = _until(min_successful=3, tolerated_failure_count=1)
    return facts(context.parallel(branches, "combined", config), *REASON_AND_COUNTS)


@conforms("8-19")
@durable_execution
def asks_for_no_concurrency(event: None, context: DurableContext) -> list[str]:
    """Nought branches at once is refused before anything is recorded."""
    config = ParallelConfig(max_concurrency=0)
    return context.parallel([_give("b0"), _give("b1")], "bad-concurrency", config).get_results()


@conforms("8-20")
@durable_execution
def lists_successes_and_failures(event: None, context: DurableContext) -> dict[str, bool | int]:
    """The same counts by way of the lists of items and errors."""
    batch = context.parallel([_give("b0"), _fail, _give("b2")], "accessors", _until(tolerated_failure_count=1))
    return {
        "hasFailure": batch.has_failure,
        "successCount": len(batch.succeeded()),
        "failureCount": len(batch.failed()),
        "errorCount": len(batch.get_errors()),
    }


@conforms("8-21")
@durable_execution
def nests_a_batch_in_a_branch(event: None, context: DurableContext) -> list[list[str]]:
    """The result of a branch is that of its own two branches."""

    def nest(branch: DurableContext) -> list[str]:
        return branch.parallel([_step("i1"), _step("i2")], "inner", IN_TURN).get_results()

    return context.parallel([nest], "outer", IN_TURN).get_results()


@conforms("8-22")
@durable_execution
def tolerates_exactly_its_share_of_failures(event: None, context: DurableContext) -> dict[str, str | int]:
    """One failure of four is a quarter, not more."""
    branches = [_fail, _give("b1"), _give("b2"), _give("b3")]
    return facts(context.parallel(branches, "pct-boundary", _until(tolerated_failure_percentage=25)))


def _until(**thresholds: Unpack[Thresholds]) -> ParallelConfig:
    """Branches in turn, until a threshold ends the batch."""
    return ParallelConfig(max_concurrency=1, completion_config=CompletionConfig(**thresholds))


def _give(value: object) -> Branch:
    return lambda _: value


def _step(value: str) -> Branch:
    return lambda branch: branch.step(lambda _: value, name="give")


def _fail(_: DurableContext) -> str:
    raise ValueError("This branch always fails")
