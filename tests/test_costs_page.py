"""The page on costs, held to the prices, the counting and its own arithmetic."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from durable_local.cost.operations import counted
from durable_local.cost.prices import Charge, read_prices
from tests.golden import files
from tests.template.document import Template

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/costs.md").read_text()
PRICES = read_prices().charges
ROWS = {
    cells[0].strip(): [cell.strip(" *") for cell in cells[1:]]
    for line in PAGE.splitlines()
    if len(cells := line.strip("|").split("|")) == 13 and cells[1].strip().isdigit()
}
"""The table of workflows: operations, bytes, retained, requests, milliseconds, together, transitions, their bill."""
GOLDEN = {"cart reminder": "cart_reminder/ended", "order fulfilment": "fulfilment/ended", "tour": "tour/ended"}
MILLION = 1_000_000


def number(cell: str) -> Decimal:
    digits, _, unit = cell.replace(",", "").partition(" ")
    return Decimal(digits) * {"KB": 1000}.get(unit, 1)


def test_the_prices_are_those_of_the_file() -> None:
    table = PAGE.partition("## What is charged")[2].partition("##")[0]
    named = {Decimal(found) for found in re.findall(r"\$(0?\.?\d[\d.]*\d)", table.partition("They stand in")[0])}

    assert named == {price.usd for charge, price in PRICES.items() if charge is not Charge.TRANSITIONS}
    assert f"${PRICES[Charge.TRANSITIONS].usd:.0f} a million state transitions" in PAGE


@pytest.mark.parametrize("workflow", GOLDEN)
def test_the_counts_are_those_of_the_recorded_executions(workflow: str) -> None:
    operations = counted(files.read(GOLDEN[workflow])["Events"])

    assert number(ROWS[workflow][0]) == sum(each.durable_operations for each in operations)
    assert number(ROWS[workflow][10]) == sum(each.transitions for each in operations)


@pytest.mark.parametrize("workflow", ROWS)
def test_a_row_comes_to_what_its_parts_cost(workflow: str) -> None:
    operations, spent, written, writing, kept, requests, asking, took, computing, together, transitions, other = map(
        number, (cell.removesuffix(" ms").removesuffix(" B") for cell in ROWS[workflow])
    )
    gigabytes = written * MILLION / 10**9
    gigabyte_seconds = took / 1000 / 2 * MILLION

    assert spent == PRICES[Charge.OPERATIONS].of(operations * MILLION)
    assert asking == PRICES[Charge.REQUESTS].of(requests * MILLION)
    assert computing == pytest.approx(PRICES[Charge.COMPUTE_ARM64].of(gigabyte_seconds), abs=Decimal("0.01"))
    assert writing == pytest.approx(PRICES[Charge.WRITTEN].of(gigabytes), abs=Decimal("0.02"))
    assert kept == pytest.approx(PRICES[Charge.RETAINED].of(gigabytes * 14 / 30), abs=Decimal("0.02"))
    assert together == pytest.approx(spent + writing + kept + asking + computing, abs=Decimal("0.02"))
    assert PRICES[Charge.TRANSITIONS].of(transitions * MILLION) < other


def test_the_page_counts_the_metrics_that_alarms_watch() -> None:
    alarms = Template().of_type("AWS::CloudWatch::Alarm").values()
    watched = [
        each for alarm in alarms for each in alarm.get("Metrics", [{"MetricStat": alarm}]) if "MetricStat" in each
    ]

    assert f"the {len(watched)} metrics that the alarms watch" in PAGE


def test_the_table_has_every_workflow() -> None:
    assert len(ROWS) == 6


def test_the_break_even_with_an_engine_of_ones_own_follows_from_the_table() -> None:
    table = PAGE.partition("### A self-hosted engine")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([\w ,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$", table, re.MULTILINE)
    assert len(rows) == 4
    for name, *cells in rows:
        each = (number(ROWS[name][9]) - number(ROWS[name][8])) / MILLION
        for assumed, cell in zip((200, 1000, 5000), cells, strict=True):
            assert number(cell) == pytest.approx(assumed / each, rel=Decimal("0.02"))


def test_an_operation_costs_as_much_as_so_much_compute() -> None:
    seconds = PRICES[Charge.OPERATIONS].of(1) / PRICES[Charge.COMPUTE_ARM64].of(Decimal("0.5"))

    assert f"as {seconds:.1f} seconds of 512 MB" in PAGE
