"""Orders and decisions over HTTP at `durable start`, and nobody who sees the callback's id."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.app.entrypoints.conftest import ROOT
from tests.durable_local.cli.conftest import Shop
from tests.durable_local.cli.serving import Served, started

ORDER = json.loads((ROOT / "events" / "fulfilment.json").read_text())
REQUEST = json.loads((ROOT / "events" / "approvals.json").read_text())
NAME = "fulfilment-o-1001"
COMMANDS = [
    ["list"],
    ["list", "--json"],
    ["show", NAME],
    ["show", NAME, "--timeline"],
    ["show", NAME, "--json"],
    ["history", NAME],
    ["history", NAME, "--include-execution-data"],
]
PAGES = ["/", "/health", "/openapi.json", "/console"]


@dataclass(frozen=True, slots=True)
class Site:
    """A folder with a server, in which an order waits to be decided on."""

    shop: Shop
    served: Served
    client: Any

    @property
    def callback_id(self) -> str:
        with closing(sqlite3.connect(self.shop.folder / ".durable" / "durable.sqlite")) as database:
            query = "SELECT callback_id FROM operations WHERE callback_id IS NOT NULL"
            (found,) = database.execute(query).fetchone()
        return str(found)

    @property
    def approval_id(self) -> str:
        with closing(sqlite3.connect(self.shop.folder / ".durable" / "app.sqlite")) as database:
            (found,) = database.execute("SELECT approval_id FROM approvals").fetchone()
        return str(found)

    def invoke(self, function: str, event: object, **more: str) -> Any:
        """What a function answers."""
        answer = self.client.invoke(FunctionName=f"{function}:live", Payload=json.dumps(event), **more)
        return json.loads(answer["Payload"].read() or "null")

    def decide(self, decision: str = "approve", **more: str) -> Any:
        """What a reviewer is told who invokes the function."""
        request = {"approval_id": self.approval_id, "decision": decision, "decided_by": "rita"} | more
        return self.invoke("ApprovalsFunction", request)

    def request(self, body: object, approval_id: str, who: str = "user/rita") -> tuple[int, Any]:
        """The status and the answer to somebody who has signed an HTTP request."""
        signer = {"iam": {"userArn": f"arn:aws:iam::123456789012:{who}"}}
        delivery = REQUEST | {
            "requestContext": REQUEST["requestContext"] | {"authorizer": signer},
            "pathParameters": {"approval_id": approval_id},
            "body": json.dumps(body),
        }
        answer = self.invoke("ApprovalsFunction", delivery)
        return answer["statusCode"], json.loads(answer["body"])

    def outcome(self) -> Any:
        """What became of the order, once it has ended."""
        return self.invoke("FulfilmentFunction", ORDER, DurableExecutionName=NAME)

    def seen(self) -> Iterator[str]:
        """Whatever people see of the execution."""
        for command in COMMANDS:
            yield self.shop.inside(*command, width=400).stdout
        yield from (httpx.get(self.served.url + page).text for page in PAGES)
        yield from (path.read_text() for path in (self.shop.folder / ".durable" / "storage").rglob("*.json"))
        yield from (path.read_text() for path in (self.shop.folder / ".durable").rglob("*.jsonl"))

    def log(self) -> str:
        """What functions and server have written; it ends the server."""
        return self.served.output() + (self.shop.folder / "errors.txt").read_text()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "data" / "stock.csv", tmp_path / "data")
    local = (ROOT / "local.yaml").read_text()
    (tmp_path / "local.yaml").write_text(local.replace("APP_REVIEWERS: rita", "APP_REVIEWERS: rita,user/rita"))
    shop = Shop(tmp_path)
    with started(shop, "--template", ROOT / "template.yaml", errors=tmp_path / "errors.txt") as served:
        site = Site(shop, served, served.client())
        site.invoke("FulfilmentFunction", ORDER, InvocationType="Event", DurableExecutionName=NAME)
        while not (tmp_path / ".durable/storage/notices/review-order-o-1001.json").exists():
            pass
        yield site
        site.client.close()


def test_a_reviewer_approves_over_http_and_nobody_sees_the_callbacks_id(site: Site) -> None:
    approval_id, before = site.approval_id, "".join(site.seen())

    told = [
        site.request({"decision": "perhaps"}, approval_id),
        site.request({"decision": "approve", "decided_by": "sven"}, approval_id),
        site.request({"decision": "approve"}, approval_id, who="user/mallory"),
        site.request({"decision": "approve"}, "absent"),
        site.request(json.loads(REQUEST["body"]), approval_id),
        site.request({"decision": "approve"}, approval_id),
    ]
    outcome = site.outcome()

    assert [status for status, _ in told] == [400, 400, 403, 404, 200, 409]
    assert outcome["outcome"] == "fulfilled"
    seen = "".join([before, *site.seen(), json.dumps(told), json.dumps(outcome), site.log()])
    assert approval_id in seen
    assert "Order ended" in seen
    assert site.callback_id not in seen
    assert site.callback_id.encode() not in (site.shop.folder / ".durable" / "app.sqlite").read_bytes()


def test_a_reviewer_who_may_invoke_the_function_rejects_once(site: Site) -> None:
    refused = site.decide(decided_by="mallory")

    rejected = site.decide("reject", reason="stolen card")
    again = site.decide("reject", reason="stolen card")

    assert refused["errorMessage"] == "'mallory' is no reviewer, so may not decide on order o-1001"
    assert rejected == {"decision": "reject", "decided_by": "rita", "reason": "stolen card"}
    assert again["errorType"] == "AlreadyDecidedError"
    assert site.outcome()["outcome"] == "rejected"
    assert site.callback_id not in json.dumps([refused, rejected, again])


def test_a_decision_is_closed_once_the_execution_has_been_stopped(site: Site) -> None:
    approval_id = site.approval_id
    stopped = site.shop.durable("stop", NAME)

    status, answer = site.request({"decision": "approve"}, approval_id)

    assert (stopped.returncode, status) == (0, 410)
    assert site.callback_id not in json.dumps(answer)


def test_the_command_of_the_makefile_decides_on_the_order(site: Site) -> None:
    notices = site.shop.folder / ".durable/storage/notices"
    command = [sys.executable, "-m", "tools.decide", "o-1001", "approve"]
    command += ["--endpoint", site.served.url, "--notices", str(notices)]

    def called(*more: str) -> tuple[int, str]:
        ran = subprocess.run([*command, *more], cwd=ROOT, capture_output=True, text=True, check=False)
        return ran.returncode, ran.stdout + ran.stderr

    nowhere = called("--endpoint", "http://127.0.0.1:9")
    decided, again = called(), called()

    assert nowhere == (1, "No server listens at http://127.0.0.1:9; start it with: make demo\n")
    assert decided == (0, "Order o-1001: approve by rita\n")
    assert again[0] == 1
    assert "was decided on before" in again[1]
    assert site.outcome()["outcome"] == "fulfilled"


def test_whatever_is_no_decision_is_refused(site: Site) -> None:
    assert site.invoke("ApprovalsFunction", {"order": 7})["errorType"] == "InvalidRequestError"
