"""The application while the customers API is in trouble, and while its pages change."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from dependency_injector import providers
from pydantic import HttpUrl

from app.container import build_container
from app.settings import Settings
from durable_local.testing import DurableFunctionTestResult, run
from tests.app.faults import kept, shipment
from tests.app.workflows.conftest import handler_of
from tests.fakes.http_server import Answer, Server

ATTEMPTS = 5
CUSTOMERS = shipment.listed(shipment.customer)
FIRST, SECOND = CUSTOMERS[:5], CUSTOMERS[5:]
TROUBLES = {
    "429": Answer(status=429, headers={"Retry-After": "120"}),
    "500": Answer(status=500),
    "503": Answer(status=503, headers={"Retry-After": "120"}),
    "never": Answer(hangs=True),
    "cut": Answer("[{", promised=1_000),
}
KINDS = [pytest.param(kind, marks=pytest.mark.slow) if kind == "never" else kind for kind in TROUBLES]

BringIn = Callable[[str], DurableFunctionTestResult]


def page(*rows: str, next_page: str | None = None) -> Answer:
    """A page of the API."""
    return Answer(f"[{','.join(rows)}]", next_page=next_page)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / "results"


@pytest.fixture
def bring_in(results: Path, source_root: Path, api: Server) -> Iterator[BringIn]:
    """Runs the application under a name, with little patience for the API."""
    settings = Settings(
        storage="filesystem",
        storage_root=results,
        source_root=source_root,
        customers_url=HttpUrl(api.url),
        operations=60,
        reserve_percent=0,
        page_rows=4,
    )
    with httpx.Client(timeout=1) as client:
        container = build_container(settings)
        container.http.override(providers.Object(client))
        yield lambda name: run(handler_of(container.pipeline_workflow()), shipment.EVENT, name)


def fetched(result: DurableFunctionTestResult) -> int:
    """How many attempts the customers took."""
    return result.get_context("customers").get_step("fetch-data").attempts


@pytest.mark.parametrize("trouble", KINDS)
def test_every_customer_is_stored_once_although_each_page_fails_twice(
    bring_in: BringIn, results: Path, api: Server, trouble: str
) -> None:
    again = [TROUBLES[trouble]] * 2
    api.answer("/", *again, page(*FIRST, next_page="/?page=2"))
    api.answer("/?page=2", *again, page(*SECOND))

    result = bring_in("nightly")

    assert result.status == "SUCCEEDED", result.error
    assert fetched(result) == ATTEMPTS
    assert shipment.totals(result.result) == shipment.expected_totals()
    assert shipment.outcomes(kept.in_folder(results), "nightly") == shipment.expected()


@pytest.mark.parametrize("trouble", KINDS)
def test_an_api_that_stays_in_trouble_fails_its_branch_alone_and_a_later_execution_brings_all_in(
    bring_in: BringIn, results: Path, api: Server, trouble: str
) -> None:
    api.answer("/", page(*FIRST, next_page="/?page=2"))
    api.answer("/?page=2", TROUBLES[trouble])
    failed = bring_in("nightly")
    left = shipment.outcomes(kept.in_folder(results), "nightly")

    api.answer("/?page=2", page(*SECOND))
    again = bring_in("again")

    assert failed.status == "FAILED"
    assert failed.error
    told = f"1 of the branches failed: customers: (Cannot reach {api.url}: .+|{api.url} answered {trouble}; .+)"
    assert re.fullmatch(told, failed.error.message or "")
    assert fetched(failed) == ATTEMPTS
    assert left == shipment.expected() | {"customers": shipment.Outcome((), ())}
    assert again.status == "SUCCEEDED", again.error
    assert shipment.outcomes(kept.in_folder(results), "again") == shipment.expected()


def test_of_pages_that_change_between_attempts_only_the_last_ones_count(
    bring_in: BringIn, results: Path, api: Server
) -> None:
    many = [shipment.customer(number) for number in range(20, 33)]
    api.answer("/", page(*many, many[0], next_page="/?page=2"), page(*FIRST, next_page="/?page=2"))
    api.answer("/?page=2", Answer(status=500), page(*SECOND))

    result = bring_in("nightly")

    assert result.status == "SUCCEEDED", result.error
    assert shipment.totals(result.result)["customers"] == shipment.expected()["customers"].totals
    assert shipment.outcomes(kept.in_folder(results), "nightly") == shipment.expected()


def test_a_row_that_moves_to_the_next_page_while_pages_are_read_is_stored_once_and_told(
    bring_in: BringIn, results: Path, api: Server
) -> None:
    api.answer("/", page(*FIRST, next_page="/?page=2"))
    api.answer("/?page=2", page(FIRST[-1], *SECOND))

    result = bring_in("nightly")

    customers = shipment.outcomes(kept.in_folder(results), "nightly")["customers"]
    assert result.status == "SUCCEEDED", result.error
    assert customers.stored == shipment.expected()["customers"].stored
    assert (len(FIRST) + 1, "id") in customers.rejected
    assert sum(customers.totals) == len(CUSTOMERS) + 1
