import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.entrypoints import greeting
from durable_local.hosts.loading import cold
from durable_local.testing import DurableFunctionTestRunner
from tests.app.entrypoints.conftest import ROOT, log_lines

HANDLER = "app.entrypoints.tour.handler"
EVENT = json.loads((ROOT / "events" / "tour.json").read_text())
RUN_AND_TELL = """
import json, sys
from app.entrypoints import greeting, tour
from durable_local.testing import DurableFunctionTestRunner
with DurableFunctionTestRunner(tour.handler).register_function("GreetingFunction", greeting.handler) as runner:
    arn = runner.run_async(json.load(open("events/tour.json")), "first")
    callback_id = runner.wait_for_callback(arn)
    runner.send_callback_success(callback_id, "a secret answer")
    result = runner.wait_for_result(arn)
print(json.dumps([result.status, result.invocations, callback_id]), file=sys.stderr)
"""


@pytest.mark.usefixtures("modules")
def test_the_sample_event_goes_on_once_it_is_answered(results: Path) -> None:
    with DurableFunctionTestRunner(loader=cold(HANDLER)) as runner:
        runner.register_function("GreetingFunction", greeting.handler)
        arn = runner.run_async(EVENT, "first")
        runner.send_callback_success(runner.wait_for_callback(arn, "wait-for-external-callback"), "yes")
        result = runner.wait_for_result(arn)

    assert result.status == "SUCCEEDED"
    assert Path(result.result["report"]) == results / "tour" / "first" / "report.txt"
    assert sorted(path.name for path in (results / "tour" / "first").iterdir()) == [
        *(f"item-{number}.txt" for number in (1, 2, 3)),
        "question.txt",
        "report.txt",
    ]


@pytest.mark.usefixtures("modules")
def test_with_readiness_as_a_document_it_goes_on_once_that_lies_there(
    monkeypatch: pytest.MonkeyPatch, results: Path
) -> None:
    monkeypatch.setenv("APP_READINESS", "document")

    def run(name: str) -> tuple[str, int]:
        arn = runner.run_async(EVENT, name)
        runner.send_callback_success(runner.wait_for_callback(arn), "yes")
        result = runner.wait_for_result(arn)
        return result.status, result.get_operation_by_name("wait-until-ready").attempts

    with DurableFunctionTestRunner(loader=cold(HANDLER)) as runner:
        runner.register_function("GreetingFunction", greeting.handler)
        (results / "tour" / "first").mkdir(parents=True)
        (results / "tour" / "first" / "ready").touch()
        told = [run("first"), run("second")]

    assert told == [("SUCCEEDED", 1), ("FAILED", 20)]


def test_its_log_lines_hold_neither_the_callbacks_id_nor_what_was_answered(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", RUN_AND_TELL],
        env={**os.environ, "APP_STORAGE_ROOT": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    lines, _ = log_lines(ran.stdout)
    status, invocations, callback_id = json.loads(ran.stderr)

    assert (status, invocations > 1) == ("SUCCEEDED", True)
    assert [(line["message"], line["question"]) for line in lines] == [
        ("An answer is awaited", str(tmp_path / "tour" / "first" / "question.txt"))
    ]
    assert callback_id not in ran.stdout
    assert "secret" not in ran.stdout
