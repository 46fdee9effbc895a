"""The cart reminder up to each of its suspension points."""

from collections.abc import Iterator

from app.ports.carts import CartsUnavailableError
from app.ports.notifier import NotifierUnavailableError
from app.workflows.cart_reminder import CartReminderWorkflow
from durable import durable_execution
from durable_local.replay.document import Json
from tests.fakes.carts import MemoryCarts
from tests.fakes.moments import CountingClock
from tests.fakes.notifier import MemoryNotifier
from tests.golden.recording import recorded, suspended

EVENT = {"cart_id": "c-1017", "customer_id": "c-1"}


def cart_reminder() -> Iterator[tuple[str, list[Json]]]:
    """The reminder of one cart: while it waits, before the next attempt of each of its steps, and at its end."""
    yield "keeping", suspended(_reminder(at="add"))
    yield "waiting", suspended(_reminder())
    yield "looking-up", suspended(_reminder(at="find"), invocations=2)
    yield "sending", suspended(_reminder(at="notify"), invocations=2)
    yield "ended", _reminder()


def _reminder(at: str = "nothing") -> list[Json]:
    workflow = CartReminderWorkflow(
        carts=MemoryCarts([CartsUnavailableError("busy")], at),
        notifier=MemoryNotifier([NotifierUnavailableError("busy")] if at == "notify" else []),
        clock=CountingClock(),
        remind_after_seconds=24 * 60 * 60,
    )
    return recorded(durable_execution(workflow.run), EVENT)
