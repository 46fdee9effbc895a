"""The same cart reminder on this project's durable core and on AWS's SDK."""

import json
from pathlib import Path
from typing import Any

from tests.app.copies import ROOT, copy_application, move_to_official_sdk, run_in

GIVEN = f"""
import json, sys
from app.entrypoints import cart_reminder, checkout
event = {(ROOT / "events" / "cart-reminder.json").read_text()!r}
checked_out = {(ROOT / "events" / "checkout.json").read_text()!r}
"""
CHECK_OUT = "checkout.handler(json.loads(checked_out), None)\n"
ON_OWN_CORE = """
from durable_local.testing import DurableFunctionTestRunner
official = False
with DurableFunctionTestRunner(cart_reminder.handler) as runner:
    result = runner.run(json.loads(event), "cart-reminder-c-1017")
"""
ON_OFFICIAL_SDK = """
from aws_durable_execution_sdk_python_testing import DurableFunctionTestRunner
official = True
with DurableFunctionTestRunner(handler=cart_reminder.handler) as runner:
    result = runner.run(event)
"""
TOLD = """
operations = result.get_all_operations() if official else result.operations
tree = sorted([each.name, getattr(each.status, "value", each.status)] for each in operations)
answer = json.loads(result.result) if official else result.result
print(json.dumps({"status": getattr(result.status, "value", result.status), "result": answer, "tree": tree}),
    file=sys.stderr)
"""


def run_on_both(tmp_path: Path, before: str = "") -> list[tuple[dict[str, Any], Path]]:
    """What the same reminder comes to on each engine, and the folder where it has left its traces."""
    own, official = copy_application(tmp_path / "own"), copy_application(tmp_path / "official")
    move_to_official_sdk(official)
    return [
        (run_in(own, GIVEN + before + ON_OWN_CORE + TOLD), own),
        (run_in(official, GIVEN + before + ON_OFFICIAL_SDK + TOLD), official),
    ]


def notices(folder: Path) -> list[dict[str, str]]:
    return [json.loads(path.read_text()) for path in (folder / "results").glob("notices/*")]


def test_both_engines_record_the_same_operations_and_tell_the_customer_once(tmp_path: Path) -> None:
    (ours, own), (theirs, official) = run_on_both(tmp_path)

    assert ours["status"] == theirs["status"] == "SUCCEEDED"
    assert ours["result"]["outcome"] == theirs["result"]["outcome"] == "reminded"
    assert ours["tree"] == theirs["tree"]
    assert notices(own) == notices(official)
    assert [notice["recipient"] for notice in notices(own)] == ["c-1"]


def test_both_engines_tell_nobody_of_a_cart_that_was_checked_out(tmp_path: Path) -> None:
    (ours, own), (theirs, official) = run_on_both(tmp_path, CHECK_OUT)

    assert ours["result"]["outcome"] == theirs["result"]["outcome"] == "checked-out"
    assert ours["tree"] == theirs["tree"]
    assert [*notices(own), *notices(official)] == []
