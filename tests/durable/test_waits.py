from dataclasses import replace

import pytest

from durable.delays import Duration, JitterStrategy
from durable.exceptions import WaitForConditionError
from durable.waits import (
    WaitForConditionConfig,
    WaitForConditionDecision,
    WaitStrategyConfig,
    create_wait_strategy,
)

BELOW_THREE = WaitStrategyConfig[int](
    should_continue_polling=lambda state: state < 3,
    max_attempts=5,
    initial_delay=Duration(2),
    max_delay=Duration(10),
    backoff_rate=2,
    jitter_strategy=JitterStrategy.NONE,
)


@pytest.mark.parametrize(("polls", "seconds"), [(1, 2), (2, 4), (3, 8), (4, 10)])
def test_delays_grow_up_to_the_longest(polls: int, seconds: int) -> None:
    decision = create_wait_strategy(BELOW_THREE)(0, polls)

    assert decision == WaitForConditionDecision.continue_waiting(Duration(seconds))
    assert decision.delay_seconds == seconds


def test_a_delay_that_outgrows_every_float_is_the_longest() -> None:
    decision = create_wait_strategy(replace(BELOW_THREE, max_attempts=10**6))(0, 5_000)

    assert decision.delay_seconds == 10


@pytest.mark.parametrize("polls", [1, 5, 6])
def test_a_state_as_wished_ends_the_polling_however_many_polls_it_took(polls: int) -> None:
    assert create_wait_strategy(BELOW_THREE)(3, polls) == WaitForConditionDecision.stop_polling()


def test_the_last_poll_must_meet_the_condition() -> None:
    with pytest.raises(WaitForConditionError, match="wait_for_condition exhausted 5 attempts before the condition"):
        create_wait_strategy(BELOW_THREE)(0, 5)


def test_chance_never_makes_a_delay_shorter_than_a_second() -> None:
    strategy = create_wait_strategy(WaitStrategyConfig[int](lambda _: True, initial_delay=Duration(1)))

    assert {strategy(0, 1).delay_seconds for _ in range(20)} == {1}


def test_settings_may_be_made_with_the_type_of_the_state() -> None:
    config = WaitForConditionConfig[int | None](create_wait_strategy(WaitStrategyConfig[int | None](bool)), None)

    assert config.initial_state is None
    assert not config.wait_strategy(None, 1).should_continue


@pytest.mark.parametrize(
    ("jitter", "lowest", "highest"),
    [(JitterStrategy.NONE, 100, 100), (JitterStrategy.HALF, 50, 100), (JitterStrategy.FULL, 1, 100)],
)
def test_a_delay_leaves_to_chance_what_its_jitter_says(jitter: JitterStrategy, lowest: int, highest: int) -> None:
    config = WaitStrategyConfig[int](lambda _: True, initial_delay=Duration(100), jitter_strategy=jitter)

    found = {create_wait_strategy(config)(0, 1).delay_seconds for _ in range(50)}

    assert lowest <= min(found) <= max(found) <= highest
    assert (len(found) > 1) is (jitter is not JitterStrategy.NONE)


def test_polls_are_60_at_most_from_5_seconds_to_5_minutes_apart_unless_told_otherwise() -> None:
    decide = create_wait_strategy(WaitStrategyConfig[int](lambda _: True, jitter_strategy=JitterStrategy.NONE))

    assert [decide(0, polls).delay_seconds for polls in (1, 2, 3, 11, 12, 59)] == [5, 8, 12, 289, 300, 300]
    with pytest.raises(WaitForConditionError, match="exhausted 60 attempts"):
        decide(0, 60)


def test_an_exhausted_condition_says_so_in_the_official_words() -> None:
    two_polls = WaitStrategyConfig[int](lambda _: True, max_attempts=2)

    with pytest.raises(WaitForConditionError) as exhausted:
        create_wait_strategy(two_polls)(0, 2)

    assert str(exhausted.value) == "wait_for_condition exhausted 2 attempts before the condition was met"
    assert exhausted.value.error_type == "aws_durable_execution_sdk_python.exceptions.WaitForConditionError"


def test_a_decision_says_whether_and_when_to_poll_again() -> None:
    again, enough = WaitForConditionDecision.continue_waiting(Duration(5)), WaitForConditionDecision.stop_polling()

    assert (again.should_continue, again.delay_seconds) == (True, 5)
    assert (enough.should_continue, enough.delay_seconds) == (False, 0)
