"""Suite 3: child contexts: what they record, how their errors travel, and what replay makes of them."""

import os
import time
from typing import NoReturn

from durable import DurableContext, StepContext, durable_execution
from durable.config import ChildConfig, Duration, JitterStrategy, StepConfig
from durable.exceptions import ChildContextError
from durable.lambda_service import Operation, OperationType
from durable.retries import RetryPresets, RetryStrategyConfig, create_retry_strategy
from durable.serdes import SerDes, SerDesContext
from tests.conformance.registry import conforms

LARGE_BYTES = 300 * 1024
"""More than a checkpoint holds."""

TWICE = StepConfig(create_retry_strategy(RetryStrategyConfig(2, Duration(1), jitter_strategy=JitterStrategy.NONE)))
ONCE = StepConfig(RetryPresets.none())


@conforms("3-1")
@durable_execution
def echoes_in_a_child(event: str, context: DurableContext) -> str:
    """One step in a child context."""
    return context.run_in_child_context(lambda child: _echo(child, event), name="child")


@conforms("3-2")
@durable_execution
def names_the_child_as_asked(event: dict[str, str], context: DurableContext) -> str:
    """The child context's name comes from the event."""
    return context.run_in_child_context(lambda child: _echo(child, event["value"]), name=event["name"])


@conforms("3-3")
@durable_execution
def hands_a_result_from_step_to_step(event: str, context: DurableContext) -> str:
    """The second step is given what the first returned."""

    def body(child: DurableContext) -> str:
        first = _echo(child, event, "first")
        return _echo(child, first, "second")

    return context.run_in_child_context(body, name="child")


@conforms("3-4")
@durable_execution
def fails_with_the_childs_step(event: None, context: DurableContext) -> str:
    """The step's error ends the step, the child context and the execution."""
    return context.run_in_child_context(lambda child: child.step(_refuse, "refuse", ONCE), name="child")


@conforms("3-5")
@durable_execution
def recovers_from_a_failed_child(event: str, context: DurableContext) -> str:
    """The child context's error is caught, and a step goes on."""
    try:
        return context.run_in_child_context(lambda child: child.step(_refuse, "refuse", ONCE), name="child")
    except ChildContextError:
        return _echo(context, event, "recover")


@conforms("3-6")
@durable_execution
def nests_a_child_in_a_child(event: str, context: DurableContext) -> str:
    """Two levels, each with a step of its own."""

    def outer(child: DurableContext) -> str:
        echoed = _echo(child, event)
        return child.run_in_child_context(lambda grandchild: _echo(grandchild, echoed), name="inner")

    return context.run_in_child_context(outer, name="outer")


@conforms("3-7")
@durable_execution
def retries_a_step_of_the_child(event: str, context: DurableContext) -> str:
    """The step's second attempt succeeds."""

    def flaky(step: StepContext) -> str:
        return event if step.attempt > 1 else _refuse(step)

    return context.run_in_child_context(lambda child: child.step(flaky, "flaky", TWICE), name="child")


@conforms("3-8")
@durable_execution
def runs_out_of_retries_in_the_child(event: None, context: DurableContext) -> str:
    """Both attempts of the step fail, and the child context with them."""
    return context.run_in_child_context(lambda child: child.step(_refuse, "refuse", TWICE), name="child")


@conforms("3-9")
@durable_execution
def waits_after_the_child(event: str, context: DurableContext) -> str:
    """The child context has ended before the wait; replay reads its result."""
    echoed = context.run_in_child_context(lambda child: _echo(child, event), name="child")
    context.wait(Duration(1), name="pause")
    return echoed


@conforms("3-10")
@durable_execution
def waits_in_the_child_after_a_step(event: str, context: DurableContext) -> str:
    """The wait suspends the execution from inside the child context."""
    return context.run_in_child_context(lambda child: _echo_and_wait(child, event), name="child")


@conforms("3-11")
@durable_execution
def builds_a_large_result_anew(event: str, context: DurableContext) -> int:
    """A result too large for a checkpoint is built again on replay, and the body logs again."""

    def body(child: DurableContext) -> str:
        _log_even_on_replay(child, event)
        return _echo(child, event) * (LARGE_BYTES // len(event))

    large = context.run_in_child_context(body, name="large")
    context.wait(Duration(1), name="pause")
    return len(large)


@conforms("3-12", dies=True)
@durable_execution
def dies_within_a_step_of_the_child(event: str, context: DurableContext) -> str:
    """The first invocation ends in the middle of the step; the second runs the step again."""
    is_first = not context.is_replaying()

    def body(child: DurableContext) -> str:
        return child.step(lambda _: _die_once_a_step_is_recorded(child) if is_first else event, name="echo")

    return context.run_in_child_context(body, name="child")


@conforms("3-13")
@durable_execution
def only_waits_in_the_child(event: str, context: DurableContext) -> str:
    """Nothing but a wait inside, a step after it outside."""

    def body(child: DurableContext) -> str:
        child.wait(Duration(1), name="pause")
        return event

    waited = context.run_in_child_context(body, name="child")
    return _echo(context, waited)


class Shouting(SerDes[str]):
    """Writes text in capitals, without quotes."""

    def serialize(self, value: str, serdes_context: SerDesContext) -> str:
        """The text in capitals."""
        return value.upper()

    def deserialize(self, data: str, serdes_context: SerDesContext) -> str:
        """The text as it was written."""
        return data


@conforms("3-14")
@durable_execution
def writes_the_childs_result_its_own_way(event: str, context: DurableContext) -> str:
    """The result comes back as the serdes has written it, on the first run too."""
    return context.run_in_child_context(lambda child: _echo(child, event), "child", ChildConfig(serdes=Shouting()))


@conforms("3-15")
@durable_execution
def raises_in_the_childs_body(event: None, context: DurableContext) -> str:
    """An error outside of any operation of the child context."""
    return context.run_in_child_context(_refuse, name="child")


@conforms("3-16")
@durable_execution
def returns_nothing_from_the_child(event: None, context: DurableContext) -> None:
    """A child context without operations or result."""
    return context.run_in_child_context(lambda _: None, name="child")


@conforms("3-17")
@durable_execution
def logs_in_the_child_once(event: str, context: DurableContext) -> str:
    """The body of a recorded child context does not run again, so it logs once."""

    def body(child: DurableContext) -> str:
        _log_even_on_replay(child, event)
        return event

    logged = context.run_in_child_context(body, name="child")
    context.wait(Duration(1), name="pause")
    return logged


@conforms("3-18")
@durable_execution
def steps_and_waits_inside_and_outside(event: str, context: DurableContext) -> str:
    """A step and a wait in the child context, and again after it: three invocations."""
    waited = context.run_in_child_context(lambda child: _echo_and_wait(child, event), name="child")
    return _echo_and_wait(context, waited)


def _echo(context: DurableContext, value: str, name: str = "echo") -> str:
    return context.step(lambda _: value, name=name)


def _echo_and_wait(context: DurableContext, value: str) -> str:
    echoed = _echo(context, value)
    context.wait(Duration(1), name="pause")
    return echoed


def _refuse(_: object) -> str:
    raise ValueError("This always fails")


def _log_even_on_replay(context: DurableContext, text: str) -> None:
    """Log through the context's logger, without its silence on replay: a body that runs again shows."""
    context.logger.with_is_replaying(lambda: False).info("Running with %s", text)


def _die_once_a_step_is_recorded(context: DurableContext) -> NoReturn:
    """End the process in a step whose start is durable; nothing waits for the start of an at-least-once step."""
    while not any(_is_recorded_step(each) for each in tuple(context.state.operations.values())):
        time.sleep(0.001)
    os._exit(1)


def _is_recorded_step(operation: Operation) -> bool:
    # The service alone says when an operation began.
    return operation.operation_type is OperationType.STEP and operation.start_timestamp is not None
