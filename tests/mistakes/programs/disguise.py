"""A payment that is refused."""

from typing import Any

from durable import DurableContext, durable_execution
from durable.config import StepConfig
from durable.retries import RetryPresets

ONCE = StepConfig(retry_strategy=RetryPresets.none())


def charge() -> None:
    raise ValueError("The card has expired")


@durable_execution
def mistaken(event: Any, context: DurableContext) -> dict[str, object]:
    try:
        context.step(lambda _: charge(), name="charge", config=ONCE)
    except Exception as error:  # noqa: BLE001 - the mistake
        return {"success": False, "reason": str(error)}
    return {"success": True}


@durable_execution
def corrected(event: Any, context: DurableContext) -> dict[str, object]:
    context.step(lambda _: charge(), name="charge", config=ONCE)
    return {}
