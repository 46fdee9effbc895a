"""AWS's table of what counts for how many durable operations, and what a state machine would have instead."""

from collections import Counter

import pytest

from durable.config import CompletionConfig, Duration, MapConfig, StepConfig, WaitForCallbackConfig
from durable.context import DurableContext
from durable.execution import durable_execution
from durable.retries import RetryStrategyConfig, create_retry_strategy
from durable.waits import WaitForConditionConfig, WaitForConditionDecision
from durable_local.cost.operations import Counted, Kind, counted
from durable_local.timeline.spans import Json
from tests.durable_local.cost.histories import Stumbling, history
from tests.golden import files

RETRYING = create_retry_strategy(RetryStrategyConfig(max_attempts=5))


def spent(events: list[Json]) -> dict[str, int]:
    """Durable operations by what they were spent on."""
    kinds = Counter[str]()
    for each in counted(events):
        kinds[each.kind] += each.durable_operations
    return dict(kinds)


def states(events: list[Json]) -> tuple[int, int]:
    """State transitions and invocations of the tasks."""
    operations = counted(events)
    return sum(each.transitions for each in operations), sum(each.tasks for each in operations)


def test_the_tour_counts_as_the_table_says() -> None:
    events = files.read("tour/ended")["Events"]

    assert spent(events) == {
        "start": 1,
        "step": 10,
        "context": 10,  # for the callback, a parallel with 3 branches, a map with 3 items, a child context
        "callback": 1,
        "wait": 1,
        "condition": 4,  # 1 + 3 polls
        "invoke": 1,
    }


def test_the_pipeline_counts_as_the_table_says() -> None:
    events = files.read("pipeline/ended")["Events"]

    assert spent(events) == {"start": 1, "step": 9, "context": 10}


def test_an_example_of_awss_page_counts_four() -> None:
    """A start, two steps and a wait."""

    @durable_execution
    def claim(_event: object, context: DurableContext) -> None:
        context.step(lambda _: None, name="first")
        context.wait(Duration.from_days(7), name="week")
        context.step(lambda _: None, name="second")

    assert sum(spent(history(claim)).values()) == 4


@pytest.mark.parametrize("failures", [0, 1, 3])
def test_a_step_counts_once_and_once_more_for_each_retry(failures: int) -> None:
    stumbling = Stumbling(failures)

    @durable_execution
    def handler(_event: object, context: DurableContext) -> object:
        return context.step(stumbling, name="stumbling", config=StepConfig(retry_strategy=RETRYING))

    events = history(handler)

    assert spent(events) == {"start": 1, "step": 1 + failures}
    assert states(events) == (1 + failures, 1 + failures)


@pytest.mark.parametrize("polls", [1, 2, 5])
def test_a_condition_counts_once_and_once_more_for_each_poll(polls: int) -> None:
    @durable_execution
    def handler(_event: object, context: DurableContext) -> object:
        def again(state: int, _attempt: int) -> WaitForConditionDecision:
            if state >= polls:
                return WaitForConditionDecision.stop_polling()
            return WaitForConditionDecision.continue_waiting(Duration.from_seconds(1))

        config = WaitForConditionConfig(wait_strategy=again, initial_state=0)
        return context.wait_for_condition(lambda state, _: state + 1, config, name="ready")

    events = history(handler)

    assert spent(events) == {"start": 1, "condition": 1 + polls}
    assert states(events) == (3 * polls - 1, polls)


@pytest.mark.parametrize("failures", [0, 2])
def test_a_callback_with_its_submitter_counts_three_and_one_more_for_each_retry(failures: int) -> None:
    submitter = Stumbling(failures)

    @durable_execution
    def handler(_event: object, context: DurableContext) -> object:
        config = WaitForCallbackConfig(retry_strategy=RETRYING)
        return context.wait_for_callback(submitter, name="approval", config=config)

    events = history(handler, answers={"approval": "granted"})

    assert sum(spent(events).values()) == 1 + 3 + failures
    assert states(events) == (1 + failures, 1 + failures)


def test_a_callback_alone_counts_one() -> None:
    @durable_execution
    def handler(_event: object, context: DurableContext) -> object:
        return context.create_callback(name="approval").result()

    events = history(handler, answers={"approval": "granted"})

    assert spent(events) == {"start": 1, "callback": 1}
    assert states(events) == (1, 1)


def test_a_map_counts_one_and_one_for_each_item_with_what_is_in_it() -> None:
    @durable_execution
    def handler(_event: object, context: DurableContext) -> int:
        config = MapConfig(completion_config=CompletionConfig.all_successful())
        return context.map([1, 2, 3], lambda inner, item, *_: inner.step(lambda _: item), "items", config).total_count

    events = history(handler)

    assert spent(events) == {"start": 1, "context": 1 + 3, "step": 3}
    assert states(events) == (1 + 3, 3)  # an inline map is a state, its iterations are none


def test_a_child_context_counts_one_and_is_no_state() -> None:
    @durable_execution
    def handler(_event: object, context: DurableContext) -> object:
        return context.run_in_child_context(lambda inner: inner.step(lambda _: 1), name="child")

    events = history(handler)

    assert spent(events) == {"start": 1, "context": 1, "step": 1}
    assert states(events) == (1, 1)


def test_a_step_that_has_only_begun_counts_one() -> None:
    assert Counted(Kind.STEP, "Step", None).durable_operations == 1


def test_an_attempt_whose_start_the_history_does_not_tell_counts_as_well() -> None:
    ended = {"EventType": "StepSucceeded", "EventId": 1, "Id": "a", "SubType": "Step", "StepSucceededDetails": {}}

    assert [each.durable_operations for each in counted([ended])] == [1]
