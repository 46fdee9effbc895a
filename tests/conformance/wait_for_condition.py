"""Suite 6: polled conditions: how state is threaded from poll to poll, and what ends the polling."""

import base64
from typing import Any, NoReturn

from durable import DurableContext, WaitForConditionError, durable_execution
from durable.config import Duration, JitterStrategy
from durable.serdes import SerDes, SerDesContext
from durable.types import WaitForConditionCheckContext
from durable.waits import (
    WaitForConditionConfig,
    WaitForConditionDecision,
    WaitStrategyConfig,
    create_wait_strategy,
)
from tests.conformance.registry import conforms


@conforms("6-1")
@durable_execution
def counts_to_the_threshold(event: int, context: DurableContext) -> int:
    """Each poll adds one, until the event's number is reached."""
    return context.wait_for_condition(_increment, _until(event))


@conforms("6-2")
@durable_execution
def stops_at_the_first_poll(event: int, context: DurableContext) -> int:
    """The condition holds from the start, so nothing suspends."""
    return context.wait_for_condition(lambda state, _: state, _until(event, initial_state=5))


@conforms("6-3")
@durable_execution
def polls_under_a_name(event: int, context: DurableContext) -> int:
    """Every poll is recorded under the operation's name."""
    return context.wait_for_condition(_increment, _until(event), name="poll-status")


@conforms("6-4")
@durable_execution
def counts_on_from_five(event: int, context: DurableContext) -> int:
    """The first poll is handed the initial state, every other one the state before it."""
    return context.wait_for_condition(_increment, _until(event, initial_state=5))


@conforms("6-5")
@durable_execution
def polls_every_two_seconds(event: int, context: DurableContext) -> int:
    """Each poll comes exactly two seconds after the one before."""
    return context.wait_for_condition(_increment, _until(event, seconds=2))


@conforms("6-6")
@durable_execution
def runs_out_of_polls(event: int, context: DurableContext) -> int:
    """Three polls do not meet a condition that never holds."""
    strategy = create_wait_strategy(
        WaitStrategyConfig[int](
            should_continue_polling=lambda _: True,
            max_attempts=3,
            initial_delay=Duration(1),
            backoff_rate=1,
            jitter_strategy=JitterStrategy.NONE,
        )
    )
    return context.wait_for_condition(_increment, WaitForConditionConfig(strategy, initial_state=event))


@conforms("6-7")
@durable_execution
def fails_with_the_check(event: None, context: DurableContext) -> int:
    """The check's error ends the operation and the execution."""
    return context.wait_for_condition(_refuse, _until(1))


@conforms("6-8")
@durable_execution
def recovers_from_a_failed_check(event: None, context: DurableContext) -> int | str:
    """The check's error is caught."""
    try:
        return context.wait_for_condition(_refuse, _until(1))
    except WaitForConditionError:
        return "recovered"


@conforms("6-9")
@durable_execution
def threads_an_object_through(event: None, context: DurableContext) -> dict[str, Any]:
    """The state is an object whose second version is the wished one."""
    strategy = create_wait_strategy(
        WaitStrategyConfig[dict[str, Any]](lambda state: state["status"] == "PENDING", initial_delay=Duration(1))
    )
    initial_state: dict[str, Any] = {"status": "PENDING", "attempts": 0}
    return context.wait_for_condition(_attempt, WaitForConditionConfig(strategy, initial_state))


@conforms("6-10")
@durable_execution
def ends_with_nothing(event: None, context: DurableContext) -> None:
    """The state that ends the polling is null."""
    config = WaitForConditionConfig[None](lambda _state, _polls: WaitForConditionDecision.stop_polling(), None)
    return context.wait_for_condition(lambda state, _: state, config)


class Encoded(SerDes[str]):
    """Text in base64."""

    def serialize(self, value: str, serdes_context: SerDesContext) -> str:
        """The text, encoded."""
        return base64.b64encode(value.encode()).decode()

    def deserialize(self, data: str, serdes_context: SerDesContext) -> str:
        """The text, decoded."""
        return base64.b64decode(data).decode()


@conforms("6-11")
@durable_execution
def writes_its_state_its_own_way(event: None, context: DurableContext) -> str:
    """The state goes through a serdes of ours from poll to poll."""
    strategy = create_wait_strategy(
        WaitStrategyConfig[str](lambda state: len(state) < len("xx"), initial_delay=Duration(1))
    )
    config = WaitForConditionConfig(strategy, initial_state="", serdes=Encoded())
    return context.wait_for_condition(lambda state, _: f"{state}x", config)


@conforms("6-12")
@durable_execution
def hands_the_state_to_a_step(event: int, context: DurableContext) -> int:
    """The step goes on with the state that was as wished."""
    state = context.wait_for_condition(_increment, _until(event))
    return context.step(lambda _: state * 10)


@conforms("6-13")
@durable_execution
def polls_twice_in_turn(event: None, context: DurableContext) -> int:
    """The second operation goes on from where the first has stopped."""
    first = context.wait_for_condition(_increment, _until(2))
    return context.wait_for_condition(_increment, _until(4, initial_state=first))


def _until(threshold: int, initial_state: int = 0, seconds: int = 1) -> WaitForConditionConfig[int]:
    """Poll every so many seconds until the threshold is reached."""

    def strategy(state: int, polls: int) -> WaitForConditionDecision:
        if state >= threshold:
            return WaitForConditionDecision.stop_polling()
        return WaitForConditionDecision.continue_waiting(Duration(seconds))

    return WaitForConditionConfig(strategy, initial_state)


def _increment(state: int, context: WaitForConditionCheckContext) -> int:
    return state + 1


def _attempt(state: dict[str, Any], context: WaitForConditionCheckContext) -> dict[str, Any]:
    attempts = state["attempts"] + 1
    return {"status": "DONE" if attempts >= 2 else "PENDING", "attempts": attempts}


def _refuse(state: int, context: WaitForConditionCheckContext) -> NoReturn:
    raise ValueError("This always fails")
