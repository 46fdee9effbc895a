"""Handlers for `durable replay`: an order as it was recorded, and edited ones; none of their steps is to run."""

from durable.execution import durable_execution
from tests.durable_local.replay.edits import CODE, HARMLESS, REFUSED, TROUBLED
from tests.durable_local.replay.orders import handler_of, unexpected

unchanged = handler_of(CODE, unexpected)
renamed = handler_of(REFUSED["a step renamed in a child"][0], unexpected)
longer = handler_of(HARMLESS["a step appended"], unexpected)
broken = handler_of(TROUBLED["an error before what is recorded"][0], unexpected)
early = durable_execution(lambda *_: "[bold]early[/bold]")


def plain(event: object, _context: object) -> object:
    """Not durable."""
    return event
