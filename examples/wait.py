"""A wait ends the invocation; another one goes on when the time has come, and nothing is paid for in between."""

from durable import DurableContext, durable_execution
from durable.config import Duration


@durable_execution
def handler(_event: object, context: DurableContext) -> str:
    """Waits two seconds; it could be a year."""
    context.wait(Duration.from_seconds(2), "two-seconds")
    return "It is later now."
