import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from durable_local.hosts.loading import Loader, load
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner, cold, warm
from tests.app.entrypoints.conftest import ROOT, Lines, log_lines
from tests.fakes.http_server import Answer, serving

HANDLER = "app.entrypoints.pipeline.handler"
CUSTOMER = '[{"id": "c-1", "name": "Ada Lovelace", "email": "ada@example.com", "country": "SE"}]'
RUN_AND_TELL = """
import json, sys
from app.entrypoints.pipeline import handler
from durable_local.testing import run
result = run(handler, json.load(open("events/pipeline.json")))
told = {"status": result.status, "invocations": result.invocations, "arn": result.execution.arn}
print(json.dumps(told), file=sys.stderr)
"""
EVENT = json.loads((ROOT / "events" / "pipeline.json").read_text())


def run(event: object, hosting: Callable[[str], Loader] = cold) -> DurableFunctionTestResult:
    """Run the entrypoint, imported anew for every invocation unless it is hosted otherwise."""
    result = DurableFunctionTestRunner(loader=hosting(HANDLER)).run(event, "nightly")
    container = sys.modules["app.entrypoints.pipeline"].container
    container.sample_customers().close()
    container.http().close()
    if "boto3" in sys.modules:
        container.s3().close()
    return result


@pytest.mark.usefixtures("modules")
def test_the_sample_event_brings_in_the_sample_data(results: Path) -> None:
    result = run(EVENT)

    assert result.status == "SUCCEEDED"
    assert {name: (each["stored"], each["rejected"]) for name, each in result.result.items()} == {
        "customers": (38, 4),
        "products": (57, 5),
        "orders": (46, 5),
    }
    assert all(Path(each["documents"]).is_relative_to(results) for each in result.result.values())
    for name, each in result.result.items():
        assert len(list((results / "documents" / "nightly" / name).iterdir())) == each["stored"]
        assert len(list((results / "rejected" / "nightly" / name).iterdir())) == each["rejected"]


@pytest.mark.usefixtures("modules")
def test_deployed_it_reads_sources_from_its_bucket_and_keeps_documents_there(
    monkeypatch: pytest.MonkeyPatch, s3: Any, bucket: str
) -> None:
    for name in ("products.csv", "orders.jsonl"):
        s3.upload_file(str(ROOT / "data" / name), bucket, f"sources/{name}")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", s3.meta.endpoint_url)
    monkeypatch.setenv("APP_STORAGE", "s3")
    monkeypatch.setenv("APP_BUCKET", bucket)
    with serving() as api:
        monkeypatch.setenv("APP_CUSTOMERS_URL", api.url)
        api.answer("/", Answer(CUSTOMER))
        result = run(EVENT)

    assert result.status == "SUCCEEDED"
    assert result.result["orders"] == {
        "stored": 46,
        "rejected": 5,
        "documents": f"s3://{bucket}/pipeline/documents/nightly/orders",
    }
    documents = s3.list_objects_v2(Bucket=bucket, Prefix="pipeline/documents/nightly/")["Contents"]
    assert len(documents) == 1 + 57 + 46


@pytest.mark.parametrize("hosting", [cold, lambda path: warm(load(path))], ids=["cold", "warm"])
@pytest.mark.usefixtures("modules")
def test_a_sandbox_that_resumes_an_execution_goes_on_where_another_one_stopped(
    monkeypatch: pytest.MonkeyPatch, results: Path, hosting: Callable[[str], Loader]
) -> None:
    with serving() as api:
        monkeypatch.setenv("APP_CUSTOMERS_URL", api.url)
        api.answer("/", Answer(status=503), Answer(CUSTOMER, next_page="/?page=2"))
        api.answer("/?page=2", Answer(status=429), Answer("[]"))
        result = run(EVENT, hosting)

    assert result.status == "SUCCEEDED"
    assert result.invocations in {2, 3}  # an attempt may come due while another branch still runs
    assert result.result["customers"]["stored"] == 1
    assert api.asked == ["/", "/", "/?page=2", "/", "/?page=2"]
    assert len(result.operations_named("fetch-data")) == 3
    assert (results / "documents" / "nightly" / "customers" / "c-1.json").exists()


@pytest.mark.usefixtures("modules", "results")
def test_an_unknown_name_fails_the_execution_at_once_and_lists_the_known_ones() -> None:
    result = run({"event_contexts": ["invoices"]})

    assert (result.status, result.operations) == ("FAILED", [])
    assert result.error
    assert result.error.message == "Unknown event contexts: 'invoices'; known are 'customers', 'orders', 'products'"


def logged(**environment: str) -> tuple[Lines, Lines, dict[str, Any]]:
    """What a process of its own writes to its log while it runs the sample event, and what came of it."""
    ran = subprocess.run(
        [sys.executable, "-c", RUN_AND_TELL],
        env={**os.environ, **environment, "APP_SOURCE_ROOT": "data"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return *log_lines(ran.stdout), json.loads(ran.stderr)


def test_log_lines_are_json_with_the_executions_arn_and_hold_no_rows(tmp_path: Path) -> None:
    lines, steps, outcome = logged(APP_STORAGE_ROOT=str(tmp_path))

    assert {line["executionArn"] for line in [*lines, *steps]} == {outcome["arn"]}
    assert sorted((line["message"], line.get("eventContext", "")) for line in lines) == [
        ("Branches started", ""),
        *((message, name) for message in ("Rows staged", "Rows stored") for name in sorted(EVENT["event_contexts"])),
    ]
    assert "example.com" not in str([lines, steps])


def test_a_log_line_is_written_once_and_not_again_on_replay(tmp_path: Path) -> None:
    lines, steps, outcome = logged(APP_STORAGE_ROOT=str(tmp_path), APP_CUSTOMERS_URL="http://127.0.0.1:9/")

    assert outcome["status"] == "FAILED"
    assert outcome["invocations"] > 1
    assert sorted(line["message"] for line in lines) == ["Branches started", *["Rows staged"] * 2, *["Rows stored"] * 2]
    fetched = [(line["attempt"], line["outcome"]) for line in steps if line["operationName"] == "fetch-data"]
    failed = [line for line in steps if line["outcome"] == "FAILED"]
    assert sorted(fetched) == [(1, "FAILED"), *[(1, "SUCCEEDED")] * 2, *((number, "FAILED") for number in (2, 3, 4, 5))]
    assert {line["errorType"].rpartition(".")[2] for line in failed} == {"SourceUnavailableError"}
