"""Programs that between them use every operation in every way that is recorded differently.

Each needs somebody outside: functions to invoke, and answers to its callbacks (see `outside`). An effect is named
after the step that has it (see `effects`).
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from tests.durable.programs import Effect, Program
from tests.interop.batches import batch_ends, batches, large_batches

VALUES: dict[str, object] = {
    "plain": [None, True, -1, 2**70, 0.1, 'é \u2028 "quoted"', []],
    "exact": {"decimal": Decimal("1.10"), "bytes": b"\x00\xff", "uuid": UUID(int=7)},
    "moments": (datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), date(2026, 1, 2)),
    "nested": {"of": [(1, (b"two", Decimal(3))), {"deeper": {"empty": [{}, (), None]}}]},
}
"""What a step may return, of all kinds that the default serdes writes."""


def steps(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def flaky(step: Any) -> str:
        if step.attempt < 3:
            raise TimeoutError(f"attempt {step.attempt}")
        return effect("flaky") + f" at attempt {step.attempt}"

    def charge(step: Any) -> str:
        effect(f"charge@{step.attempt}")
        return "charged"

    once = sdk.StepConfig(sdk.RetryPresets.fixed(), sdk.StepSemantics.AT_MOST_ONCE_PER_RETRY)
    return [
        context.step(charge, name="charge", config=once),
        context.step(flaky, name="flaky", config=sdk.StepConfig(sdk.RetryPresets.fixed())),
        context.step(lambda _: [effect("json")], name="json", config=sdk.StepConfig(serdes=sdk.JsonSerDes())),
        context.step(lambda _: effect("text"), name="text", config=sdk.StepConfig(serdes=sdk.PassThroughSerDes())),
        context.step(lambda _: effect("typed"), name="typed", config=sdk.StepConfig(sub_type="Charge")),
        context.step(lambda _: effect("unnamed")),
    ]


def values(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def kept(child: Any) -> object:
        return [child.step(lambda _, key=key: (effect(key), VALUES[key]), name=key) for key in VALUES]

    first = context.run_in_child_context(kept, name="kept")
    context.wait(sdk.Duration(60), name="night")
    return [repr(value) for value in first]


def failing_steps(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def fail(child: Any, name: str) -> object:
        def broken(_step: Any) -> object:
            raise KeyError(effect(name))

        return child.step(broken, name=name, config=sdk.StepConfig(sdk.RetryPresets.none()))

    def unwritable(_step: Any) -> object:
        return {effect("unwritable")}

    return [
        told(lambda: context.step(unwritable, name="unwritable")),
        told(lambda: fail(context, "broken")),
        told(lambda: context.run_in_child_context(lambda child: fail(child, "broken inside"), name="child")),
        context.step(lambda _: effect("after failing steps"), name="after failing steps"),
    ]


def retried_operations(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def book(child: Any, attempt: int) -> object:
        room = child.step(lambda _: effect(f"room {attempt}"), name=f"room {attempt}")
        if attempt < 2:
            raise LookupError("no flight")
        return room

    config = sdk.WithRetryConfig(sdk.RetryPresets.fixed())
    return sdk.with_retry(context, book, config, name="booking")


def callbacks(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    two = [context.create_callback(name=name) for name in ("first", "second")]
    config = sdk.CallbackConfig(serdes=sdk.JsonSerDes(), sub_type="Approval")
    read = context.create_callback(name="read", config=config)
    context.step(lambda _: effect("between"), name="between")
    return [[callback.result() for callback in reversed(two)], read.result()]


def failing_callbacks(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    hasty = sdk.CallbackConfig(timeout=sdk.Duration(60))
    silent = sdk.CallbackConfig(heartbeat_timeout=sdk.Duration(60))
    return [
        told(context.create_callback(name="late", config=hasty).result),
        told(context.create_callback(name="silent", config=silent).result),
        told(context.create_callback(name="refused").result),
        context.step(lambda _: effect("after callbacks"), name="after callbacks"),
    ]


def awaited_callbacks(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def submit(_callback_id: str, _context: Any) -> object:
        return effect("approval submitter")

    def broken(_callback_id: str, _context: Any) -> object:
        effect("broken submitter")
        raise ConnectionError("nobody there")

    def charge(step: Any) -> str:
        effect(f"charge@{step.attempt}")
        return "charged"

    once = sdk.WaitForCallbackConfig(retry_strategy=sdk.RetryPresets.none())
    return [
        context.wait_for_callback(submit, name="approval"),
        told(lambda: context.wait_for_callback(lambda *_: effect("refused submitter"), name="refused")),
        told(lambda: context.wait_for_callback(broken, name="broken", config=once)),
        context.wait_for_callback(lambda *_: effect("submitter")),
    ]


def invokes(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    extended = sdk.InvokeConfig(sdk.ExtendedTypeSerDes())
    return [
        context.invoke("durable", {"n": 1}, name="durable"),
        context.invoke("plain", [1, "é"], name="plain"),
        context.invoke("plain", (Decimal("0.5"),), name="extended", config=extended),
        told(lambda: context.invoke("failing", None, name="failing")),
        told(lambda: context.invoke("plain-failing", None, name="plain failing")),
        told(lambda: context.invoke("nowhere", None, name="nowhere")),
        context.step(lambda _: effect("after invokes"), name="after invokes"),
    ]


def nested_children(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def virtual(child: Any) -> object:
        return child.step(lambda _: effect("virtual"), name="virtual")

    def inner(child: Any) -> object:
        child.wait(sdk.Duration(5), name="pause")
        return child.run_in_child_context(virtual, name="virtual", config=sdk.ChildConfig(is_virtual=True))

    def outer(child: Any) -> object:
        first = child.step(lambda _: effect("outer"), name="outer")
        second = child.run_in_child_context(inner, name="inner", config=sdk.ChildConfig(sub_type="Inner"))
        return first, second

    return list(context.run_in_child_context(outer, name="outer"))


def large_children(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def length(name: str, config: Any = None) -> int:
        def body(child: Any) -> str:
            text = child.step(lambda _: effect(name), name=name)
            child.wait(sdk.Duration(5), name="pause")
            return str(text) * 50_000

        return len(context.run_in_child_context(body, name="large", config=config))

    summed_up = sdk.ChildConfig(summary_generator=lambda result: f"{len(result)} characters")
    lengths = [length("large"), length("summed up", summed_up)]
    context.wait(sdk.Duration(5), name="pause")
    return lengths


def conditions(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def polled(name: str, most: int) -> object:
        def check(state: Any, _context: Any) -> object:
            count, amount = state
            effect(f"{name}#{count}")
            return count + 1, amount + Decimal("0.1")

        strategy = sdk.WaitStrategyConfig(lambda state: state[0] < 3, most, jitter_strategy=sdk.JitterStrategy.NONE)
        config = sdk.WaitForConditionConfig(sdk.create_wait_strategy(strategy), (0, Decimal(1)))
        return repr(context.wait_for_condition(check, config, name=name))

    def broken(_state: object, _context: object) -> object:
        raise PermissionError("not yours")

    config = sdk.WaitForConditionConfig(lambda *_: sdk.WaitForConditionDecision.stop_polling(), None)
    return [
        polled("ready", 60),
        told(lambda: polled("exhausted", 2)),
        told(lambda: context.wait_for_condition(broken, config, name="broken")),
    ]


def logs(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    def log(message: str, *_args: object, extra: Any = None) -> None:
        about = {key: value for key, value in (extra or {}).items() if key != "executionArn"}
        effect(f"log#{message} {about}")

    def step(inner: Any) -> str:
        inner.logger.warning("in the step")
        return effect("logged")

    def child(inner: Any) -> object:
        inner.logger.error("in the child")
        inner.wait(sdk.Duration(5), name="pause")
        inner.logger.info("in the child, later")
        return inner.step(step, name="logged")

    context.set_logger(SimpleNamespace(debug=log, info=log, warning=log, error=log, exception=log))
    context.logger.info("at first")
    context.run_in_child_context(child, name="child")
    context.logger.debug("at last")
    return None


def everything(sdk: SimpleNamespace, context: Any, effect: Effect) -> object:
    return {name: program(sdk, context, effect) for name, program in OPERATIONS.items()}


def told(operation: Any) -> object:
    """What user code sees of an operation's failure."""
    try:
        return ["no error", operation()]
    except Exception as error:  # noqa: BLE001 - any error is what the program is about
        cause = error.__cause__
        seen = [type(error).__name__, str(error), getattr(error, "error_type", None), getattr(error, "data", None)]
        return [*seen, type(cause).__name__, str(cause)]


OPERATIONS: dict[str, Program] = {
    program.__name__: program
    for program in (
        steps,
        values,
        failing_steps,
        retried_operations,
        callbacks,
        failing_callbacks,
        awaited_callbacks,
        invokes,
        nested_children,
        large_children,
        conditions,
        batches,
        batch_ends,
        large_batches,
        logs,
    )
}
