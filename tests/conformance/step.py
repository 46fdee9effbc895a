"""Suite 1: steps: their results, retries and interruptions."""

import os
from typing import Any, NoReturn

from durable import DurableContext, StepContext, StepError, durable_execution
from durable.config import Duration, JitterStrategy, RetryStrategy, StepConfig, StepSemantics
from durable.retries import RetryPresets, RetryStrategyConfig, create_retry_strategy
from durable.serdes import SerDes, SerDesContext
from tests.conformance.registry import conforms

ONCE = StepConfig(RetryPresets.none())


class TransientError(Exception):
    """An error that passes."""


def every_second(attempts: int, **filters: Any) -> RetryStrategy:
    """So many attempts, a second apart."""
    second = Duration(1)
    return create_retry_strategy(
        RetryStrategyConfig(attempts, second, second, 1, JitterStrategy.NONE, **filters),
    )


@conforms("1-1")
@durable_execution
def greets(event: str, context: DurableContext) -> str:
    """One step."""
    return context.step(lambda _: f"Hello, {event}!")


@conforms("1-2")
@durable_execution
def greets_in_a_named_step(event: str, context: DurableContext) -> str:
    """One step with a name."""
    return context.step(lambda _: f"Hello, {event}!", name="custom_step_name")


@conforms("1-3")
@durable_execution
def goes_on_from_a_steps_result(event: None, context: DurableContext) -> str:
    """The second step takes what the first has returned."""
    first = context.step(lambda _: "first")
    return context.step(lambda _: f"{first}_second")


@conforms("1-4")
@durable_execution
def returns_an_object(event: dict[str, Any], context: DurableContext) -> dict[str, Any]:
    """A nested result."""
    return context.step(lambda _: {"user": {"name": event["name"], "tags": event["tags"]}, "count": len(event["tags"])})


@conforms("1-5")
@durable_execution
def returns_nothing(event: None, context: DurableContext) -> None:
    """A step without a result."""
    return context.step(lambda _: None)


class UpperCase(SerDes[str]):
    """Writes texts in capitals, as JSON."""

    def serialize(self, value: str, serdes_context: SerDesContext) -> str:
        """The text in capitals."""
        return f'"{value.upper()}"'

    def deserialize(self, data: str, serdes_context: SerDesContext) -> str:
        """The text as it was written."""
        return data.strip('"')


@conforms("1-6")
@durable_execution
def writes_its_result_in_its_own_way(event: str, context: DurableContext) -> str:
    """A step with a serdes of its own."""
    return context.step(lambda _: event, config=StepConfig(serdes=UpperCase()))


@conforms("1-7")
@durable_execution
def logs_in_a_step(event: str, context: DurableContext) -> str:
    """Two lines through the step's logger."""

    def greet(step: StepContext) -> str:
        step.logger.info("Greeting step started for: %s", event)
        greeting = f"Hello, {event}!"
        step.logger.info("Greeting step completed with: %s", greeting)
        return greeting

    return context.step(greet)


@conforms("1-8")
@durable_execution
def waits_after_a_step(event: None, context: DurableContext) -> str:
    """The step's result outlasts the wait."""
    result = context.step(lambda _: "computed")
    context.wait(Duration(2))
    return result


@conforms("1-9")
@durable_execution
def runs_a_step_once_though_replayed(event: None, context: DurableContext) -> str:
    """The step is read back after the wait."""
    result = context.step(lambda _: "cached_value")
    context.wait(Duration(1))
    return result


@conforms("1-10")
@durable_execution
def meets_the_same_error_on_replay(event: None, context: DurableContext) -> str:
    """The step's error is caught before and after the wait."""
    try:
        context.step(_fail, config=ONCE)
    except StepError as error:
        caught = str(error)
    context.wait(Duration(1))
    return caught


@conforms("1-11")
@durable_execution
def succeeds_at_the_second_attempt(event: None, context: DurableContext) -> str:
    """One failure, one retry."""
    return context.step(lambda step: _succeed_at(2, step, "Operation succeeded"), config=StepConfig(every_second(3)))


@conforms("1-12")
@durable_execution
def gives_up_after_four_attempts(event: None, context: DurableContext) -> None:
    """Every attempt fails."""
    context.step(_fail, config=StepConfig(every_second(4)))


@conforms("1-13")
@durable_execution
def is_retried_without_asking(event: None, context: DurableContext) -> str:
    """Two failures under the default strategy."""
    return context.step(lambda step: _succeed_at(3, step, "at last"))


@conforms("1-14")
@durable_execution
def waits_longer_after_each_failure(event: None, context: DurableContext) -> str:
    """Delays of 2 and 6 seconds."""
    strategy = RetryStrategyConfig(
        max_attempts=3, initial_delay=Duration(2), backoff_rate=3, jitter_strategy=JitterStrategy.NONE
    )
    config = StepConfig(create_retry_strategy(strategy))
    return context.step(lambda step: _succeed_at(3, step, "at last"), config=config)


@conforms("1-15")
@durable_execution
def retries_errors_that_pass(event: None, context: DurableContext) -> str:
    """The strategy retries this kind of error."""

    def pass_at_last(step: StepContext) -> str:
        if step.attempt == 1:
            raise TransientError("not yet")
        return "at last"

    config = StepConfig(every_second(3, retryable_error_types=[TransientError]))
    return context.step(pass_at_last, config=config)


@conforms("1-16")
@durable_execution
def retries_no_other_errors(event: None, context: DurableContext) -> None:
    """The strategy retries another kind of error."""

    def fail(_step: StepContext) -> NoReturn:
        raise TransientError("not this kind")

    context.step(fail, config=StepConfig(every_second(3, retryable_error_types=[ValueError])))


@conforms("1-17", dies=True)
@durable_execution
def does_not_run_an_interrupted_step_again(event: str, context: DurableContext) -> None:
    """The process ends within a step that runs at most once."""

    def die(step: StepContext) -> NoReturn:
        step.logger.info(event)
        os._exit(1)

    config = StepConfig(RetryPresets.none(), StepSemantics.AT_MOST_ONCE_PER_RETRY)
    context.step(die, name="at_most_once_flaky_step", config=config)


@conforms("1-18", dies=True)
@durable_execution
def counts_an_interruption_as_an_attempt(event: str, context: DurableContext) -> str:
    """The process ends within the first attempt; the second succeeds."""

    def die_once(step: StepContext) -> str:
        step.logger.info(event)
        if step.attempt == 1:
            os._exit(1)
        return "succeeded on second attempt"

    return context.step(die_once, config=StepConfig(every_second(3), StepSemantics.AT_MOST_ONCE_PER_RETRY))


@conforms("1-19")
@durable_execution
def fails_for_good(event: None, context: DurableContext) -> None:
    """One attempt, no retry."""
    context.step(_fail, config=ONCE)


@conforms("1-20")
@durable_execution
def falls_back(event: None, context: DurableContext) -> str:
    """Another step answers for the one that failed."""
    try:
        return context.step(lambda _: str(1 // 0), config=ONCE)
    except StepError:
        return context.step(lambda _: "fallback_result")


def _fail(_step: StepContext) -> NoReturn:
    raise ValueError("This always fails")


def _succeed_at(attempt: int, step: StepContext, result: str) -> str:
    if step.attempt < attempt:
        raise RuntimeError(f"Attempt {step.attempt} fails")
    return result
