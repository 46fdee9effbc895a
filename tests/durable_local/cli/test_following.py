"""`durable run --endpoint` against a server on this machine, as against AWS."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from tests.durable_local.cli.conftest import Shop
from tests.durable_local.cli.serving import Served, started
from tests.durable_local.cli.test_remote import TEMPLATE

SOON = """
  Soon:
    Type: AWS::Serverless::Function
    Properties:
      Handler: shop.asks_soon
      DurableConfig: {ExecutionTimeout: 7200}
"""


@pytest.fixture(scope="module")
def served(shop: Shop) -> Iterator[Served]:
    """A server of the application."""
    (shop.folder / "template.yaml").write_text(TEMPLATE + SOON)
    with started(shop, errors=shop.folder / "errors.txt") as server:
        yield server


def run(shop: Shop, served: Served, *arguments: str) -> Result:
    """The command at the server, in this process."""
    return shop.inside("run", *arguments, "--endpoint", served.url)


def test_a_deployed_function_is_followed_to_its_end(shop: Shop, served: Served) -> None:
    ended = run(shop, served, "Shop:$LATEST", "--name", "monday")

    assert ended.exit_code == 0, ended.stderr
    assert "monday  SUCCEEDED" in ended.stdout
    assert json.dumps({"größe": [3, 9]}, indent=2, ensure_ascii=False) in ended.stdout
    assert f"--endpoint {served.url}" in ended.stdout
    assert "✓ fetch  steps 1" in ended.stderr
    assert "✓ customers  steps 3 · items 3" in ended.stderr


def test_a_name_that_has_ended_runs_nothing_again(shop: Shop, served: Served) -> None:
    event = str(shop.folder / shop.event(n=1))
    first = json.loads(run(shop, served, "Shop:$LATEST", "--name", "again", "--event", event, "--json").stdout)
    ledger = (shop.folder / "ledger.txt").read_text()

    second = json.loads(run(shop, served, "Shop:$LATEST", "--name", "again", "--json").stdout)

    assert (second, (shop.folder / "ledger.txt").read_text()) == (first, ledger)


def test_a_failed_execution_has_exit_code_1(shop: Shop, served: Served) -> None:
    failed = run(shop, served, "Shop:$LATEST", "--event", str(shop.folder / shop.event(fail=True)))

    assert failed.exit_code == 1
    assert "as asked" in failed.stdout


def test_an_execution_that_waits_for_an_answer_has_exit_code_3(shop: Shop, served: Served) -> None:
    waiting = run(shop, served, "Asks:$LATEST", "--name", "asked")

    assert waiting.exit_code == 3
    assert "It waits for an answer from outside." in waiting.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["Missing:$LATEST"], "Function not found"),
        (["Shop:$LATEST", "--event", "none.json"], "The event none.json cannot be read"),
        (["Shop:$LATEST", "--name", "no name"], "DurableExecutionName"),
    ],
)
def test_what_cannot_be_run_is_wrong_usage(shop: Shop, served: Served, arguments: list[str], told: str) -> None:
    refused = run(shop, served, *arguments)

    assert refused.exit_code == 2, refused.stderr
    assert told in refused.stderr


def test_another_event_for_a_name_is_refused(shop: Shop, served: Served, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"other": 1}')
    run(shop, served, "Asks:$LATEST", "--name", "twice")

    refused = run(shop, served, "Asks:$LATEST", "--name", "twice", "--event", str(tmp_path / "other.json"))

    assert refused.exit_code == 2, refused.stderr
    assert "twice" in refused.stderr


def test_an_interrupt_leaves_the_execution_and_tells_how_to_go_on(shop: Shop, served: Served) -> None:
    command = shop.command("run", "Soon:$LATEST", "--name", "long", "--endpoint", served.url)
    with subprocess.Popen(
        command, cwd=shop.folder, env=shop.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        assert "approval" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()

    assert process.returncode == 130
    assert f"run 'Soon:$LATEST' --name long --endpoint {served.url}" in told
    assert shop.told("show", "long")["Status"] == "RUNNING"
