"""A callback is made first and awaited later, so that work can be done in between.

Answer it from another terminal: `durable callback succeed NAME approval --result '"granted"'`.
"""

from durable import DurableContext, durable_execution
from durable.config import CallbackConfig, Duration


@durable_execution
def handler(_event: object, context: DurableContext) -> str:
    """Asks, works, and only then waits for the answer; nobody waits for ever."""
    callback = context.create_callback("approval", CallbackConfig(timeout=Duration.from_hours(1)))
    draft = context.step(lambda _: "a contract", "draft")
    return f"{draft}: {callback.result()}"
