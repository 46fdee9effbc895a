"""An order gets its number."""

import uuid
from typing import Any

from durable import DurableContext, durable_execution


@durable_execution
def mistaken(event: Any, context: DurableContext) -> str:
    number = str(uuid.uuid4())
    context.step(lambda _: number, name="book")
    return number


@durable_execution
def corrected(event: Any, context: DurableContext) -> str:
    return context.step(lambda _: str(uuid.uuid4()), name="book")
