"""What comes next, in words."""

from typing import Any

from durable.execution import durable_execution
from durable_local.replay.verdict import judge
from tests.durable_local.replay.edits import CODE
from tests.durable_local.replay.orders import handler_of, unexpected, waiting
from tests.durable_local.replay.recorded import recorded, replayed
from tests.interop.sdks import OURS


def after(name: str, *kinds: str) -> list[dict[str, Any]]:
    """The history of a program up to its first event of the last of these types, each after the one before."""
    events, count = recorded(name, OURS)[-1].events, 0
    for kind in kinds:
        count = next(number for number in range(count, len(events)) if events[number]["EventType"] == kind) + 1
    return events[:count]


def test_before_anything_is_recorded_the_first_operation_begins() -> None:
    assert judge(replayed("retries"), after("retries", "ExecutionStarted")).frontier == ("begins Step flaky",)


def test_a_step_that_had_begun_runs_again() -> None:
    assert judge(replayed("retries"), after("retries", "StepStarted")).frontier == ("runs Step flaky, attempt 1",)


def test_a_step_that_has_failed_waits_for_its_next_attempt() -> None:
    assert judge(replayed("retries"), after("retries", "StepFailed")).frontier == ("waits for Step flaky",)


def test_the_next_attempt_of_a_step_is_told() -> None:
    events = after("retries", "StepFailed", "StepStarted")

    assert judge(replayed("retries"), events).frontier == ("runs Step flaky, attempt 2",)


def test_everything_that_is_waited_for_is_told_with_the_names_around_it() -> None:
    frontier = judge(handler_of(CODE, unexpected), waiting()).frontier

    assert sorted(frontier) == [
        "waits for Callback approval",
        "waits for both > letters > post > invoice > Callback signed invoice",
        "waits for both > letters > post > thanks > Callback signed thanks",
        "waits for both > packing > box > Callback packed",
    ]


def test_how_the_handler_ends_is_told() -> None:
    broken = durable_execution(lambda event, _: event.missing)

    verdict = judge(broken, after("retries", "ExecutionStarted"))

    assert verdict.frontier == ("fails with AttributeError: 'NoneType' object has no attribute 'missing'",)
