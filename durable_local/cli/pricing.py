"""Costs for people to read: never rounded to nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from durable_local.cost.bill import Bill, Line
from durable_local.cost.operations import Kind
from durable_local.cost.prices import Charge, Prices
from durable_local.cost.usage import GIGABYTE, Terms, Usage
from durable_local.executions import Execution

MANY = 1_000_000
_NAMES = {
    Charge.OPERATIONS: "durable operations",
    Charge.WRITTEN: "data written",
    Charge.RETAINED: "data retained",
    Charge.REQUESTS: "requests",
    Charge.COMPUTE_ARM64: "compute, arm64",
    Charge.COMPUTE_X86_64: "compute, x86_64",
    Charge.TRANSITIONS: "state transitions",
}
_KILO = 1000
_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Costs:
    """What an execution costs, with all that it has invoked."""

    execution: Execution
    usage: Usage
    prices: Prices
    durable: Bill
    standard: Bill
    terms: Mapping[str, Terms]
    uncounted: Sequence[str]
    """What was invoked and is not in the bill: functions without executions, and executions that are gone."""
    running: bool


def print_costs(console: Console, costs: Costs) -> None:
    """A table with a line for each charge, what was counted, and what was not."""
    execution, executions = costs.execution, costs.usage.operations[Kind.START]
    others = f", with {executions - 1} more that it has invoked" if executions > 1 else ""
    console.print(Text.assemble((execution.name, "bold"), f"  {execution.status}{others}"))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "HOW MUCH", "ONE", "A MILLION"):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for title, bill in (("Durable functions", costs.durable), ("Step Functions Standard", costs.standard)):
        table.add_row(Text(title, style="bold"), "", *_dollars(bill.usd), style="bold")
        for line in bill.lines:
            table.add_row(f"  {_NAMES[line.charge]}", _quantity(line, costs.usage), *_dollars(line.usd))
    console.print(table)
    for note in _notes(costs):
        console.print(Text(note, style="dim"))


def dollars(amount: Decimal) -> str:
    """An amount to the cent, a smaller one to two digits that are not zero."""
    if amount == 0:
        return "$0"
    if amount >= 1:
        return f"${amount:,.2f}"
    last = Decimal(1).scaleb(amount.adjusted() - _DIGITS + 1)
    return f"${amount.quantize(last, ROUND_HALF_UP):f}"


def size(count: int) -> str:
    """Bytes in words, by thousands."""
    if count < _KILO:
        return f"{count} B"
    return f"{count / _KILO:,.1f} KB" if count < _KILO**2 else f"{count / _KILO**2:,.1f} MB"


def _dollars(amount: Decimal) -> tuple[str, str]:
    return dollars(amount), dollars(amount * MANY)


def _quantity(line: Line, usage: Usage) -> str:
    match line.charge:
        case Charge.WRITTEN:
            return size(usage.written)
        case Charge.RETAINED:
            days = line.quantity * GIGABYTE * 30 / usage.written if usage.written else Decimal()
            return f"for {days:,.1f} days"
        case Charge.COMPUTE_ARM64 | Charge.COMPUTE_X86_64:
            return f"{usage.milliseconds:,} ms"
    return f"{line.quantity:,}"


def _notes(costs: Costs) -> Iterator[str]:
    usage, prices = costs.usage, costs.prices
    yield "Operations: " + ", ".join(f"{kind} {count}" for kind, count in usage.operations.items()) + "."
    memory = ", ".join(f"{name} {each.memory_mb} MB" for name, each in costs.terms.items())
    yield f"Memory: {memory}. Time is that of invocations where they ran, the import of a first one included."
    unchecked = [_NAMES[line.charge] for line in costs.durable.lines if not line.price.checked]
    doubt = f"; not checked at AWS: {', '.join(unchecked)}" if unchecked else ""
    yield f"Prices: {prices.region}, read {prices.read}, without free tiers{doubt}."
    uncounted = ", ".join(each.rpartition(":function:")[2] for each in costs.uncounted)
    yield f"Not counted: what steps call{f', and what was invoked as {uncounted}' if uncounted else ''}."
    if costs.running:
        yield "It has not ended: this is what it has cost so far."
    if usage.untold:
        yield f"The history does not tell the sizes of {usage.untold} payloads: it is more than this."
