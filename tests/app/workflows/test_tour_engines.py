"""The same tour on this project's durable core and on AWS's SDK."""

from pathlib import Path
from typing import Any

from tests.app.copies import ROOT, TOLD, copy_application, documents, move_to_official_sdk, run_in

GIVEN = f"""
import json, sys
from app.entrypoints import greeting, tour
event = {(ROOT / "events" / "tour.json").read_text()!r}
"""
ON_OWN_CORE = """
from durable_local.testing import DurableFunctionTestRunner
official = False
with DurableFunctionTestRunner(tour.handler).register_function("GreetingFunction", greeting.handler) as runner:
    arn = runner.run_async(json.loads(event), "first")
    runner.send_callback_success(runner.wait_for_callback(arn, "wait-for-external-callback"), "yes")
    result = runner.wait_for_result(arn)
"""
ON_OFFICIAL_SDK = """
from aws_durable_execution_sdk_python_testing import DurableFunctionTestRunner
official = True
with DurableFunctionTestRunner(handler=tour.handler) as runner:
    runner.register_function("GreetingFunction:live", greeting.handler)
    arn = runner.run_async(event, execution_name="first", timeout=7200)
    answered = runner.wait_for_callback(arn, "wait-for-external-callback create callback id")
    runner.send_callback_success(answered, b'"yes"')
    result = runner.wait_for_result(arn)
"""


def told(run: dict[str, Any]) -> dict[str, Any]:
    """The result without the execution's name, which AWS's runner makes up."""
    return {name: value for name, value in run["result"].items() if name not in {"labels", "report"}}


def test_both_engines_record_the_same_operations_and_leave_the_same_documents(tmp_path: Path) -> None:
    own, official = copy_application(tmp_path / "own"), copy_application(tmp_path / "official")
    move_to_official_sdk(official)

    ours = run_in(own, GIVEN + ON_OWN_CORE + TOLD)
    theirs = run_in(official, GIVEN + ON_OFFICIAL_SDK + TOLD)

    assert ours["status"] == theirs["status"] == "SUCCEEDED"
    assert told(ours) == told(theirs)
    assert sorted(map(str, ours["tree"])) == sorted(map(str, theirs["tree"]))
    assert documents(own) == documents(official)
    assert len(documents(own)) == len(["question", "report", *ours["result"]["labels"]])
