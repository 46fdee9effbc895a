"""Functions whose executions the console's tests look at."""

from contextlib import suppress
from typing import Any

from durable import DurableContext, durable_execution
from durable.config import CallbackConfig, Duration, MapConfig, StepConfig
from durable.exceptions import StepError
from durable.retries import RetryPresets, RetryStrategyConfig, create_retry_strategy

MARKUP = "<img src=x onerror=alert(1)>&\"'</pre></title>"


@durable_execution
def doubles(event: int, context: DurableContext) -> int:
    result: int = context.step(lambda _: 2 * event, name="double")
    return result


@durable_execution
def marked(event: Any, context: DurableContext) -> Any:
    """Every text that a function can choose holds markup."""
    return context.run_in_child_context(lambda child: child.step(lambda _: event, name=MARKUP), name=MARKUP)


@durable_execution
def fails(event: str, context: DurableContext) -> None:
    def refuse(_context: object) -> None:
        raise ValueError(event)

    context.step(refuse, name="charge", config=StepConfig(create_retry_strategy(RetryStrategyConfig(max_attempts=2))))


@durable_execution
def asks(event: object, context: DurableContext) -> Any:
    """Puts its callback's id wherever it can."""
    callback = context.create_callback("approval")
    context.step(lambda _: {"send": callback.callback_id}, name="send")
    with suppress(StepError):  # it is the record of the error that matters
        context.step(lambda _: _refuse(callback.callback_id), name="refused", config=StepConfig(RetryPresets.none()))
    return callback.result()


@durable_execution
def approves(event: str, context: DurableContext) -> Any:
    """Waits in a context of its own, which has the event's name."""
    return context.wait_for_callback(lambda _id, _context: None, name=event)


@durable_execution
def patient(event: dict[str, int], context: DurableContext) -> Any:
    """Waits for the last of so many callbacks, and for so many seconds, or between heartbeats, if it is told."""
    config = CallbackConfig(Duration(event.get("seconds", 0)), Duration(event.get("heartbeat", 0)))
    callbacks = [context.create_callback("approval", config) for _ in range(event.get("callbacks", 1))]
    return callbacks[-1].result()


@durable_execution
def maps(event: int, context: DurableContext) -> int:
    def item(child: DurableContext, number: int, *_: object) -> int:
        stored: int = child.step(lambda _: number, name="store")
        return stored

    return context.map(list(range(event)), item, name="items", config=MapConfig(max_concurrency=1)).success_count


@durable_execution
def invokes(event: object, context: DurableContext) -> Any:
    return context.invoke("doubles", event, name="ship")


def _refuse(callback_id: str) -> None:
    raise ValueError(f"{'x' * 150} nobody at {callback_id}")
