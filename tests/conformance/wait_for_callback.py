"""Suite 7: callbacks whose id a step hands out, awaited in the same operation."""

from typing import NoReturn

from durable import CallbackError, CallbackTimeoutError, DurableContext, durable_execution
from durable.config import Duration, JitterStrategy, WaitForCallbackConfig
from durable.retries import RetryStrategyConfig, create_retry_strategy
from durable.serdes import DEFAULT_JSON_SERDES
from durable.types import WaitForCallbackContext
from tests.conformance.registry import conforms

WITHIN_THREE_SECONDS = WaitForCallbackConfig(timeout=Duration(3))

TWICE = WaitForCallbackConfig(
    retry_strategy=create_retry_strategy(RetryStrategyConfig(2, Duration(1), jitter_strategy=JitterStrategy.NONE))
)


@conforms("7-1")
@durable_execution
def returns_the_answer(event: str, context: DurableContext) -> str:
    """An operation named after the event, and its answer."""
    return _answer(context, event)


@conforms("7-2")
@durable_execution
def asks_for_approval(event: None, context: DurableContext) -> str:
    """An operation with a fixed name."""
    return _answer(context, "approval")


@conforms("7-3")
@durable_execution
def asks_without_a_name(event: None, context: DurableContext) -> str:
    """Neither the operation nor its submitter has a name."""
    answer: str = context.wait_for_callback(lambda _callback_id, _context: None)
    return answer


@conforms("7-4")
@durable_execution
def fails_with_the_callback(event: str, context: DurableContext) -> str:
    """The other side's failure is not caught, so it is the execution's."""
    return _answer(context, event)


@conforms("7-5")
@durable_execution
def gives_up_after_three_seconds(event: str, context: DurableContext) -> str:
    """Nobody answers in time, and the execution fails."""
    return _answer(context, event, WITHIN_THREE_SECONDS)


@conforms("7-6")
@durable_execution
def recovers_from_a_failure(event: str, context: DurableContext) -> str:
    """The other side's failure is caught."""
    try:
        return _answer(context, event)
    except CallbackError:
        return "recovered"


@conforms("7-7")
@durable_execution
def fails_to_hand_out_the_id(event: str, context: DurableContext) -> str:
    """Both attempts of the submitter fail, and the execution with them."""
    answer: str = context.wait_for_callback(_refuse, event, TWICE)
    return answer


@conforms("7-8")
@durable_execution
def asks_within_a_child(event: str, context: DurableContext) -> str:
    """The operation stands in a child context."""
    return context.run_in_child_context(lambda child: _answer(child, event), name="wrapper")


@conforms("7-9")
@durable_execution
def asks_twice_in_turn(event: None, context: DurableContext) -> str:
    """The second operation begins once the first is answered."""
    _answer(context, "first")
    return _answer(context, "second")


@conforms("7-10")
@durable_execution
def asks_after_a_wait_and_a_step(event: str, context: DurableContext) -> str:
    """A wait and a step come before the operation."""
    context.wait(Duration(1))
    context.step(lambda _: "prepared")
    return _answer(context, event)


@conforms("7-11")
@durable_execution
def reads_a_structured_answer(event: str, context: DurableContext) -> str:
    """The answer is read as JSON, and a member of it returned."""
    answer = context.wait_for_callback(_hand_out, event, WaitForCallbackConfig(serdes=DEFAULT_JSON_SERDES))
    status: str = answer["status"]
    return status


@conforms("7-12")
@durable_execution
def gives_up_without_a_heartbeat(event: str, context: DurableContext) -> str:
    """No heartbeat comes for five seconds, and the execution fails."""
    return _answer(context, event, WaitForCallbackConfig(heartbeat_timeout=Duration(5)))


@conforms("7-13")
@durable_execution
def waits_on_while_heartbeats_come(event: str, context: DurableContext) -> str:
    """A heartbeat comes within ten seconds, and then the answer."""
    return _answer(context, event, WaitForCallbackConfig(heartbeat_timeout=Duration(10)))


@conforms("7-14")
@durable_execution
def recovers_from_a_timeout(event: str, context: DurableContext) -> str:
    """The timeout is caught."""
    try:
        return _answer(context, event, WITHIN_THREE_SECONDS)
    except CallbackTimeoutError:
        return "timed-out-handled"


@conforms("7-15")
@durable_execution
def returns_an_empty_answer(event: str, context: DurableContext) -> None:
    """The other side succeeds and has nothing to say."""
    answer: None = context.wait_for_callback(_hand_out, event)
    return answer


def _answer(context: DurableContext, name: str, config: WaitForCallbackConfig | None = None) -> str:
    answer: str = context.wait_for_callback(_hand_out, name, config)
    return answer


def _hand_out(callback_id: str, context: WaitForCallbackContext) -> None:
    """Nothing to do: whoever answers finds the callback in the history."""


def _refuse(callback_id: str, context: WaitForCallbackContext) -> NoReturn:
    raise ConnectionError("Nobody takes the callback's id")
