"""A mail that is sent once."""

from typing import Any

from durable import DurableContext, durable_execution
from tests.mistakes.outside import do


@durable_execution
def mistaken(event: Any, context: DurableContext) -> str:
    do("mail")
    return context.step(lambda _: do("charge"), name="charge")


@durable_execution
def corrected(event: Any, context: DurableContext) -> str:
    context.step(lambda _: do("mail"), name="mail")
    return context.step(lambda _: do("charge"), name="charge")
