"""The fulfilment up to each of its suspension points."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from app.ports.inventory import InventoryUnavailableError
from app.ports.notifier import NotifierUnavailableError
from app.ports.payments import PaymentsUnavailableError
from app.ports.shipping import ShippingUnavailableError
from durable import durable_execution
from durable_local.replay.document import Json
from tests.app.workflows.shops import APPROVE, REJECT, REVIEW, Shop, order
from tests.fakes.approvals import NamedApprovals
from tests.fakes.notifier import MemoryNotifier
from tests.fakes.troubles import Troubles
from tests.golden.recording import recorded, suspended

APPROVED: Mapping[str, object] = {REVIEW: APPROVE}
REJECTED: Mapping[str, object] = {REVIEW: REJECT}
BUSY: Mapping[str, Exception] = {
    "charge": PaymentsUnavailableError("busy"),
    "reserve": InventoryUnavailableError("busy"),
    "ship": ShippingUnavailableError("busy"),
    "confirm": ShippingUnavailableError("busy"),
    "release": InventoryUnavailableError("busy"),
    "refund": PaymentsUnavailableError("busy"),
}


def fulfilment() -> Iterator[tuple[str, list[Json]]]:
    """One order: while it is reviewed, before the next attempt of each of its steps, and at its end."""
    yield "charging", suspended(_order(APPROVED, "charge"))
    yield "reserving", suspended(_order(APPROVED, "reserve"))
    yield "asking", suspended(_order(APPROVED, "notify"))
    yield "reviewing", suspended(_order(APPROVED))
    yield "shipping", suspended(_order(APPROVED, "ship"), invocations=2)
    yield "confirming", suspended(_order(APPROVED, "confirm"), invocations=2)
    yield "releasing", suspended(_order(REJECTED, "release"), invocations=2)
    yield "refunding", suspended(_order(REJECTED, "refund"), invocations=2)
    yield "ended", _order(APPROVED)


def _order(answers: Mapping[str, object], troubled: str = "nothing") -> list[Json]:
    with TemporaryDirectory() as folder:
        shop = Shop(
            Path(folder),
            troubles=lambda: Troubles({call: [error] for call, error in BUSY.items() if call == troubled}),
            notifier=lambda: MemoryNotifier([NotifierUnavailableError("busy")] if troubled == "notify" else []),
        )
        shop.open_for("golden")
        workflow = replace(shop.workflow(), approvals=NamedApprovals())
        return recorded(durable_execution(workflow.run), order(), answers)
