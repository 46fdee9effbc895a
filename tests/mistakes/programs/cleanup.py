"""A lock that is released at the end."""

from typing import Any

from durable import DurableContext, durable_execution
from durable.config import Duration
from tests.mistakes.outside import do


@durable_execution
def mistaken(event: Any, context: DurableContext) -> str:
    context.step(lambda _: do("lock"), name="lock")
    try:
        context.wait(Duration.from_hours(1), name="an-hour")
    finally:
        do("unlock")
    return "done"


@durable_execution
def corrected(event: Any, context: DurableContext) -> str:
    context.step(lambda _: do("lock"), name="lock")
    context.wait(Duration.from_hours(1), name="an-hour")
    context.step(lambda _: do("unlock"), name="unlock")
    return "done"
