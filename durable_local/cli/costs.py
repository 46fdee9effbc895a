"""`durable cost`: what a recorded execution costs at AWS, with all that it has invoked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from durable_local.cli import documents
from durable_local.cli.console import UsageError, out
from durable_local.cli.pricing import Costs, print_costs
from durable_local.cli.source import Source, Where
from durable_local.cli.target import Target
from durable_local.clock import SystemClock
from durable_local.cost.bill import Architecture, Bill, durable_bill, standard_bill
from durable_local.cost.operations import Kind
from durable_local.cost.prices import PricesError, read_prices
from durable_local.cost.usage import Terms, Usage, invoked, total, used
from durable_local.errors import ResourceNotFoundError
from durable_local.executions import Execution
from durable_local.template.function import RETENTION_DAYS, TemplateFunction
from durable_local.template.overrides import read_overrides
from durable_local.template.reading import read_template
from durable_local.timeline.spans import Json


@dataclass(frozen=True, slots=True)
class Costing:
    """Which execution is to be priced, and how."""

    execution: str
    where: Where
    template: Path
    overrides: Path
    memory_mb: int | None
    architecture: Architecture
    prices: Path
    as_json: bool


def cost(asked: Costing) -> None:
    """Print what an execution costs, alone and a million times, beside Step Functions Standard."""
    try:
        prices = read_prices(asked.prices)
    except PricesError as error:
        raise UsageError(str(error)) from error
    family = _Family(asked, SystemClock().now())
    first = family.collect(asked.execution)
    usage = total(family.usages)
    bills = durable_bill(usage, prices, asked.architecture), standard_bill(usage, prices, asked.architecture)
    costs = Costs(first, usage, prices, *bills, family.terms, list(dict.fromkeys(family.uncounted)), family.running)
    if asked.as_json:
        print(documents.dumps(_document(costs, asked.architecture)))  # noqa: T201 - exactly this, for scripts
    else:
        print_costs(out(), costs)


class _Family:
    """An execution and all that it has invoked, each by the terms of its function."""

    def __init__(self, asked: Costing, now: datetime) -> None:
        self._asked, self._now = asked, now
        self._source: Source = asked.where.source()
        self._functions = _functions(asked)
        self.usages: list[Usage] = []
        self.terms: dict[str, Terms] = {}
        self.uncounted: list[str] = []
        self.running = False

    def collect(self, execution: str) -> Execution:
        """Take in an execution with those that it has invoked; the answer is the execution."""
        found = self._source.get(execution)
        events: Sequence[Json] = self._source.events(found.arn, with_data=True)
        self.usages.append(used(events, self._terms(found), self._now))
        self.running |= found.ended is None
        children, plain = invoked(events)
        self.uncounted += plain
        for arn in children:
            try:
                self.collect(arn)
            except ResourceNotFoundError:
                self.uncounted.append(arn)
        return found

    def _terms(self, execution: Execution) -> Terms:
        known = self._functions.get(execution.function) or self._deployed(execution.function)
        memory = self._asked.memory_mb or (known.memory_mb if known else None)
        if memory is None:
            raise UsageError(
                f"How much memory {execution.function} has is not known: it is no function of {self._asked.template}. "
                "Say it with --memory 512, in MB, or name its template with --template"
            )
        kept = known.durable.retention_days if known and known.durable else RETENTION_DAYS
        return self.terms.setdefault(execution.function, Terms(memory, execution.retention_days or kept))

    def _deployed(self, name: str) -> TemplateFunction | None:
        """The template's function behind a name that CloudFormation has made of a stack's, its own and some letters."""
        return next((each for own, each in self._functions.items() if f"-{own}-" in name), None)


def _functions(asked: Costing) -> dict[str, TemplateFunction]:
    """The template's functions, by their names and by those that `durable run` gives to their handlers."""
    if not asked.template.exists():
        return {}
    functions = read_template(asked.template, read_overrides(asked.overrides)).functions
    by_handler = {Target(each.handler, asked.template, asked.overrides).function: each for each in functions}
    return by_handler | {each.name: each for each in functions}


def _document(costs: Costs, architecture: Architecture) -> Json:
    usage = costs.usage
    return {
        "DurableExecutionArn": costs.execution.arn,
        "DurableExecutionName": costs.execution.name,
        "Status": costs.execution.status,
        "Executions": usage.operations[Kind.START],
        "StillRunning": costs.running,
        "Architecture": architecture,
        "Functions": {
            name: {"MemorySize": each.memory_mb, "RetentionPeriodInDays": each.retention_days}
            for name, each in costs.terms.items()
        },
        "OperationsByKind": dict(usage.operations),
        "BytesWritten": usage.written,
        "PayloadsOfUnknownSize": usage.untold,
        "Milliseconds": usage.milliseconds,
        "Prices": {"Region": costs.prices.region, "Read": costs.prices.read.isoformat()},
        "DurableFunctions": _bill(costs.durable),
        "StepFunctionsStandard": _bill(costs.standard),
        "NotCounted": costs.uncounted,
    }


def _bill(bill: Bill) -> Json:
    lines = [
        {
            "Charge": line.charge,
            "Quantity": _number(line.quantity),
            "Unit": line.price.unit,
            "Usd": _number(line.usd),
            "Source": line.price.source,
            "Checked": line.price.checked,
        }
        for line in bill.lines
    ]
    return {"Usd": _number(bill.usd), "Lines": lines}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
