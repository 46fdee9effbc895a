"""A reservation that is given back when something fails."""

from typing import Any

from durable import DurableContext, durable_execution
from durable.config import Duration
from tests.mistakes.outside import do


@durable_execution
def mistaken(event: Any, context: DurableContext) -> str:
    context.step(lambda _: do("reserve"), name="reserve")
    try:
        context.wait(Duration.from_hours(1), name="an-hour")
    except BaseException:
        do("give back")  # the mistake: a suspension is no failure
        raise
    return "reserved"


@durable_execution
def corrected(event: Any, context: DurableContext) -> str:
    context.step(lambda _: do("reserve"), name="reserve")
    try:
        context.wait(Duration.from_hours(1), name="an-hour")
    except Exception:
        context.step(lambda _: do("give back"), name="give-back")
        raise
    return "reserved"
