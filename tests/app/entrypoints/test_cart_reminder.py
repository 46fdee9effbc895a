import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from durable_local.hosts.loading import cold
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner
from tests.app.entrypoints.conftest import ROOT, log_lines
from tests.fakes.xray import xray_daemon

EVENT = json.loads((ROOT / "events" / "cart-reminder.json").read_text())
CHECKOUT = json.loads((ROOT / "events" / "checkout.json").read_text())
NAME = "cart-reminder-c-1017"
RUN_AND_TELL = """
import json, sys
from app.entrypoints.cart_reminder import handler
from durable_local.testing import run
result = run(handler, json.load(open("events/cart-reminder.json")))
print(json.dumps([result.status, result.invocations, result.execution.arn]), file=sys.stderr)
"""


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, results: Path, tmp_path: Path, modules: None) -> Path:
    """Where notices are written down; carts are kept beside."""
    monkeypatch.setenv("APP_DATABASE", str(tmp_path / "app.sqlite"))
    return results / "notices"


def run() -> DurableFunctionTestResult:
    return DurableFunctionTestRunner(loader=cold("app.entrypoints.cart_reminder.handler")).run(EVENT, NAME)


def test_the_sample_event_writes_a_notice_down(environment: Path) -> None:
    result = run()

    assert (result.status, result.result["outcome"], result.invocations) == ("SUCCEEDED", "reminded", 2)
    assert result.result["receipt"] == {"id": str(environment / f"{NAME}.json")}
    assert json.loads((environment / f"{NAME}.json").read_text())["recipient"] == EVENT["customer_id"]


def test_after_the_sample_checkout_nobody_is_told(environment: Path) -> None:
    from app.entrypoints import checkout

    closed = checkout.handler(CHECKOUT, None)
    result = run()

    assert (result.status, result.result["outcome"]) == ("SUCCEEDED", "checked-out")
    assert result.result["at"] == closed["checked_out_at"]
    assert not environment.exists()


def logged(tmp_path: Path, **environment: str) -> tuple[str, str]:
    """What a process of its own writes to its log while it runs the sample event, and what came of it."""
    stores = {"APP_STORAGE_ROOT": str(tmp_path), "APP_DATABASE": str(tmp_path / "app.sqlite")}
    ran = subprocess.run(
        [sys.executable, "-c", RUN_AND_TELL],
        env={**os.environ, **stores, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout, ran.stderr


def test_its_log_line_is_json_with_the_executions_arn_and_written_once(tmp_path: Path) -> None:
    printed, told = logged(tmp_path)

    lines, steps = log_lines(printed)
    status, invocations, arn = json.loads(told)

    assert (status, invocations) == ("SUCCEEDED", 2)
    assert [(line["message"], line["found"], line["executionArn"]) for line in lines] == [
        ("Cart looked up", "open", arn)
    ]
    assert [(line["operationName"], line["attempt"], line["outcome"]) for line in steps] == [
        ("cart-added", 1, "SUCCEEDED"),
        ("look-up-cart", 1, "SUCCEEDED"),
        ("send-reminder", 1, "SUCCEEDED"),
    ]
    assert all(line["durationMs"] >= 0 and line["executionArn"] == arn for line in steps)


def test_with_a_namespace_its_log_holds_metrics_of_its_outcome_once(tmp_path: Path) -> None:
    printed, told = logged(tmp_path, APP_METRICS_NAMESPACE="Shop")

    (metrics,) = (json.loads(line) for line in printed.splitlines() if "CloudWatchMetrics" in line)
    assert (metrics["service"], metrics["outcome"], metrics["Executions"]) == ("cart-reminder", "reminded", [1])
    assert json.loads(told)[:2] == ["SUCCEEDED", 2]


def test_with_tracing_each_of_its_steps_is_a_segment_and_no_replay_is(tmp_path: Path) -> None:
    with xray_daemon() as daemon:
        _, told = logged(tmp_path, APP_TRACING="true", **daemon.environment(str(ROOT)))

        segments = daemon.received(3)
        assert daemon.is_idle()

    status, invocations, arn = json.loads(told)
    assert (status, invocations) == ("SUCCEEDED", 2)
    assert set(segments) == {"cart-added", "look-up-cart", "send-reminder"}
    assert {(each["annotations"]["executionArn"], each["annotations"]["attempt"]) for each in segments.values()} == {
        (arn, "1")
    }


def test_deployed_it_keeps_carts_in_the_table_and_publishes_to_the_topic(
    monkeypatch: pytest.MonkeyPatch, environment: Path, aws: str, dynamodb: Any, sns: Any
) -> None:
    dynamodb.create_table(
        TableName="deployed",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "cart_id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "cart_id", "KeyType": "HASH"}],
    )
    topic = sns.create_topic(Name="deployed.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws)
    monkeypatch.setenv("APP_CARTS_TABLE", "deployed")
    monkeypatch.setenv("APP_REMINDERS_TOPIC", topic)

    result = run()

    kept = dynamodb.get_item(TableName="deployed", Key={"cart_id": {"S": "c-1017"}})["Item"]
    assert (result.status, result.result["outcome"]) == ("SUCCEEDED", "reminded")
    assert kept["customer_id"] == {"S": "c-1"}
    assert not environment.exists()
