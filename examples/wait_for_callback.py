"""The same in one operation: a callback, a step that tells somebody outside, and the answer.

Answer it from another terminal: `durable callback succeed NAME approval --result '"granted"'`.
"""

from durable import DurableContext, durable_execution
from durable.config import Duration, WaitForCallbackConfig
from durable.types import WaitForCallbackContext

AN_HOUR = WaitForCallbackConfig(timeout=Duration.from_hours(1))


@durable_execution
def handler(_event: object, context: DurableContext) -> str:
    """Waits for an answer, at most an hour."""
    answer: str = context.wait_for_callback(tell, "approval", AN_HOUR)
    return answer


def tell(_callback_id: str, context: WaitForCallbackContext) -> None:
    """A system that answers by itself is given the id here; it is a secret, so it is never logged."""
    context.logger.info("Somebody is asked")
