"""The same orders on this project's durable core and on AWS's SDK."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.app.copies import ROOT, TOLD, copy_application, move_to_official_sdk, run_in
from tests.app.workflows.shops import APPROVE, REJECT

ORDER = json.loads((ROOT / "events" / "fulfilment.json").read_text())
NO_SUCH_LINE = [{"sku": "tea-01", "quantity": 1}, {"sku": "gold", "quantity": 1}]
GIVEN = """
import json, os, sys
from app.entrypoints.fulfilment import handler
event, answer = os.environ["EVENT"], os.environ["ANSWER"]
"""
ON_OWN_CORE = """
from durable_local.testing import DurableFunctionTestRunner
official = False
with DurableFunctionTestRunner(handler) as runner:
    arn = runner.run_async(json.loads(event), "first")
    if answer:
        runner.send_callback_success(runner.wait_for_callback(arn, "fraud-review"), answer.encode())
    result = runner.wait_for_result(arn)
"""
ON_OFFICIAL_SDK = """
from aws_durable_execution_sdk_python_testing import DurableFunctionTestRunner
official = True
with DurableFunctionTestRunner(handler=handler) as runner:
    arn = runner.run_async(event, execution_name="first")
    if answer:
        asked = runner.wait_for_callback(arn, "fraud-review create callback id")
        runner.send_callback_success(asked, answer.encode())
    result = runner.wait_for_result(arn)
"""
OFFICIAL_SDK_ON_OWN_RUNTIME = """
from app.entrypoints.fulfilment import container
from aws_durable_execution_sdk_python import durable_execution
from durable_local.testing import DurableFunctionTestRunner, lambda_client
official = False
@durable_execution(boto3_client=lambda_client)
def handler(event, context):
    return container.fulfilment_workflow().run(event, context)
with DurableFunctionTestRunner(handler) as runner:
    result = runner.run(json.loads(event), "first")
"""
PATHS: list[Any] = [
    pytest.param({}, APPROVE, "fulfilled", id="fulfilled"),
    pytest.param({}, REJECT, "rejected", id="rejected"),
    pytest.param({"card": "card-declined"}, None, "cancelled", id="declined"),
    pytest.param({"lines": NO_SUCH_LINE}, None, "cancelled", id="unknown SKU"),
]


def left(folder: Path) -> dict[str, list[Any]]:
    """What an order has left in the ledgers."""
    with closing(sqlite3.connect(folder / ".durable" / "app.sqlite")) as database:
        there = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {name: list(database.execute(f"SELECT * FROM {name}")) for name in there - {"approvals"}}  # noqa: S608


def run_on_both(
    tmp_path: Path, order: dict[str, Any], answer: object, elsewhere: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the same order comes to on each engine; the ledgers are the same."""
    own, official = copy_application(tmp_path / "own"), copy_application(tmp_path / "official")
    move_to_official_sdk(official)
    given = {"EVENT": json.dumps(order), "ANSWER": json.dumps(answer) if answer else ""}
    ours = run_in(own, GIVEN + ON_OWN_CORE + TOLD, **given)
    theirs = run_in(official, GIVEN + elsewhere + TOLD, **given)
    assert left(own) == left(official)
    return ours, theirs


@pytest.mark.parametrize(("changes", "answer", "outcome"), PATHS)
def test_both_engines_come_to_the_same_outcome_by_the_same_operations(
    tmp_path: Path, changes: dict[str, Any], answer: object, outcome: str
) -> None:
    ours, theirs = run_on_both(tmp_path, ORDER | changes, answer, ON_OFFICIAL_SDK)

    assert ours == theirs | {"tree": ours["tree"]}
    assert (ours["status"], ours["result"]["outcome"]) == ("SUCCEEDED", outcome)
    assert sorted(map(str, ours["tree"])) == sorted(map(str, theirs["tree"]))


def test_silence_means_reject_on_both_engines(tmp_path: Path) -> None:
    """On this project's runtime, for in AWS's emulator three days of silence last three days."""
    ours, theirs = run_on_both(tmp_path, ORDER, None, OFFICIAL_SDK_ON_OWN_RUNTIME)

    assert ours == theirs
    assert (ours["result"]["outcome"], ours["result"]["reason"]) == ("rejected", "not-approved")
