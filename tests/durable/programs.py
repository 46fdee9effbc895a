"""Programs that use every kind of operation the data pipeline needs; each takes an SDK's names, so it runs on any."""

import importlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

Effect = Callable[[str], str]
"""Does something outside and answers; called with what it does."""
Program = Callable[[SimpleNamespace, Any, Effect], object]

_MODULES = ("config", "retries", "waits", "serdes", "exceptions", "concurrency.models")


def names_under(root: str) -> SimpleNamespace:
    """What a program needs of an SDK, from under its import root."""
    names: dict[str, object] = {}
    for module in _MODULES:
        names.update(vars(importlib.import_module(f"{root}.{module}")))
    return SimpleNamespace(**{name: value for name, value in names.items() if not name.startswith("_")})


def steps_and_a_wait(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    first = context.step(lambda _: effect("a"), name="a")
    context.wait(sdk.Duration(60), name="pause")
    second = context.step(lambda _: {"of": effect("b"), "pair": (1, 2)}, name="b")
    return [first, second["of"], list(second["pair"]), context.step(lambda _: effect("c"), name="c")]


def retries(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def flaky(step: Any) -> str:
        if step.attempt < 3:
            raise ValueError(f"attempt {step.attempt}")
        return effect("flaky")

    return context.step(flaky, name="flaky", config=sdk.StepConfig(sdk.RetryPresets.fixed()))


def failures(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def hopeless(_step: Any) -> None:
        raise KeyError("gone")

    told: list[object] = []
    once = sdk.StepConfig(sdk.RetryPresets.none())
    try:
        context.step(hopeless, name="hopeless", config=once)
    except sdk.StepError as error:
        told.append([error.message, error.error_type])
    try:
        context.run_in_child_context(lambda inner: inner.step(hopeless, config=once), name="child")
    except sdk.ChildContextError as error:
        told.append([error.message, error.error_type.rpartition(".")[2]])
    told.append(effect("after"))
    return told


def fails_at_last(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    context.step(lambda _: effect("a"), name="a")
    raise LookupError("nothing left")


def children(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def inner(child: Any) -> object:
        child.step(lambda _: effect("x"), name="x")
        child.wait(sdk.Duration(5))
        return child.run_in_child_context(lambda deeper: deeper.step(lambda _: effect("y"), name="y"), name="deep")

    virtual = sdk.ChildConfig(is_virtual=True)
    return [
        context.run_in_child_context(inner, name="child"),
        context.run_in_child_context(lambda child: child.step(lambda _: effect("v"), name="v"), config=virtual),
    ]


def a_large_child(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def body(child: Any) -> object:
        return child.step(lambda _: effect("x"), name="x") * 300_000

    large = context.run_in_child_context(body, name="large")
    context.wait(sdk.Duration(5), name="pause")
    return len(large)


def branches(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    """The program of the specification's observed batches."""

    def nested(branch: Any) -> object:
        return branch.run_in_child_context(lambda inner: inner.step(lambda _: effect("y"), name="y"), name="inner")

    context.step(lambda _: effect("s"), name="s")
    context.wait(sdk.Duration(3), name="w")
    both = context.parallel([lambda branch: branch.step(lambda _: effect("x"), name="x"), nested], name="p")
    flat = sdk.MapConfig(nesting_type=sdk.NestingType.FLAT)
    mapped = context.map(
        [1, 2], lambda branch, item, *_: branch.step(lambda _: effect(f"m{item}"), name="mx"), name="m", config=flat
    )
    return [both.get_results(), mapped.get_results()]


def waiting_branches(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def branch(child: Any, item: int, *_: object) -> object:
        child.step(lambda _: effect(f"before {item}"), name="before")
        child.wait(sdk.Duration(60), name="pause")
        return child.step(lambda _: effect(f"after {item}"), name="after")

    return context.map([0, 1, 2], branch, name="m", config=sdk.MapConfig(max_concurrency=2)).get_results()


def failing_branches(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def branch(child: Any, item: int, *_: object) -> object:
        if item == 1:
            raise ValueError("item 1")
        return child.step(lambda _: effect(f"item {item}"), name="s")

    tolerant = sdk.MapConfig(
        completion_config=sdk.CompletionConfig.all_completed(), item_namer=lambda item, _: f"order-{item}"
    )
    batch = context.map([0, 1, 2], branch, name="m", config=tolerant)
    fail_fast = context.map([1, 0, 2], branch, name="f", config=sdk.MapConfig(max_concurrency=1))
    return [
        [[item.index, item.status.value, item.result, item.error and item.error.type] for item in batch.all],
        [fail_fast.completion_reason.value, fail_fast.total_count, fail_fast.status.value],
    ]


def a_large_batch(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def branch(child: Any, item: int, *_: object) -> object:
        return child.step(lambda _: effect(f"item {item}"), name="s")[0] * 100_000

    batch = context.map([0, 1, 2], branch, name="m")
    context.wait(sdk.Duration(5), name="pause")
    return [batch.completion_reason.value, [len(result) for result in batch.get_results()]]


PROGRAMS: dict[str, Program] = {
    program.__name__: program
    for program in (
        steps_and_a_wait,
        retries,
        failures,
        fails_at_last,
        children,
        a_large_child,
        branches,
        waiting_branches,
        failing_branches,
        a_large_batch,
    )
}
