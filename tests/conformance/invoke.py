"""Suite 5: chained invokes: another function's result, its failure, and how both are written and read."""

from typing import Any, NoReturn

from durable import DurableContext, InvokeError, durable_execution
from durable.config import Duration, InvokeConfig
from durable.serdes import SerDes, SerDesContext
from tests.conformance.registry import conforms

LARGEST_PAYLOAD_BYTES = 1024 * 1024


@durable_execution
def echo(event: Any, context: DurableContext) -> Any:
    """A target that returns whatever it is given."""
    return event


@durable_execution
def measure(event: str, context: DurableContext) -> int:
    """A target that returns how long a text is."""
    return len(event)


@durable_execution
def refuse(event: None, context: DurableContext) -> NoReturn:
    """A target that fails."""
    raise ValueError("This always fails")


ECHO = {"echo": echo}
REFUSE = {"refuse": refuse}


@conforms("5-1", targets=ECHO)
@durable_execution
def returns_what_the_target_returns(event: str, context: DurableContext) -> str:
    """The event there and back."""
    return _echo(context, event)


@conforms("5-2", targets=ECHO)
@durable_execution
def invokes_under_a_name(event: dict[str, str], context: DurableContext) -> str:
    """The operation's name comes from the event."""
    result: str = context.invoke("echo", event["payload"], name=event["name"])
    return result


@conforms("5-3", targets=ECHO)
@durable_execution
def invokes_with_an_object(event: dict[str, Any], context: DurableContext) -> dict[str, Any]:
    """A nested object there and back."""
    result: dict[str, Any] = context.invoke("echo", event)
    return result


@conforms("5-4", targets=ECHO)
@durable_execution
def invokes_with_nothing(event: None, context: DurableContext) -> None:
    """Null there and back."""
    result: None = context.invoke("echo", None)
    return result


@conforms("5-5", targets=REFUSE)
@durable_execution
def fails_with_the_target(event: None, context: DurableContext) -> str:
    """The target's failure is not caught, so it is the execution's."""
    result: str = context.invoke("refuse", event)
    return result


@conforms("5-6", targets=REFUSE)
@durable_execution
def falls_back_when_the_target_fails(event: None, context: DurableContext) -> str:
    """The target's failure is caught."""
    return _invoke_or_fall_back(context)


@conforms("5-7", targets={"measure": measure})
@durable_execution
def invokes_with_all_that_fits(event: None, context: DurableContext) -> int:
    """A payload of as many bytes as an invoke may carry, its quotes included."""
    size: int = context.invoke("measure", "x" * (LARGEST_PAYLOAD_BYTES - len('""')))
    return size


@conforms("5-8", targets=ECHO)
@durable_execution
def invokes_for_a_tenant(event: dict[str, str], context: DurableContext) -> str:
    """The tenant comes from the event."""
    result: str = context.invoke("echo", event["payload"], config=InvokeConfig(tenant_id=event["tenantId"]))
    return result


@conforms("5-9", targets=ECHO)
@durable_execution
def waits_after_the_invoke(event: None, context: DurableContext) -> str:
    """Replay reads the target's result again and does not invoke it."""
    result = _echo(context, "once")
    context.wait(Duration(1))
    return result


@conforms("5-10", targets=REFUSE)
@durable_execution
def waits_after_a_caught_failure(event: None, context: DurableContext) -> str:
    """The failure is caught, and again on the replay after the wait."""
    told = _invoke_or_fall_back(context)
    context.wait(Duration(1))
    return told


@conforms("5-11", targets=ECHO)
@durable_execution
def hands_a_steps_result_to_the_target(event: None, context: DurableContext) -> str:
    """A step, and then an invoke with what it returned."""
    prepared = context.step(lambda _: "prepared")
    return _echo(context, prepared)


@conforms("5-12", targets=ECHO)
@durable_execution
def hands_the_targets_result_to_a_step(event: None, context: DurableContext) -> str:
    """An invoke, and then a step with what it returned."""
    result = _echo(context, "echoed")
    return context.step(lambda _: result.upper())


@conforms("5-13", targets=ECHO)
@durable_execution
def invokes_within_a_child(event: None, context: DurableContext) -> str:
    """The invoke stands in a child context."""
    return context.run_in_child_context(lambda child: _echo(child, "inside"))


@conforms("5-14", targets={"echo": echo, "measure": measure})
@durable_execution
def invokes_two_targets_in_turn(event: None, context: DurableContext) -> int:
    """The second target is given what the first returned."""
    length: int = context.invoke("measure", _echo(context, "echoed"))
    return length


class Shouting(SerDes[str]):
    """JSON text in capitals, both ways."""

    def serialize(self, value: str, serdes_context: SerDesContext) -> str:
        """The text as JSON, in capitals."""
        return f'"{value}"'.upper()

    def deserialize(self, data: str, serdes_context: SerDesContext) -> str:
        """The JSON itself, in capitals."""
        return data.upper()


@conforms("5-15", targets=ECHO)
@durable_execution
def writes_the_payload_its_own_way(event: dict[str, str], context: DurableContext) -> str:
    """The target is given the payload in capitals."""
    result: str = context.invoke("echo", event["data"], config=InvokeConfig(serdes_payload=Shouting()))
    return result


@conforms("5-16", targets=ECHO)
@durable_execution
def reads_the_result_its_own_way(event: str, context: DurableContext) -> str:
    """The target's result is read as its JSON text, in capitals."""
    result: str = context.invoke("echo", event, config=InvokeConfig(serdes_result=Shouting()))
    return result


def _echo(context: DurableContext, value: str) -> str:
    result: str = context.invoke("echo", value)
    return result


def _invoke_or_fall_back(context: DurableContext) -> str:
    try:
        result: str = context.invoke("refuse", None)
    except InvokeError as error:
        return f"Refused: {error}"
    return result
