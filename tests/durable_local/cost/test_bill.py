"""Dollars."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from durable_local.cost.bill import Architecture, Bill, durable_bill, standard_bill
from durable_local.cost.operations import Kind
from durable_local.cost.prices import Charge, read_prices
from durable_local.cost.usage import Usage

PRICES = read_prices()
CLAIMS = Usage(
    operations=Counter({Kind.START: 1_000_000, Kind.STEP: 2_000_000, Kind.WAIT: 1_000_000}),
    written=104 * 10**9,
    gigabyte_months=Decimal("72.8"),  # 7 days running and 14 days kept, of 30
    requests=2_000_000 - 1_000_000,
    milliseconds=32_000 * 10**6,
    gigabyte_seconds=Decimal(32_000_000 - 400_000),
    transitions=3_000_000,
    tasks=2_000_000,
)
"""The example of https://aws.amazon.com/lambda/pricing/: a month with a million claims, after the free tier."""


def dollars(bill: Bill) -> dict[Charge, str]:
    return {line.charge: f"{line.usd:.2f}" for line in bill.lines}


def test_awss_own_example_comes_to_what_it_says() -> None:
    bill = durable_bill(CLAIMS, PRICES, Architecture.ARM64)

    assert dollars(bill) == {
        Charge.OPERATIONS: "32.00",
        Charge.WRITTEN: "26.00",
        Charge.RETAINED: "10.92",
        Charge.REQUESTS: "0.20",
        Charge.COMPUTE_ARM64: "421.34",
    }
    assert f"{bill.usd:.2f}" == "490.46"


def test_only_compute_and_requests_are_not_the_whole_bill() -> None:
    bill = durable_bill(CLAIMS, PRICES, Architecture.ARM64)
    without_compute = bill.usd - sum(
        line.usd for line in bill.lines if line.charge in {Charge.COMPUTE_ARM64, Charge.REQUESTS}
    )

    assert f"{without_compute:.2f}" == "68.92"


def test_the_same_as_a_standard_workflow_is_charged_by_transitions_and_tasks() -> None:
    bill = standard_bill(CLAIMS, PRICES, Architecture.ARM64)

    assert dollars(bill) == {Charge.TRANSITIONS: "75.00", Charge.REQUESTS: "0.40", Charge.COMPUTE_ARM64: "421.34"}


def test_the_processor_chooses_the_price_of_compute() -> None:
    bill = durable_bill(CLAIMS, PRICES, Architecture.X86_64)

    assert dollars(bill)[Charge.COMPUTE_X86_64] == "526.67"


@pytest.mark.parametrize("times", [2, 10, 1000])
def test_operations_cost_in_proportion_to_their_number(times: int) -> None:
    once, often = (
        durable_bill(replace(CLAIMS, operations=Counter({Kind.STEP: count})), PRICES, Architecture.ARM64)
        for count in (3, 3 * times)
    )

    assert often.lines[0].usd == times * once.lines[0].usd > 0
    assert often.usd - often.lines[0].usd == once.usd - once.lines[0].usd
