"""The same analyst on this project's durable core and on AWS's SDK."""

from pathlib import Path
from typing import Any

import pytest

from tests.app.copies import ROOT, TOLD, copy_application, move_to_official_sdk, run_in

GIVEN = """
import json, os, pathlib, sys
from app.entrypoints import analyst
shop = pathlib.Path(os.environ["APP_STORAGE_ROOT"]) / "documents" / "sample"
for name, rows in {rows!r}.items():
    (shop / name).mkdir(parents=True, exist_ok=True)
    (shop / name / "batch-00000.jsonl").write_text("".join(json.dumps(row) + "\\n" for row in rows))
event = pathlib.Path({event!r}).read_text()
"""
ROWS = {
    "customers": [{"id": "c-1", "name": "Ada", "country": "SE"}],
    "orders": [{"id": "o-1", "customer_id": "c-1", "total": "12.50"}],
    "products": [{"sku": "tea-01", "name": "Assam", "stock": 3}],
}
ON_OWN_CORE = """
from durable_local.testing import DurableFunctionTestRunner
official = False
with DurableFunctionTestRunner(analyst.handler) as runner:
    arn = runner.run_async(json.loads(event), "first")
    if escalates:
        runner.send_callback_success(runner.wait_for_callback(arn, "ask-a-person"), "Tea")
    result = runner.wait_for_result(arn)
"""
ON_OFFICIAL_SDK = """
from aws_durable_execution_sdk_python_testing import DurableFunctionTestRunner
official = True
with DurableFunctionTestRunner(handler=analyst.handler) as runner:
    arn = runner.run_async(event, execution_name="first", timeout=300000)
    if escalates:
        answered = runner.wait_for_callback(arn, "ask-a-person create callback id")
        runner.send_callback_success(answered, b'"Tea"')
    result = runner.wait_for_result(arn)
"""


def left(folder: Path) -> list[str]:
    """What a run has left for people: reports and the handover."""
    return sorted(path.read_text() for path in (folder / "results").rglob("*.txt"))


def told(run: dict[str, Any]) -> dict[str, Any]:
    """The result without the tokens: a report's address has the execution's name, which AWS's runner makes up."""
    return {name: value for name, value in run["result"].items() if name != "tokens"}


@pytest.mark.parametrize("event", ["analyst", "analyst-mistake", "analyst-open-question"])
def test_both_engines_record_the_same_operations_and_come_to_the_same_answer(tmp_path: Path, event: str) -> None:
    own, official = copy_application(tmp_path / "own"), copy_application(tmp_path / "official")
    move_to_official_sdk(official)
    escalates = f"escalates = {event == 'analyst-open-question'}"
    given = GIVEN.format(rows=ROWS, event=str(ROOT / "events" / f"{event}.json")) + escalates

    ours = run_in(own, given + ON_OWN_CORE + TOLD)
    theirs = run_in(official, given + ON_OFFICIAL_SDK + TOLD)

    assert ours["status"] == theirs["status"] == "SUCCEEDED"
    assert told(ours) == told(theirs)
    assert sorted(map(str, ours["tree"])) == sorted(map(str, theirs["tree"]))
    assert left(own) == left(official)
