"""A child context holds operations of its own, and is recorded as one: once it has ended, replay skips it."""

from durable import DurableContext, durable_execution


@durable_execution
def handler(_event: object, context: DurableContext) -> str:
    """Two steps, recorded as one operation with its own result."""
    return context.run_in_child_context(greet, "greet")


def greet(child: DurableContext) -> str:
    """Use the child's own context within; a step alone is tried again, the child as a whole is not."""
    name = child.step(lambda _: "Ada", "find-name")
    return child.step(lambda _: f"Hello, {name}!", "say-hello")
