import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.adapters.chat_model.dialogues import SAMPLE_DIALOGUES
from app.adapters.tools.knowledge_base import build_index
from durable_local.hosts.loading import Loader, cold, load, warm
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner, assert_replay_safe
from tests.app.adapters.reports.conftest import RECIPIENT, SENDER, sent, ses
from tests.app.entrypoints.conftest import ROOT, log_lines
from tests.fakes.converse import MODEL, conversing, message, tool_use

HANDLER = "app.entrypoints.analyst.handler"
LABEL = "[scripted: no model was asked] "
EVENTS = {name: json.loads((ROOT / "events" / f"{name}.json").read_text()) for name in ("analyst", "analyst-mistake")}
OPEN_QUESTION = json.loads((ROOT / "events" / "analyst-open-question.json").read_text())
RUN_AND_TELL = """
import json, sys
from app.entrypoints.analyst import handler
from durable_local.testing import DurableFunctionTestRunner
with DurableFunctionTestRunner(handler) as runner:
    arn = runner.run_async(json.load(open("events/analyst-open-question.json")), "first")
    callback_id = runner.wait_for_callback(arn)
    runner.send_callback_success(callback_id, "a secret answer")
    result = runner.wait_for_result(arn)
print(json.dumps([result.status, callback_id]), file=sys.stderr)
"""

__all__ = ["ses"]


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, results: Path, tmp_path: Path, modules: None) -> Path:
    """The sample data, stored by the pipeline, and a page of documentation."""
    build_index({"amounts.md": "# Amounts\n\nAmounts are kept as texts."}, tmp_path / "knowledge.sqlite")
    monkeypatch.setenv("APP_KNOWLEDGE_BASE", str(tmp_path / "knowledge.sqlite"))
    names = ["customers", "products", "orders"]
    with DurableFunctionTestRunner(loader=warm(load("app.entrypoints.pipeline.handler"))) as runner:
        assert runner.run({"event_contexts": names}, "sample").status == "SUCCEEDED"
    container = sys.modules["app.entrypoints.pipeline"].container
    container.sample_customers().close()
    container.http().close()
    return results


@pytest.fixture(params=["cold", "warm"])
def loader(request: pytest.FixtureRequest, shop: Path) -> Loader:
    return cold(HANDLER) if request.param == "cold" else warm(load(HANDLER))


def run(loader: Loader, event: object) -> DurableFunctionTestResult:
    with DurableFunctionTestRunner(loader=loader) as runner:
        return runner.run(event, "first")


def told(result: DurableFunctionTestResult, name: str) -> Any:
    """What a tool told the model."""
    return json.loads(result.get_step(name).result["text"])


def test_every_dialogue_has_an_event_and_every_event_a_dialogue() -> None:
    asked = [event["question"] for event in (*EVENTS.values(), OPEN_QUESTION)]

    assert asked == [dialogue.question for dialogue in SAMPLE_DIALOGUES]


def test_the_first_dialogue_searches_sums_and_reports(loader: Loader, shop: Path) -> None:
    result = run(loader, EVENTS["analyst"])

    rows = told(result, "execute_sql-1-2")["rows"]
    spenders = "\n".join(", ".join(row) for row in rows)
    assert result.result["answer"] == f"{LABEL}These customers spend the most:\n{spenders}"
    assert rows[0] == ["Nils Nowak", "NO", "934.00"]
    assert told(result, "search_knowledge_base-1-1")["passages"][0]["page"] == "amounts.md"
    (report,) = (shop / "reports").iterdir()
    assert report.name == "first-2-1.txt"
    assert report.read_text() == f"To: nobody\nSubject: Customers who spend the most\n\n{spenders}\n"


def test_the_second_dialogue_mends_a_mistake_that_it_is_told(loader: Loader) -> None:
    result = run(loader, EVENTS["analyst-mistake"])

    refused, found = result.get_step("execute_sql-1-1").result, told(result, "execute_sql-2-1")
    assert refused["failed"]
    assert refused["text"].startswith("no such column: amount. Only one SELECT")
    assert found["rows"][0] == ["Lapsang", 9]
    assert result.result["answer"].startswith(
        f"{LABEL}There is least of these products, with the pieces left:\nLapsang, 9"
    )


def test_the_third_dialogue_ends_with_a_person(loader: Loader, shop: Path) -> None:
    with DurableFunctionTestRunner(loader=loader) as runner:
        arn = runner.run_async(OPEN_QUESTION, "first")
        runner.send_callback_success(runner.wait_for_callback(arn, "ask-a-person"), "Tea, as always")
        result = runner.wait_for_result(arn)

    assert (result.result["outcome"], result.result["answer"]) == ("escalated", "Tea, as always")
    assert result.result["model_calls"] == 10
    handover = (shop / "analyst" / "first" / "handover.txt").read_text()
    assert handover.startswith("What will we sell next year?\nThe model was asked 10 times")


def test_the_third_dialogue_fails_when_nobody_answers(loader: Loader) -> None:
    result = run(loader, OPEN_QUESTION)

    assert result.status == "FAILED"
    assert result.error
    assert (result.error.message or "").startswith("Nobody answered within 48 hours; what happened so far is at /")


def test_without_the_pipelines_documents_it_says_what_to_run_first(loader: Loader) -> None:
    result = run(loader, {"question": "How many?", "documents": "never-ran"})

    assert result.status == "FAILED"
    assert result.error
    assert "run the pipeline under this name first" in (result.error.message or "")


def test_as_it_is_deployed_it_resumes_in_a_new_sandbox(shop: Path) -> None:
    assert_replay_safe(
        HANDLER,
        EVENTS["analyst-mistake"],
        effects=lambda: {path.name: path.read_bytes() for path in (shop / "analyst").rglob("*.sqlite")},
        most=4,
    )


@pytest.mark.usefixtures("ses", "modules")
def test_deployed_it_asks_bedrock_and_mails_the_report(monkeypatch: pytest.MonkeyPatch, s3: Any, bucket: str) -> None:
    tea = b'{"sku": "tea-01", "name": "Assam", "price": "35.10"}\n'
    s3.put_object(Bucket=bucket, Key="pipeline/documents/sample/products/tea-01.json", Body=tea)
    query = tool_use("execute_sql", "t-1", statement="SELECT name, price FROM products")
    report = tool_use("send_report_email", "t-2", subject="Teas", text="Assam: 35.10")
    before = len(sent())
    answers = [message(query, stop="tool_use"), message(report, stop="tool_use"), message({"text": "One tea"})]
    with conversing(*answers) as bedrock:
        for name, value in {
            "AWS_ENDPOINT_URL_S3": s3.meta.endpoint_url,
            "AWS_ENDPOINT_URL_SESV2": s3.meta.endpoint_url,
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": bedrock.url,
            "APP_STORAGE": "s3",
            "APP_BUCKET": bucket,
            "APP_CUSTOMERS_URL": "http://127.0.0.1:9/",
            "APP_BEDROCK_MODEL": MODEL,
            "APP_REPORT_SENDER": SENDER,
            "APP_REPORT_RECIPIENT": RECIPIENT,
        }.items():
            monkeypatch.setenv(name, value)
        result = run(warm(load(HANDLER)), {"question": "How many teas?", "documents": "sample"})
    container = sys.modules["app.entrypoints.analyst"].container
    for client in (container.s3, container.bedrock, container.ses):
        client().close()

    assert result.result == {
        "outcome": "answered",
        "answer": "One tea",
        "reason": None,
        "model_calls": 3,
        "tokens": 360,
    }
    assert told(result, "execute_sql-1-1")["rows"] == [["Assam", "35.10"]]
    assert [(to, each.subject) for to, each in sent()[before:]] == [(RECIPIENT, "Teas")]
    last = bedrock.asked[-1]["messages"]
    assert [each["role"] for each in last] == ["user", "assistant"] * 2 + ["user"]


def test_log_lines_tell_the_reason_and_no_secret(shop: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", RUN_AND_TELL], env=os.environ, cwd=ROOT, capture_output=True, text=True, check=True
    )

    status, callback_id = json.loads(ran.stderr.splitlines()[-1])
    (line,), _ = log_lines(ran.stdout)
    assert (status, line["message"], line["modelCalls"]) == ("SUCCEEDED", "A person is asked", 10)
    assert callback_id not in ran.stdout
    assert "a secret answer" not in ran.stdout
