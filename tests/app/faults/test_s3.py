"""The application while S3 is in trouble, on a real server behind a proxy with one kind of fault."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.config import Config
from dependency_injector import providers
from pydantic import HttpUrl

from app.container import build_container
from app.settings import Settings
from durable_local.testing import DurableFunctionTestResult, run
from tests.app.conftest import CREDENTIALS
from tests.app.faults import kept, shipment
from tests.app.workflows.conftest import handler_of
from tests.fakes.faulty_proxy import Fault, FaultyProxy, Strikes, at_first, faulty
from tests.fakes.http_server import Server

BATCHES: dict[str, Any] = {"operations": 50, "reserve_percent": 0, "page_rows": 5}
"""Two pages a data type, and a batch of each."""

ATTEMPTS = 5


@pytest.fixture
def bring_in(s3: Any, bucket: str, api: Server) -> Callable[..., DurableFunctionTestResult]:
    """Runs the application on a bucket; `client` is how it reaches S3."""
    for name, body in shipment.sources().items():
        s3.put_object(Bucket=bucket, Key=f"sources/{name}", Body=body)

    def run_on(client: Any, name: str = "nightly", **settings: Any) -> DurableFunctionTestResult:
        url = HttpUrl(api.url)
        container = build_container(Settings(storage="s3", bucket=bucket, customers_url=url, **BATCHES, **settings))
        container.s3.override(providers.Object(client))
        result = run(handler_of(container.pipeline_workflow()), shipment.EVENT, name)
        container.http().close()
        return result

    return run_on


@contextmanager
def troubled(s3: Any, fault: Fault, strikes: Strikes) -> Iterator[tuple[Any, FaultyProxy]]:
    """A client that asks once and has little patience, with a fault between it and the server."""
    with faulty(s3.meta.endpoint_url, fault, strikes) as proxy:
        patience = 0.5 if fault is Fault.SLOW else 10
        config = Config(read_timeout=patience, retries={"total_max_attempts": 1}, max_pool_connections=64)
        client = boto3.client("s3", endpoint_url=proxy.url, config=config, **CREDENTIALS)
        yield client, proxy
        client.close()


FAULTS = [fault if fault is Fault.ERROR else pytest.param(fault, marks=pytest.mark.slow) for fault in Fault]
REQUESTS = [
    "GET sources/orders.jsonl",
    "PUT pipeline/staged/NAME/orders/page-00001.jsonl",
    "GET pipeline/staged/NAME/orders/page-00000.jsonl",
    "PUT pipeline/documents/NAME/orders/batch-00000.jsonl",
    "PUT pipeline/rejected/NAME/orders/batch-00001.jsonl",
]
IN_VAIN = [
    pytest.param(fault, request, marks=[] if fault is Fault.ERROR else [pytest.mark.slow])
    for fault in Fault
    for request in REQUESTS
    if (fault, request[:3]) != (Fault.CUT_HEAD, "PUT")  # its first line says that all went well, and it did
]


@pytest.mark.parametrize("inline_bytes", [4_096, 0], ids=["inline", "staged and copied"])
@pytest.mark.parametrize("fault", FAULTS)
def test_every_row_is_stored_once_although_every_request_fails_once(
    bring_in: Any, s3: Any, bucket: str, fault: Fault, inline_bytes: int
) -> None:
    share = 0.3 if fault is Fault.SLOW else 1.0  # each of them takes the client's patience

    with troubled(s3, fault, at_first(seed=7, share=share)) as (client, proxy):
        result = bring_in(client, inline_bytes=inline_bytes)

    assert result.status == "SUCCEEDED", result.error
    assert len(proxy.struck) > 20 * share
    assert shipment.totals(result.result) == shipment.expected_totals()
    assert shipment.outcomes(kept.in_bucket(s3, bucket), "nightly") == shipment.expected()


@pytest.mark.parametrize(("fault", "request_"), IN_VAIN)
def test_a_request_that_fails_for_good_fails_its_branch_and_leaves_nothing_half_written(
    bring_in: Any, s3: Any, bucket: str, fault: Fault, request_: str
) -> None:
    failing = request_.replace("NAME", "nightly")
    with troubled(s3, fault, lambda request, _: request == failing) as (client, proxy):
        failed = bring_in(client)
    left = shipment.delivered(kept.in_bucket(s3, bucket), "nightly")

    again = bring_in(s3, name="again")

    assert failed.status == "FAILED"
    assert proxy.struck == [failing] * ATTEMPTS
    place = f"s3://{bucket}/{failing.split()[1]}"
    assert re.fullmatch(rf"1 of the branches failed: orders: Cannot (use|reach) {place}: .+", failed.error.message)
    complete = shipment.delivered(kept.in_bucket(s3, bucket), "again")
    assert left.items() <= complete.items()
    assert {key for key in complete if "/orders/" not in key} <= {*left}
    assert shipment.totals(again.result) == shipment.expected_totals()
    assert shipment.outcomes(kept.in_bucket(s3, bucket), "again") == shipment.expected()
