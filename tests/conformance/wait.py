"""Suite 2: waits."""

from durable import DurableContext, durable_execution
from durable.config import Duration
from tests.conformance.registry import conforms


@conforms("2-1")
@durable_execution
def waits(event: None, context: DurableContext) -> None:
    """Two seconds."""
    context.wait(Duration(2))


@conforms("2-2")
@durable_execution
def waits_under_a_name(event: None, context: DurableContext) -> None:
    """Two seconds, named."""
    context.wait(Duration(2), name="custom_wait_name")


@conforms("2-3")
@durable_execution
def waits_twice(event: None, context: DurableContext) -> dict[str, int]:
    """One wait after the other."""
    context.wait(Duration(2), name="wait-1")
    context.wait(Duration(2), name="wait-2")
    return {"completedWaits": 2}


@conforms("2-4")
@durable_execution
def waits_for_a_minute(event: None, context: DurableContext) -> None:
    """A duration in minutes."""
    context.wait(Duration.from_minutes(1))


@conforms("2-5")
@durable_execution
def waits_for_an_hour(event: None, context: DurableContext) -> None:
    """A duration in hours."""
    context.wait(Duration.from_hours(1))
