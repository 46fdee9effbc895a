"""Suite 4: callbacks: what the outside answers, what happens while it does not, and how an answer is read."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from durable import CallbackError, CallbackTimeoutError, DurableContext, durable_execution
from durable.config import CallbackConfig, Duration
from durable.serdes import DEFAULT_JSON_SERDES, SerDes, SerDesContext
from tests.conformance.registry import conforms


@conforms("4-1")
@durable_execution
def returns_the_answer(event: str, context: DurableContext) -> str:
    """A callback named after the event, and its answer."""
    return _answer(context, event)


@conforms("4-2")
@durable_execution
def asks_for_approval(event: None, context: DurableContext) -> str:
    """A callback with a fixed name."""
    return _answer(context, "approval")


@conforms("4-3")
@durable_execution
def gives_up_after_five_seconds(event: str, context: DurableContext) -> str:
    """Nobody answers in time, and the execution fails."""
    return _answer(context, event, _within(5))


@conforms("4-4")
@durable_execution
def gives_up_without_a_heartbeat(event: str, context: DurableContext) -> str:
    """No heartbeat comes for five seconds, and the execution fails."""
    return _answer(context, event, CallbackConfig(heartbeat_timeout=Duration(5)))


@conforms("4-5")
@durable_execution
def waits_on_while_heartbeats_come(event: str, context: DurableContext) -> str:
    """A heartbeat comes within ten seconds, and then the answer."""
    return _answer(context, event, CallbackConfig(heartbeat_timeout=Duration(10)))


@conforms("4-6")
@durable_execution
def fails_with_the_callback(event: str, context: DurableContext) -> str:
    """The other side's failure is not caught, so it is the execution's."""
    return _answer(context, event)


@conforms("4-7")
@durable_execution
def fails_after_a_step(event: str, context: DurableContext) -> str:
    """A step runs between the callback and its failure."""
    return _answer_after_a_step(context, event)


@conforms("4-8")
@durable_execution
def gives_up_after_a_step(event: str, context: DurableContext) -> str:
    """A step runs, and then nobody answers in time."""
    return _answer_after_a_step(context, event, _within(5))


@conforms("4-9")
@durable_execution
def is_answered_during_a_wait(event: str, context: DurableContext) -> str:
    """The answer comes while the function still waits."""
    return _answer_after_a_wait(context, event, 5)


@conforms("4-10")
@durable_execution
def is_refused_during_a_wait(event: str, context: DurableContext) -> str:
    """The failure comes while the function still waits, and shows after it."""
    return _answer_after_a_wait(context, event, 5)


@conforms("4-11")
@durable_execution
def gives_up_during_a_wait(event: str, context: DurableContext) -> str:
    """The callback expires while the function still waits, and that shows after it."""
    return _answer_after_a_wait(context, event, 6, _within(3))


@conforms("4-12")
@durable_execution
def waits_after_the_answer(event: str, context: DurableContext) -> str:
    """Replay reads the answer again, after a wait."""
    answer = _answer(context, event)
    context.wait(Duration(2))
    return answer


@conforms("4-13")
@durable_execution
def waits_after_a_caught_failure(event: str, context: DurableContext) -> str:
    """The failure is caught, and again on the replay after the wait."""
    try:
        told = _answer(context, event)
    except CallbackError as error:
        told = f"Refused: {error}"
    context.wait(Duration(2))
    return told


@conforms("4-14")
@durable_execution
def waits_after_a_caught_timeout(event: str, context: DurableContext) -> str:
    """The timeout is caught, and again on the replay after the wait."""
    try:
        told = _answer(context, event, _within(3))
    except CallbackTimeoutError as error:
        told = f"Late: {error}"
    context.wait(Duration(2))
    return told


@dataclass(frozen=True, slots=True)
class Message:
    """What the other side says, and when, in whole seconds since the epoch."""

    id: str
    message: str
    timestamp: int


class Messages(SerDes[Message]):
    """Messages as JSON with the moment in ISO 8601."""

    def serialize(self, value: Message, serdes_context: SerDesContext) -> str:
        """The message as the other side would write it."""
        return json.dumps(asdict(value))

    def deserialize(self, data: str, serdes_context: SerDesContext) -> Message:
        """The message, its moment as seconds."""
        members = json.loads(data)
        moment = datetime.fromisoformat(members["timestamp"])
        return Message(members["id"], members["message"], int(moment.timestamp()))


@conforms("4-15")
@durable_execution
def reads_a_typed_answer(event: str, context: DurableContext) -> dict[str, object]:
    """The answer is read as an object of ours, by a serdes of ours."""
    message: Message = context.create_callback(event, CallbackConfig(serdes=Messages())).result()
    return {"received": asdict(message)}


@conforms("4-16")
@durable_execution
def reads_a_number(event: str, context: DurableContext) -> dict[str, int]:
    """The answer is read as a number one can count with."""
    count: int = context.create_callback(event, CallbackConfig(serdes=DEFAULT_JSON_SERDES)).result()
    return {"count": count, "doubled": count * 2}


@conforms("4-17")
@durable_execution
def asks_twice_in_turn(event: list[str], context: DurableContext) -> list[str]:
    """The second callback is created once the first is answered."""
    return [_answer(context, name) for name in event]


@conforms("4-18")
@durable_execution
def asks_twice_at_once(event: list[str], context: DurableContext) -> list[str]:
    """Both callbacks are open together, and read in the order of their creation."""
    callbacks = [context.create_callback(name) for name in event]
    return [callback.result() for callback in callbacks]


@conforms("4-19")
@durable_execution
def reads_the_second_answer_first(event: list[str], context: DurableContext) -> list[str]:
    """Both callbacks are open together, and the later one is awaited first."""
    first, second = (context.create_callback(name) for name in event)
    later = second.result()
    return [first.result(), later]


def _within(seconds: int) -> CallbackConfig:
    return CallbackConfig(timeout=Duration(seconds))


def _answer(context: DurableContext, name: str, config: CallbackConfig | None = None) -> str:
    answer: str = context.create_callback(name, config).result()
    return answer


def _answer_after_a_step(context: DurableContext, name: str, config: CallbackConfig | None = None) -> str:
    callback = context.create_callback(name, config)
    context.step(lambda _: "done")
    answer: str = callback.result()
    return answer


def _answer_after_a_wait(context: DurableContext, name: str, seconds: int, config: CallbackConfig | None = None) -> str:
    callback = context.create_callback(name, config)
    context.wait(Duration(seconds))
    answer: str = callback.result()
    return answer
