"""The same application on this project's durable core and on AWS's SDK."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.app.copies import OFFICIAL, copy_application, documents, move_to_official_sdk, run_in

ON_OWN_CORE = """
import json, sys
from app.entrypoints.pipeline import handler
from durable_local.testing import run
result = run(handler, {"event_contexts": ["customers", "products", "orders"]})
names = {each.operation_id: each.name for each in result.operations}
tree = [[each.name, names.get(each.parent_id), str(each.status)] for each in result.operations]
print(json.dumps({"status": result.status, "result": result.result, "tree": tree}), file=sys.stderr)
"""
ON_OFFICIAL_SDK = """
import json, sys
from app.entrypoints.pipeline import handler
from aws_durable_execution_sdk_python_testing import DurableFunctionTestRunner
with DurableFunctionTestRunner(handler=handler) as runner:
    runner.register_durable_function("pipeline", handler)
    result = runner.run(json.dumps({"event_contexts": ["customers", "products", "orders"]}))
operations = result.get_all_operations()
names = {each.operation_id: each.name for each in operations}
tree = [[each.name, names.get(each.parent_id), each.status.value] for each in operations]
told = {"status": result.status.value, "result": json.loads(result.result), "tree": tree}
print(json.dumps(told), file=sys.stderr)
"""
SMALL_QUOTAS = {"APP_OPERATIONS": "40", "APP_PAGE_ROWS": "5", "APP_BATCH_PAGES": "1"}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return copy_application(tmp_path / "own")


@pytest.fixture
def official(tmp_path: Path) -> Path:
    folder = copy_application(tmp_path / "official")
    move_to_official_sdk(folder)
    return folder


def name_the_function(folder: Path) -> None:
    """Have shards invoke the function by a name of its own: the ARNs of AWS's emulator name no function."""
    workflow = folder / "app" / "workflows" / "pipeline.py"
    text = workflow.read_text()
    assert "function_name(context.execution_context.durable_execution_arn)" in text
    workflow.write_text(text.replace("function_name(context.execution_context.durable_execution_arn)", '"pipeline"'))


def delivered(folder: Path) -> dict[str, str]:
    """What a run has stored and rejected; staged plans hold addresses, and so the execution's name."""
    return {key: text for key, text in documents(folder).items() if not key.startswith("staged/")}


def counts(told: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {name: (each["stored"], each["rejected"]) for name, each in told["result"].items()}


def test_both_engines_record_the_same_operations_and_keep_the_same_documents(own: Path, official: Path) -> None:
    ours = run_in(own, ON_OWN_CORE)
    theirs = run_in(official, ON_OFFICIAL_SDK)

    assert (ours["status"], theirs["status"]) == ("SUCCEEDED", "SUCCEEDED")
    assert counts(ours) == counts(theirs)
    assert sorted(map(str, ours["tree"])) == sorted(map(str, theirs["tree"]))
    assert documents(own) == documents(official)
    assert len(documents(own)) == sum(map(sum, counts(ours).values())) + len(["page", "its repeated rows"] * 3)


def test_both_engines_run_the_same_shards(own: Path, official: Path) -> None:
    name_the_function(official)

    ours = run_in(own, ON_OWN_CORE, **SMALL_QUOTAS)
    theirs = run_in(official, ON_OFFICIAL_SDK, **SMALL_QUOTAS)

    assert (ours["status"], theirs["status"]) == ("SUCCEEDED", "SUCCEEDED")
    assert counts(ours) == counts(theirs)
    assert sorted(map(str, ours["tree"])) == sorted(map(str, theirs["tree"]))
    assert delivered(own) == delivered(official)
    assert "documents/orders/shard-00001/batch-00000.jsonl" in delivered(own)


def test_moving_to_the_official_sdk_leaves_no_import_of_the_core_behind(official: Path) -> None:
    sources = "\n".join(path.read_text() for path in (official / "app").rglob("*.py"))

    assert OFFICIAL in sources
    assert not re.search(r"^\s*(from|import) durable\b", sources, flags=re.MULTILINE)
