"""Ports that work, with trouble to come."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.fulfilment import ChargeReceipt, RefundReceipt, Reservation, Shipment
from app.domain.placed_orders import Line
from app.ports.inventory import Inventory
from app.ports.payments import Payments
from app.ports.shipping import Shipping


@dataclass(slots=True)
class Troubles:
    """What goes wrong, by the call's name: before it is heard, or after it was done, as if its answer were lost."""

    before: Mapping[str, Iterable[Exception]] = field(default_factory=dict)
    after: Mapping[str, Iterable[Exception]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._before = {call: iter(troubles) for call, troubles in self.before.items()}
        self._after = {call: iter(troubles) for call, troubles in self.after.items()}

    _before: Mapping[str, Iterator[Exception]] = field(init=False)
    _after: Mapping[str, Iterator[Exception]] = field(init=False)

    @contextmanager
    def at(self, call: str) -> Iterator[None]:
        """Make a call that may meet trouble."""
        self.calls.append(call)
        for trouble in self._before.get(call, ()):
            raise trouble
        yield
        for trouble in self._after.get(call, ()):
            raise trouble


@dataclass(frozen=True, slots=True)
class TroubledPayments(Payments):
    """Works like the payments inside."""

    inside: Payments
    troubles: Troubles

    def charge(self, card: str, amount: Decimal, key: str) -> ChargeReceipt:
        with self.troubles.at("charge"):
            return self.inside.charge(card, amount, key)

    def refund(self, key: str) -> RefundReceipt:
        with self.troubles.at("refund"):
            return self.inside.refund(key)


@dataclass(frozen=True, slots=True)
class TroubledInventory(Inventory):
    """Works like the inventory inside."""

    inside: Inventory
    troubles: Troubles

    def reserve(self, lines: Sequence[Line], key: str) -> Reservation:
        with self.troubles.at("reserve"):
            return self.inside.reserve(lines, key)

    def release(self, key: str) -> Reservation:
        with self.troubles.at("release"):
            return self.inside.release(key)


@dataclass(frozen=True, slots=True)
class TroubledShipping(Shipping):
    """Works like the shipping inside."""

    inside: Shipping
    troubles: Troubles

    def ship(self, customer_id: str, lines: Sequence[Line], key: str) -> Shipment:
        with self.troubles.at("ship"):
            return self.inside.ship(customer_id, lines, key)

    def confirm(self, key: str) -> Shipment:
        with self.troubles.at("confirm"):
            return self.inside.confirm(key)
