"""Programs whose maps and parallels suspend, fail, end early and grow large."""

from types import SimpleNamespace
from typing import Any

from tests.durable.programs import Effect


def batches(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    """A parallel of maps and more, whose branches suspend in each possible way."""

    def approved(branch: Any) -> object:
        return branch.wait_for_callback(lambda *_: effect("branch submitter"), name="branch")

    def mapped(branch: Any, item: int, index: int, items: list[int]) -> object:
        branch.wait(sdk.Duration(10 * item), name="pause")
        return branch.step(lambda _: effect(f"item {item}"), name=f"item {item}"), index, len(items)

    def nested(branch: Any) -> object:
        return branch.map([1, 2, 3], mapped, name="nested", config=sdk.MapConfig(max_concurrency=2)).get_results()

    def flat(branch: Any) -> object:
        config = sdk.MapConfig(nesting_type=sdk.NestingType.FLAT, item_serdes=sdk.JsonSerDes())
        return branch.map([4, 5], mapped, name="flat", config=config).get_results()

    def invoking(branch: Any) -> object:
        return branch.invoke("durable", {"n": 2}, name="invoked")

    functions = [approved, nested, flat, sdk.ParallelBranch(invoking, "invoking")]
    return repr(context.parallel(functions, name="all").get_results())


def batch_ends(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    """Batches that end before all their branches do, or with failures."""

    def branch(child: Any, item: str, *_: object) -> object:
        if item == "wrong":
            raise ValueError("wrong item")
        if item != "quick":
            child.create_callback(name=item).result()
        return child.step(lambda _: effect(f"done {item}"), name=f"done {item}")

    def ended(name: str, items: list[str], completion: Any, concurrency: int | None = None) -> object:
        config = sdk.MapConfig(concurrency, completion, item_namer=lambda item, _: f"the {item}")
        return told_of(context.map(items, branch, name=name, config=config))

    return [
        ended("first", ["answered", "never"], sdk.CompletionConfig.first_successful()),
        ended("tolerant", ["wrong", "quick"], sdk.CompletionConfig.all_completed()),
        ended("intolerant", ["wrong", "wrong", "one too many"], sdk.CompletionConfig(tolerated_failure_count=1), 1),
        ended("decided", ["decided", "never"], sdk.CompletionConfig(should_complete=decided_by_one(sdk))),
        ended("empty", [], sdk.CompletionConfig()),
    ]


def large_batches(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def branch(child: Any, item: str, *_: object) -> object:
        if item == "wrong":
            raise ValueError("wrong item")
        return child.step(lambda _: effect(item), name=item) * 30_000

    def ended(name: str, nesting: Any) -> object:
        items = [f"{name} 1", f"{name} 2", "wrong"]
        tolerant = sdk.CompletionConfig.all_completed()
        config = sdk.MapConfig(
            1, tolerant, nesting_type=nesting, summary_generator=lambda result: f"{result.total_count} items"
        )
        return context.map(items, branch, name=name, config=config)

    both = [ended("nested items", sdk.NestingType.NESTED), ended("flattened items", sdk.NestingType.FLAT)]
    context.wait(sdk.Duration(5), name="pause")
    return [told_of(batch) for batch in both]


def told_of(batch: Any) -> object:
    """What user code sees of a batch."""
    items = [
        [item.index, item.status.value, item.result and len(item.result), item.error and item.error.message]
        for item in batch.all
    ]
    return [batch.completion_reason.value, batch.status.value, batch.total_count, items]


def decided_by_one(sdk: SimpleNamespace) -> Any:
    """A batch is complete, and failed, when any of its branches is."""

    def decide(status: Any) -> object:
        if status.completed_count:
            return sdk.complete_batch(sdk.CompletionOutcome.FAILED)
        return sdk.continue_batch()

    return decide
