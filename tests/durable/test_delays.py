import pytest
from hypothesis import given
from hypothesis import strategies as st

from durable.delays import Duration, JitterStrategy, RetryDecision
from durable.exceptions import ValidationError


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        (Duration(), 0),
        (Duration(90), 90),
        (Duration.from_seconds(1.9), 1),
        (Duration.from_minutes(1.5), 90),
        (Duration.from_hours(0.5), 1_800),
        (Duration.from_days(2), 172_800),
    ],
)
def test_a_duration_counts_whole_seconds(duration: Duration, seconds: int) -> None:
    assert duration.to_seconds() == seconds


def test_whole_seconds_given_as_a_float_are_accepted() -> None:
    assert Duration(2.0).to_seconds() == 2  # type: ignore[arg-type]
    assert type(Duration(2.0).seconds) is int  # type: ignore[arg-type]


@pytest.mark.parametrize("seconds", [-1, 1.5, float("nan"), float("inf")])
def test_a_duration_that_the_service_would_refuse_is_refused_at_once(seconds: float) -> None:
    with pytest.raises(ValidationError, match="is not a whole number of seconds"):
        Duration(seconds)  # type: ignore[arg-type]


def test_a_negative_time_is_refused_in_every_unit() -> None:
    with pytest.raises(ValidationError, match="is not a whole number of seconds"):
        Duration.from_minutes(-1)


@pytest.mark.parametrize(("seconds", "waited"), [(0, 1), (1, 1), (60, 60), (10**9, 366 * 24 * 3600)])
def test_a_wait_lasts_what_the_service_takes(seconds: int, waited: int) -> None:
    assert Duration(seconds).as_wait() == Duration(waited)


def test_without_jitter_a_delay_stays() -> None:
    assert JitterStrategy.NONE.apply_jitter(7.5) == 7.5


@given(st.floats(min_value=0, max_value=1e6))
def test_half_jitter_leaves_at_least_half(delay: float) -> None:
    assert delay / 2 <= JitterStrategy.HALF.apply_jitter(delay) <= delay


@given(st.floats(min_value=0, max_value=1e6))
def test_full_jitter_never_exceeds_the_delay(delay: float) -> None:
    assert 0 <= JitterStrategy.FULL.apply_jitter(delay) <= delay


def test_jitter_is_left_to_chance() -> None:
    for strategy in (JitterStrategy.HALF, JitterStrategy.FULL):
        assert len({strategy.apply_jitter(1000) for _ in range(20)}) > 1


@pytest.mark.parametrize(("delay", "seconds"), [(0, 1), (0.2, 1), (1, 1), (1.1, 2), (60, 60)])
def test_a_final_delay_is_whole_seconds_and_at_least_one(delay: float, seconds: int) -> None:
    assert JitterStrategy.NONE.finalize_delay(delay) == seconds


def test_a_decision_says_whether_and_when_to_try_again() -> None:
    again, enough = RetryDecision.retry(Duration(5)), RetryDecision.no_retry()

    assert (again.should_retry, again.delay_seconds) == (True, 5)
    assert (enough.should_retry, enough.delay_seconds) == (False, 0)
