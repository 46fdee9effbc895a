"""What the cart reminder tells of itself on this project's durable core and on AWS's SDK."""

from pathlib import Path
from typing import Any

from tests.app.copies import ROOT, copy_application, move_to_official_sdk, run_in

GIVEN = f"""
import io, json, sys
sys.stdout = io.StringIO()
from app.entrypoints import cart_reminder
event = {(ROOT / "events" / "cart-reminder.json").read_text()!r}
"""
ON_OWN_CORE = """
from durable_local.testing import DurableFunctionTestRunner
with DurableFunctionTestRunner(cart_reminder.handler) as runner:
    runner.run(json.loads(event), "cart-reminder-c-1017")
"""
ON_OFFICIAL_SDK = """
from aws_durable_execution_sdk_python_testing import DurableFunctionTestRunner
with DurableFunctionTestRunner(handler=cart_reminder.handler) as runner:
    runner.run(event)
"""
TOLD = """
print(json.dumps({"lines": [*map(json.loads, sys.stdout.getvalue().splitlines())]}), file=sys.stderr)
"""


def lines_on_both(tmp_path: Path) -> list[list[dict[str, Any]]]:
    own, official = copy_application(tmp_path / "own"), copy_application(tmp_path / "official")
    move_to_official_sdk(official)
    ran = [(own, GIVEN + ON_OWN_CORE + TOLD), (official, GIVEN + ON_OFFICIAL_SDK + TOLD)]
    return [run_in(folder, script, APP_METRICS_NAMESPACE="Shop")["lines"] for folder, script in ran]


def test_both_engines_log_each_attempt_of_a_step_and_count_the_outcome_once(tmp_path: Path) -> None:
    for lines in lines_on_both(tmp_path):
        steps = [line for line in lines if line.get("message") == "Step ran"]
        assert [(line["operationName"], line["attempt"], line["outcome"]) for line in steps] == [
            ("cart-added", 1, "SUCCEEDED"),
            ("look-up-cart", 1, "SUCCEEDED"),
            ("send-reminder", 1, "SUCCEEDED"),
        ]
        assert [(line["outcome"], line["Executions"]) for line in lines if "_aws" in line] == [("reminded", [1])]
