"""An invoice is due in thirty days."""

import time
from typing import Any

from durable import DurableContext, durable_execution

MONTH = 30 * 86_400


@durable_execution
def mistaken(event: Any, context: DurableContext) -> float:
    context.step(lambda _: "invoice", name="send")
    return time.time() + MONTH


@durable_execution
def corrected(event: Any, context: DurableContext) -> float:
    sent = context.step(lambda _: time.time(), name="send")
    return sent + MONTH
