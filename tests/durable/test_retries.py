import re

import pytest

from durable.config import RetryStrategy
from durable.delays import Duration, JitterStrategy
from durable.retries import (
    LinearRetryStrategyConfig,
    RetryPresets,
    RetryStrategyConfig,
    create_linear_retry_strategy,
    create_retry_strategy,
)

ERROR = ValueError("connection reset by peer")


def delays(strategy: RetryStrategy, error: Exception = ERROR) -> list[int]:
    """The delays after each attempt until the strategy gives up."""
    found: list[int] = []
    while (decision := strategy(error, len(found) + 1)).should_retry:
        found.append(decision.delay_seconds)
    return found


def assert_within(found: list[int], lowest: list[int], highest: list[int]) -> None:
    assert len(found) == len(highest)
    assert all(low <= delay <= high for low, delay, high in zip(lowest, found, highest, strict=True))


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        (RetryPresets.none(), []),
        (RetryPresets.critical(), [1, 2, 3, 4, 6, 8, 12, 18, 26]),
        (RetryPresets.linear(), [1, 2, 3, 4, 5]),
        (RetryPresets.fixed(), [5, 5, 5, 5]),
        (RetryPresets.fixed(Duration(2)), [2, 2, 2, 2]),
        (RetryPresets.fixed(Duration(0)), [1, 1, 1, 1]),
    ],
)
def test_a_preset_without_jitter_has_its_delays(strategy: RetryStrategy, expected: list[int]) -> None:
    assert delays(strategy) == expected


def test_critical_retries_stop_growing_at_a_minute() -> None:
    steep = RetryStrategyConfig(10, Duration(1), Duration(60), backoff_rate=4, jitter_strategy=JitterStrategy.NONE)

    assert delays(create_retry_strategy(steep)) == [1, 4, 16, 60, 60, 60, 60, 60, 60]


@pytest.mark.parametrize("rate", [2, 2.0, 1.5])
def test_a_delay_that_outgrows_every_float_is_the_longest(rate: float) -> None:
    config = RetryStrategyConfig(10**6, Duration(1), Duration(60), rate, JitterStrategy.NONE)

    assert create_retry_strategy(config)(ValueError(), 5_000).delay_seconds == 60


def test_a_delay_of_nothing_does_not_outgrow_anything() -> None:
    config = RetryStrategyConfig(10**6, Duration(0), jitter_strategy=JitterStrategy.NONE)

    assert create_retry_strategy(config)(ValueError(), 5_000).delay_seconds == 1


@pytest.mark.parametrize(
    ("strategy", "lowest", "highest"),
    [
        (RetryPresets.default(), [1] * 5, [5, 10, 20, 40, 60]),
        (RetryPresets.transient(), [3, 5], [5, 10]),
        (RetryPresets.resource_availability(), [1] * 4, [5, 10, 20, 40]),
        (create_retry_strategy(), [1] * 2, [5, 10]),
        (create_linear_retry_strategy(), [1] * 5, [1, 2, 3, 4, 5]),
    ],
)
def test_a_preset_with_jitter_stays_within_its_delays(
    strategy: RetryStrategy, lowest: list[int], highest: list[int]
) -> None:
    for _ in range(20):
        assert_within(delays(strategy), lowest, highest)


def test_linear_delays_grow_by_the_increment_up_to_the_longest() -> None:
    config = LinearRetryStrategyConfig(5, Duration(2), Duration(3), Duration(7), jitter_strategy=JitterStrategy.NONE)

    assert delays(create_linear_retry_strategy(config)) == [2, 5, 7, 7]


@pytest.mark.parametrize(
    ("config", "is_retried"),
    [
        (RetryStrategyConfig(2), True),
        (RetryStrategyConfig(2, retryable_errors=["reset"]), True),
        (RetryStrategyConfig(2, retryable_errors=["timeout"]), False),
        (RetryStrategyConfig(2, retryable_errors=[re.compile("^connection .* peer$")]), True),
        (RetryStrategyConfig(2, retryable_errors=[re.compile("^peer")]), False),
        (RetryStrategyConfig(2, retryable_error_types=[ValueError]), True),
        (RetryStrategyConfig(2, retryable_error_types=[OSError, Exception]), True),
        (RetryStrategyConfig(2, retryable_error_types=[OSError]), False),
        (RetryStrategyConfig(2, retryable_errors=["timeout"], retryable_error_types=[ValueError]), True),
        (RetryStrategyConfig(2, retryable_errors=["reset"], retryable_error_types=[OSError]), True),
        (RetryStrategyConfig(2, retryable_errors=[]), False),
    ],
)
def test_only_the_errors_asked_for_are_retried(config: RetryStrategyConfig, is_retried: bool) -> None:
    assert create_retry_strategy(config)(ERROR, 1).should_retry is is_retried


def test_the_first_attempt_counts() -> None:
    strategy = create_retry_strategy(RetryStrategyConfig(2))

    assert strategy(ERROR, 1).should_retry
    assert not strategy(ERROR, 2).should_retry
    assert not strategy(ERROR, 9).should_retry


def test_the_bounds_of_delays_are_told_in_seconds() -> None:
    growing = RetryStrategyConfig(initial_delay=Duration(2), max_delay=Duration.from_minutes(1))
    steady = LinearRetryStrategyConfig(initial_delay=Duration(3), increment=Duration(4), max_delay=Duration(5))

    assert (growing.initial_delay_seconds, growing.max_delay_seconds) == (2, 60)
    assert (steady.initial_delay_seconds, steady.increment_seconds, steady.max_delay_seconds) == (3, 4, 5)
