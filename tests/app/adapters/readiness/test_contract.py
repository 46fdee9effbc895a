"""What every readiness promises; each test runs on all adapters."""

from tests.app.adapters.readiness.conftest import Outside


def test_nothing_is_ready_at_first(outside: Outside) -> None:
    assert outside.readiness.is_ready("first", 1) is False


def test_what_is_ready_stays_so(outside: Outside) -> None:
    poll = outside.make_ready("first")

    assert [outside.readiness.is_ready("first", number) for number in (poll, poll + 1, poll + 50)] == [True] * 3


def test_a_poll_that_is_repeated_hears_the_same(outside: Outside) -> None:
    before = [outside.readiness.is_ready("first", 1) for _ in range(5)]
    poll = outside.make_ready("first")

    after = [outside.readiness.is_ready("first", poll) for _ in range(5)]

    assert (before, after) == ([False] * 5, [True] * 5)


def test_one_execution_does_not_make_another_ready(outside: Outside) -> None:
    outside.make_ready("first")

    assert outside.readiness.is_ready("second", 1) is False
