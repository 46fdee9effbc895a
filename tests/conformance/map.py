"""Suite 9: map: an item's context, when the batch ends, and what its result tells and how it is recorded."""

from collections.abc import Sequence
from typing import Unpack

from durable import BatchItemStatus, BatchResult, DurableContext, durable_execution
from durable.concurrency.models import BatchItem, CompletionReason
from durable.config import CompletionConfig, Duration, MapConfig, NestingType
from durable.serdes import EXTENDED_TYPES_SERDES, SerDes, SerDesContext
from tests.conformance.batches import REASON_AND_COUNTS, Thresholds, facts
from tests.conformance.registry import conforms

IN_TURN = MapConfig(max_concurrency=1)
LARGE_BYTES = 70 * 1024
"""Four of these are more than a checkpoint holds."""


@conforms("9-1")
@durable_execution
def greets_every_item_in_a_step(event: list[str], context: DurableContext) -> list[str]:
    """A step for each item, one item after the other."""

    def greet(child: DurableContext, item: str, _index: int, _items: Sequence[str]) -> str:
        return child.step(lambda _: f"Hello, {item}!", name="greet")

    return context.map(event, greet, "map", IN_TURN).get_results()


@conforms("9-2")
@durable_execution
def doubles_without_a_name(event: list[int], context: DurableContext) -> list[int]:
    """The batch itself has no name, the items no operations."""
    return context.map(event, lambda _child, item, _index, _items: item * 2, config=IN_TURN).get_results()


@conforms("9-3")
@durable_execution
def adds_the_index(event: list[int], context: DurableContext) -> list[int]:
    """The function is given the item's index as well."""
    return context.map(event, lambda _child, item, index, _items: item + index, "indexed", IN_TURN).get_results()


@conforms("9-4")
@durable_execution
def maps_no_item(event: list[str], context: DurableContext) -> list[str]:
    """An empty batch ends at once."""
    return context.map(event, _end, "empty").get_results()


@conforms("9-5")
@durable_execution
def stops_at_the_first_failure(event: None, context: DurableContext) -> dict[str, str | int]:
    """No failure is tolerated, so the third item is never started."""
    return facts(context.map(["ok", "fail", "never"], _end, "failfast", _until(tolerated_failure_count=0)))


@conforms("9-6")
@durable_execution
def raises_the_first_failure(event: None, context: DurableContext) -> list[str]:
    """The batch does not raise by itself; asked to, it fails the execution."""
    batch = context.map(["fail", "never"], _end, "throwing", _until(tolerated_failure_count=0))
    batch.throw_if_error()
    return batch.get_results()


@conforms("9-7")
@durable_execution
def stops_at_enough_successes(event: None, context: DurableContext) -> dict[str, str | int]:
    """Two successes of four are enough."""
    batch = context.map(["i0", "i1", "i2", "i3"], _end, "min-successful", _until(min_successful=2))
    return facts(batch, "completionReason", "successCount", "totalCount")


@conforms("9-8")
@durable_execution
def tolerates_a_failure(event: None, context: DurableContext) -> dict[str, str | int]:
    """One failure is tolerated; the batch runs to its end and counts as failed."""
    return facts(context.map(["i0", "fail", "i2"], _end, "tolerated", _until(tolerated_failure_count=1)))


@conforms("9-9")
@durable_execution
def stops_at_a_failure_too_many(event: None, context: DurableContext) -> dict[str, str | int]:
    """The second failure is one more than is tolerated."""
    config = _until(tolerated_failure_count=1)
    return facts(context.map(["fail", "fail", "never"], _end, "tolerated-exceeded", config), *REASON_AND_COUNTS)


@conforms("9-10")
@durable_execution
def stops_at_too_large_a_share_of_failures(event: None, context: DurableContext) -> dict[str, str | int]:
    """Two failures of four are more than a quarter."""
    items = ["fail", "fail", "never", "never"]
    config = _until(tolerated_failure_percentage=25)
    return facts(context.map(items, _end, "tolerated-pct", config), *REASON_AND_COUNTS)


@conforms("9-11")
@durable_execution
def maps_two_items_at_once(event: None, context: DurableContext) -> list[str]:
    """Results are in the order of the items, whichever ends first."""
    return context.map(["r0", "r1", "r2"], _end, "concurrent", MapConfig(max_concurrency=2)).get_results()


@conforms("9-12")
@durable_execution
def records_no_item_of_its_own(event: None, context: DurableContext) -> list[str]:
    """Flat: the items' steps lie directly under the batch."""
    config = MapConfig(max_concurrency=1, nesting_type=NestingType.FLAT)
    return context.map(["fa", "fb"], _end_in_a_step, "flat", config).get_results()


@conforms("9-13")
@durable_execution
def names_its_items(event: list[int], context: DurableContext) -> list[int]:
    """Each item's context is named after it."""
    config = MapConfig(max_concurrency=1, item_namer=lambda item, _index: f"item-{item}")
    return context.map(event, lambda _child, item, _index, _items: item * 10, "named-items", config).get_results()


class Wrapped(SerDes[str]):
    """Writes text behind a mark."""

    def serialize(self, value: str, serdes_context: SerDesContext) -> str:
        """The mark and the text."""
        return f"wrapped:{value}"

    def deserialize(self, data: str, serdes_context: SerDesContext) -> str:
        """The text behind the mark."""
        return data.removeprefix("wrapped:")


@conforms("9-14")
@durable_execution
def writes_item_results_its_own_way(event: None, context: DurableContext) -> list[str]:
    """The items' results are recorded wrapped and come back unwrapped."""
    config = MapConfig(max_concurrency=1, item_serdes=Wrapped())
    return context.map(["x", "y"], _shout, "serdes", config).get_results()


@conforms("9-15")
@durable_execution
def waits_in_one_item(event: None, context: DurableContext) -> list[str]:
    """The second item suspends the execution; replay does not run the first again."""

    def end(child: DurableContext, item: str, index: int, items: Sequence[str]) -> str:
        if index == 1:
            child.wait(Duration(1), name="pause")
        return _end_in_a_step(child, item, index, items)

    return context.map(["r0", "r1"], end, "suspend", IN_TURN).get_results()


@conforms("9-16")
@durable_execution
def maps_to_more_than_a_checkpoint_holds(event: None, context: DurableContext) -> dict[str, str | int]:
    """All results together are too large to be recorded with the batch."""
    batch = context.map(["a", "b", "c", "d"], lambda _child, item, *_: item * LARGE_BYTES, "large", IN_TURN)
    return facts(batch, "successCount", "totalCount")


@conforms("9-17")
@durable_execution
def waits_after_the_map(event: None, context: DurableContext) -> list[str]:
    """The batch has ended before the wait; replay reads its result."""
    batch = context.map(["a", "b"], _shout, "then-wait", IN_TURN)
    context.wait(Duration(1), name="pause")
    return batch.get_results()


@conforms("9-18")
@durable_execution
def waits_after_a_map_with_a_failure(event: None, context: DurableContext) -> dict[str, str | int]:
    """A failed item is read back on replay like any other."""
    batch = context.map(["ok", "fail"], _end, "fail-then-wait", _until(tolerated_failure_count=1))
    context.wait(Duration(1), name="pause")
    return facts(batch)


class Joined(SerDes[BatchResult[str]]):
    """Writes a batch without failures as its results, with commas."""

    def serialize(self, value: BatchResult[str], serdes_context: SerDesContext) -> str:
        """The results behind a mark."""
        return "OPSERDE:" + ",".join(value.get_results())

    def deserialize(self, data: str, serdes_context: SerDesContext) -> BatchResult[str]:
        """A batch of these results."""
        results = data.removeprefix("OPSERDE:").split(",")
        items = [BatchItem(index, BatchItemStatus.SUCCEEDED, result) for index, result in enumerate(results)]
        return BatchResult(items, CompletionReason.ALL_COMPLETED)


@conforms("9-19")
@durable_execution
def writes_the_whole_result_its_own_way(event: None, context: DurableContext) -> list[str]:
    """The batch's result is recorded by a serdes for all of it."""
    config = MapConfig(max_concurrency=1, serdes=Joined(), item_serdes=EXTENDED_TYPES_SERDES)
    return context.map(["x", "y"], _shout, "op-serde", config).get_results()


@conforms("9-20")
@durable_execution
def reads_the_whole_result_its_own_way(event: None, context: DurableContext) -> list[str]:
    """The same, and replay reads the result back."""
    config = MapConfig(max_concurrency=1, serdes=Joined(), item_serdes=EXTENDED_TYPES_SERDES)
    batch = context.map(["x", "y"], _shout, "op-serde-replay", config)
    context.wait(Duration(1), name="pause")
    return batch.get_results()


def _until(**thresholds: Unpack[Thresholds]) -> MapConfig:
    """Items in turn, until a threshold ends the batch."""
    return MapConfig(max_concurrency=1, completion_config=CompletionConfig(**thresholds))


def _end(_child: DurableContext, item: str, _index: int, _items: Sequence[str]) -> str:
    """The item itself, unless it is to fail."""
    if item == "fail":
        raise ValueError("This item always fails")
    return item


def _end_in_a_step(child: DurableContext, item: str, _index: int, _items: Sequence[str]) -> str:
    return child.step(lambda _: item, name="end")


def _shout(_child: DurableContext, item: str, _index: int, _items: Sequence[str]) -> str:
    return item.upper()
