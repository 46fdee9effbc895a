"""What a usage costs, line by line; pure."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from durable_local.cost.prices import Charge, Price, Prices
from durable_local.cost.usage import GIGABYTE, Usage


class Architecture(StrEnum):
    """The processor that functions run on, which compute is priced by."""

    ARM64 = "arm64"
    X86_64 = "x86_64"

    @property
    def charge(self) -> Charge:
        """Under which name its price stands."""
        return Charge.COMPUTE_ARM64 if self is Architecture.ARM64 else Charge.COMPUTE_X86_64


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity and what it costs."""

    charge: Charge
    quantity: Decimal
    price: Price

    @property
    def usd(self) -> Decimal:
        """In dollars, not rounded."""
        return self.price.of(self.quantity)


@dataclass(frozen=True, slots=True)
class Bill:
    """The lines of one way to run something."""

    lines: tuple[Line, ...]

    @property
    def usd(self) -> Decimal:
        """All lines together, in dollars, not rounded."""
        return sum((line.usd for line in self.lines), Decimal())


def durable_bill(usage: Usage, prices: Prices, architecture: Architecture) -> Bill:
    """What a usage costs as durable functions."""
    quantities = {
        Charge.OPERATIONS: Decimal(usage.operations.total()),
        Charge.WRITTEN: Decimal(usage.written) / GIGABYTE,
        Charge.RETAINED: usage.gigabyte_months,
        Charge.REQUESTS: Decimal(usage.requests),
        architecture.charge: usage.gigabyte_seconds,
    }
    return _bill(quantities, prices)


def standard_bill(usage: Usage, prices: Prices, architecture: Architecture) -> Bill:
    """What the same costs as a Standard workflow of Step Functions, where the tasks take the same compute."""
    quantities = {
        Charge.TRANSITIONS: Decimal(usage.transitions),
        Charge.REQUESTS: Decimal(usage.tasks),
        architecture.charge: usage.gigabyte_seconds,
    }
    return _bill(quantities, prices)


def _bill(quantities: dict[Charge, Decimal], prices: Prices) -> Bill:
    lines = (Line(charge, quantity, prices.charges[charge]) for charge, quantity in quantities.items())
    return Bill(tuple(lines))
