"""Ready-made retry strategies."""

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from durable.config import ChildConfig, RetryStrategy
from durable.delays import BoundedDelays, Duration, GrowingDelays, JitterStrategy, Numeric
from durable.delays import RetryDecision as RetryDecision
from durable.exceptions import UnrecoverableError
from durable.types import DurableContext
from durable.values import Subscriptable, Value

T = TypeVar("T")


@dataclass(frozen=True)
class RetryStrategyConfig(GrowingDelays):
    """Delays that grow by a factor; `max_attempts` counts the first attempt too."""

    max_attempts: int = 3
    initial_delay: Duration = Duration(5)
    max_delay: Duration = Duration(300)
    backoff_rate: Numeric = 2.0
    jitter_strategy: JitterStrategy = JitterStrategy.FULL
    retryable_errors: list[str | re.Pattern[str]] | None = None
    retryable_error_types: list[type[Exception]] | None = None


@dataclass(frozen=True)
class LinearRetryStrategyConfig(BoundedDelays):
    """Delays that grow by a constant; `max_attempts` counts the first attempt too."""

    max_attempts: int = 6
    initial_delay: Duration = Duration(1)
    increment: Duration = Duration(1)
    max_delay: Duration = Duration(300)
    jitter_strategy: JitterStrategy = JitterStrategy.FULL
    retryable_errors: list[str | re.Pattern[str]] | None = None
    retryable_error_types: list[type[Exception]] | None = None

    increment_seconds = property(lambda self: self.increment.to_seconds(), doc="By how many seconds the delay grows.")


def create_retry_strategy(config: RetryStrategyConfig | None = None) -> RetryStrategy:
    """A strategy whose delay is `initial_delay * backoff_rate ** (attempts - 1)`."""
    config = config or RetryStrategyConfig()
    return _strategy(config, config.after)


def create_linear_retry_strategy(config: LinearRetryStrategyConfig | None = None) -> RetryStrategy:
    """A strategy whose delay is `initial_delay + increment * (attempts - 1)`."""
    config = config or LinearRetryStrategyConfig()
    initial, increment = config.initial_delay_seconds, config.increment_seconds
    return _strategy(config, lambda attempts: config.bounded(initial + increment * (attempts - 1)))


class RetryPresets:
    """Strategies by the occasion they suit."""

    @staticmethod
    def none() -> RetryStrategy:
        """No second attempt."""
        return create_retry_strategy(RetryStrategyConfig(max_attempts=1))

    @staticmethod
    def default() -> RetryStrategy:
        """Six attempts, from 5 s to a minute: what a step without a strategy gets."""
        return create_retry_strategy(RetryStrategyConfig(max_attempts=6, max_delay=Duration(60)))

    @staticmethod
    def transient() -> RetryStrategy:
        """Three attempts for faults that pass soon."""
        return create_retry_strategy(RetryStrategyConfig(jitter_strategy=JitterStrategy.HALF))

    @staticmethod
    def resource_availability() -> RetryStrategy:
        """Five attempts, up to five minutes apart."""
        return create_retry_strategy(RetryStrategyConfig(max_attempts=5))

    @staticmethod
    def critical() -> RetryStrategy:
        """Ten attempts, close together, nothing left to chance."""
        return create_retry_strategy(RetryStrategyConfig(10, Duration(1), Duration(60), 1.5, JitterStrategy.NONE))

    @staticmethod
    def linear() -> RetryStrategy:
        """Six attempts, each a second later than the one before."""
        return create_linear_retry_strategy(LinearRetryStrategyConfig(jitter_strategy=JitterStrategy.NONE))

    @staticmethod
    def fixed(interval: Duration = Duration(5)) -> RetryStrategy:
        """Five attempts at a fixed interval."""
        return create_retry_strategy(RetryStrategyConfig(5, interval, interval, 1, JitterStrategy.NONE))


@dataclass(frozen=True, slots=True)
class WithRetryConfig(Subscriptable):
    """How `with_retry` tries again, and whether its attempts share a child context of their own."""

    retry_strategy: RetryStrategy | None = None
    wrap_with_run_in_child_context: bool = True
    child_context_config: ChildConfig | None = None


def with_retry(
    context: DurableContext,
    func: Callable[[DurableContext, int], T],
    config: WithRetryConfig | None = None,
    name: str | None = None,
) -> T:
    """Run operations until they succeed, waiting between attempts; the first attempt is 1.

    Raises what the last attempt raised; errors that end the invocation or the execution are not retried.
    """
    config = config or WithRetryConfig()
    decide = config.retry_strategy or create_retry_strategy()

    def attempts(inner: DurableContext) -> T:
        for attempt in itertools.count(1):
            try:
                return func(inner, attempt)
            except UnrecoverableError:
                raise
            except Exception as error:
                decision = decide(error, attempt)
                if not decision.should_retry:
                    raise
            inner.wait(decision.delay.as_wait(), f"{name}-backoff-{attempt}" if name else None)
        raise AssertionError("attempts end by returning or raising")

    if config.wrap_with_run_in_child_context:
        return context.run_in_child_context(attempts, name, config.child_context_config)
    return attempts(context)


def _strategy(
    config: RetryStrategyConfig | LinearRetryStrategyConfig, delay_after: Callable[[int], Duration]
) -> RetryStrategy:
    def decide(error: Exception, attempts_made: int) -> RetryDecision:
        if attempts_made >= config.max_attempts or not _is_retryable(error, config):
            return RetryDecision.no_retry()
        return RetryDecision.retry(delay_after(attempts_made))

    return decide


def _is_retryable(error: Exception, config: RetryStrategyConfig | LinearRetryStrategyConfig) -> bool:
    texts: Sequence[Value] | None = config.retryable_errors
    types = config.retryable_error_types
    if texts is types is None or isinstance(error, tuple(types or ())):
        return True
    return any(text in str(error) if isinstance(text, str) else text.search(str(error)) for text in texts or ())
