"""The durable functions that are measured; each uses only what both SDKs have, under the root it is given."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from benchmarks.work import Work

Program = Callable[[str, Work, Any], Any]
"""Takes an SDK's import root, the work and the durable context."""

LARGE_RESULT = "x" * 200_000
BRANCHES = ("customers", "products", "orders")


def steps(_root: str, work: Work, context: Any) -> Any:
    """One step after another."""
    return sum(context.step(lambda _, number=number: number, name=f"step-{number}") for number in range(work.size))


def large_steps(_root: str, work: Work, context: Any) -> Any:
    """One step after another, each with a result of 200 kB."""
    return sum(len(context.step(lambda _: LARGE_RESULT, name=f"step-{number}")) for number in range(work.size))


def suspension(root: str, _work: Work, context: Any) -> Any:
    """A wait that ends the invocation."""
    context.wait(import_module(f"{root}.config").Duration.from_seconds(60), name="wait")


def short_wait(root: str, _work: Work, context: Any) -> Any:
    """A wait of a second."""
    context.wait(import_module(f"{root}.config").Duration.from_seconds(1), name="wait")


def mapped(root: str, work: Work, context: Any) -> Any:
    """A map whose every branch has one step."""

    def branch(child: Any, item: int, *_: object) -> Any:
        return child.step(lambda _: item, name="step")

    config = import_module(f"{root}.config").MapConfig(max_concurrency=work.concurrency)
    return sum(context.map(range(work.size), branch, name="map", config=config).get_results())


def waiting(root: str, work: Work, context: Any) -> Any:
    """A map whose every branch waits for as long."""
    minute = import_module(f"{root}.config").Duration.from_seconds(60)

    def branch(child: Any, item: int, *_: object) -> Any:
        child.wait(minute, name="wait")
        return item

    return sum(context.map(range(work.size), branch, name="map").get_results())


def pipeline(root: str, work: Work, context: Any) -> Any:
    """The data pipeline's shape: three branches, each with a step and a map whose every branch has two steps."""
    configs, serdes = import_module(f"{root}.config"), import_module(f"{root}.serdes").JsonSerDes()
    step = configs.StepConfig(serdes=serdes)
    items = configs.MapConfig(
        max_concurrency=work.concurrency, item_serdes=serdes, item_namer=lambda item, _: f"process-item-{item}"
    )

    def process(child: Any, item: int, *_: object) -> Any:
        record = child.step(lambda _: {"id": item, "name": f"record {item}"}, "transform-data", step)
        return child.step(lambda _: {"stored": 1, "document": f"{record['id']}.json"}, "store-transformed-item", step)

    def execute(child: Any) -> int:
        rows: int = child.step(lambda _: work.size, "fetch-data", step)
        return len(child.map(range(rows), process, "process-items", items).get_results())

    named = import_module(root).ParallelBranch
    branches = [named(execute, name) for name in BRANCHES]
    config = configs.ParallelConfig(completion_config=configs.CompletionConfig.all_completed())
    return sum(context.parallel(branches, name="execute-contexts-in-parallel", config=config).get_results())


PROGRAMS: dict[str, Program] = {
    program.__name__: program for program in (steps, large_steps, suspension, short_wait, mapped, waiting, pipeline)
}
