"""An invoke runs another function and waits for its result, without running meanwhile."""

from typing import Any

from durable import DurableContext, durable_execution


@durable_execution
def handler(event: dict[str, Any], context: DurableContext) -> str:
    """Has itself invoked once more, by a qualified name, with somebody to greet."""
    if "name" in event:
        return f"Hello, {event['name']}!"
    this_function, _, _ = context.execution_context.durable_execution_arn.partition("/durable-execution/")
    greeting: str = context.invoke(this_function, {"name": "Ada"}, "greet")
    return greeting
