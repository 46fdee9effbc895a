"""Requests made from the server's own description, good and bad: nothing brings it down, and it answers as it says."""

import json
import queue
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from durable_local.clock import SystemClock
from tests.durable_local.http.serving import Served, serving
from tests.durable_local.http.test_api import NOWHERE, approving, counting
from tests.durable_local.http.test_openapi import DOCUMENT

pytestmark = pytest.mark.slow

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
SERVERS_FAULT = 500
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4),
    max_leaves=20,
)
UPDATE = st.fixed_dictionaries(
    {
        "Id": st.sampled_from(["a", "b", "c"]),
        "Type": st.sampled_from(["EXECUTION", "CONTEXT", "STEP", "WAIT", "CALLBACK", "CHAINED_INVOKE"]),
        "Action": st.sampled_from(["START", "SUCCEED", "FAIL", "RETRY", "CANCEL"]),
    },
    optional={
        "ParentId": st.sampled_from(["a", "b", "c"]) | JSON,
        "Name": st.text() | JSON,
        "SubType": st.text() | JSON,
        "Payload": st.text() | JSON,
        "Error": st.fixed_dictionaries({}, optional={"ErrorMessage": st.text(), "StackTrace": st.lists(st.text())}),
        "StepOptions": st.fixed_dictionaries({"NextAttemptDelaySeconds": st.integers() | JSON}),
        "WaitOptions": st.fixed_dictionaries({"WaitSeconds": st.integers() | JSON}),
        "CallbackOptions": st.fixed_dictionaries({"TimeoutSeconds": st.integers() | JSON}),
        "ChainedInvokeOptions": st.fixed_dictionaries({"FunctionName": st.sampled_from(["f", "plain", "g:1"]) | JSON}),
        "ContextOptions": st.fixed_dictionaries({"ReplayChildren": st.booleans() | JSON}),
    },
)


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Served]:
    """A server with an execution that waits, one that has ended, and a plain function."""
    with serving(SystemClock()) as served:
        served.host("f", approving)
        served.host("counting", counting)
        served.call("plain", lambda event, context: event)
        yield served


def fuzz(served: Served, document: dict[str, Any], folder: Path) -> None:
    """Everything that Schemathesis checks, but that what has the right form is always accepted.

    It may come too late, for a token is used once and a callback answered once; and two qualifiers may contradict.
    """
    described = folder / "openapi.json"
    described.write_text(json.dumps(document), encoding="utf-8")
    settings = ["--generation-database", "none", "--suppress-health-check", "all", "--no-color", "--max-examples", "15"]
    checks = ["--checks", "all", "--exclude-checks", "positive_data_acceptance"]
    target = ["--url", served.server.url, "--header", f"Authorization: Bearer {served.server.token}"]
    command: list[str | Path] = [SCHEMATHESIS, "run", described, *target, *settings, *checks]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_server_answers_as_it_says_whatever_it_is_asked(fuzzed: Served, tmp_path: Path) -> None:
    fuzz(fuzzed, DOCUMENT, tmp_path)


def test_the_server_answers_as_it_says_about_what_there_is(fuzzed: Served, tmp_path: Path) -> None:
    ended = fuzzed.start("counting", 3)
    waiting, callback = fuzzed.start_and_ask("f")
    known = {
        "DurableExecutionArn": [ended, waiting],
        "FunctionName": ["plain", "counting:$LATEST"],
        "CallbackId": [callback],
    }

    fuzz(fuzzed, knowing(known), tmp_path)


def knowing(known: dict[str, list[str]]) -> dict[str, Any]:
    """The document, with names of what there is in the place of patterns."""
    document: dict[str, Any] = json.loads(json.dumps(DOCUMENT))
    for methods in document["paths"].values():
        for described in methods.values():
            for parameter in described["parameters"]:
                if parameter["name"] in known:
                    parameter["schema"] = {"enum": known[parameter["name"]]}
    return document


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_body_brings_a_call_down(fuzzed: Served, body: bytes) -> None:
    arn = NOWHERE.replace("/", "%2F")
    with fuzzed.http() as client:
        answers = [
            client.post(f"/2025-12-01/durable-executions/{arn}/checkpoint", content=body),
            client.post(f"/2025-12-01/durable-executions/{arn}/stop", content=body),
            client.post("/2025-12-01/durable-execution-callbacks/bm9ib2R5/fail", content=body),
            client.post("/2025-12-01/durable-execution-callbacks/bm9ib2R5/succeed", content=body),
            client.post("/2015-03-31/functions/plain/invocations", content=body),
        ]

    assert [answer.status_code for answer in answers if answer.status_code >= SERVERS_FAULT] == []


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(updates=st.lists(UPDATE, max_size=4))
def test_no_update_brings_a_running_invocation_down(fuzzed: Served, updates: list[Any]) -> None:
    statuses: queue.SimpleQueue[int] = queue.SimpleQueue()

    def invoked(event: Any, _context: Any) -> Any:
        asked = {"CheckpointToken": event.checkpoint_token, "Updates": updates}
        statuses.put(checkpoint(fuzzed, event.arn, asked).status_code)
        return {"Status": "SUCCEEDED", "Result": "0"}

    fuzzed.host("invoked", invoked, present=lambda invocation: invocation)
    ended = fuzzed.dispatcher.wait(fuzzed.start("invoked"), 20)

    assert ended.status in {"SUCCEEDED", "FAILED"}
    assert statuses.get(timeout=20) in {200, 400}


def checkpoint(served: Served, arn: str, asked: dict[str, Any]) -> httpx.Response:
    with served.http() as client:
        path = f"/2025-12-01/durable-executions/{arn.replace('/', '%2F')}/checkpoint"
        return client.post(path, content=json.dumps(asked).encode())
