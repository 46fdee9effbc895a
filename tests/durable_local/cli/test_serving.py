"""`durable start`, from its command line to boto3."""

import json
import signal
import socket
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.durable_local.cli.conftest import ROOT, Shop
from tests.durable_local.cli.serving import started

TEMPLATE = """
Globals:
  Function:
    Runtime: python3.13
    CodeUri: .
    Timeout: 30
    MemorySize: 512
    Environment:
      Variables:
        LEDGER: !Sub ${Local::Folder}/ledger.txt
Resources:
  Naps:
    Type: AWS::Serverless::Function
    Properties:
      Handler: market.naps
      DurableConfig: {ExecutionTimeout: 86400}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: market.orders
      DurableConfig: {ExecutionTimeout: 300}
  Theirs:
    Type: AWS::Serverless::Function
    Properties:
      Handler: market.theirs
      DurableConfig: {ExecutionTimeout: 300}
  Counts:
    Type: AWS::Serverless::Function
    Properties:
      Handler: market.counts
      DurableConfig: {ExecutionTimeout: 300}
  Prices:
    Type: AWS::Serverless::Function
    Properties:
      Handler: market.prices
  Meets:
    Type: AWS::Serverless::Function
    Properties:
      Handler: market.meets
      ReservedConcurrentExecutions: 1
      DurableConfig: {ExecutionTimeout: 300}
"""
CODE = """
import os
import threading

from aws_durable_execution_sdk_python import durable_execution as official_durable_execution

from durable import durable_execution
from durable.config import Duration


def note(line):
    with open(os.environ["LEDGER"], "a") as file:
        print(line, file=file)


@durable_execution
def naps(event, context):
    context.step(lambda _: note("before"), name="before")
    context.wait(Duration.from_seconds(event["seconds"]), name="nap")
    context.step(lambda _: note("after"), name="after")
    return "rested"


@durable_execution
def orders(event, context):
    return context.invoke("Prices", event)


@durable_execution
def counts(event, context):
    for number in range(event["to"]):
        context.step(lambda _: number, name="count")
    return event["to"]


@official_durable_execution
def theirs(event, context):
    return context.step(lambda _: "done by AWS's SDK", name="only")


meeting = threading.Barrier(2)


@durable_execution
def meets(event, context):
    try:
        meeting.wait(0.2)
    except threading.BrokenBarrierError:
        return "alone"
    return "together"


def prices(event, context):
    if event.get("crash"):
        os._exit(9)
    return {"price": 3 * event["count"], "pid": os.getpid()}
"""
HOSTS = ["threads", pytest.param("processes", marks=pytest.mark.slow)]


@pytest.fixture
def market(tmp_path: Path) -> Shop:
    """A folder with a template, and no server yet."""
    (tmp_path / "market.py").write_text(CODE)
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    return Shop(tmp_path)


def invoked(client: Any, function: str, event: object, **options: str) -> dict[str, Any]:
    answer = client.invoke(FunctionName=function, Payload=json.dumps(event), **options)
    return {**answer, "Payload": json.loads(answer["Payload"].read() or "null")}


@pytest.mark.parametrize("host", HOSTS)
def test_the_template_of_this_repository_runs_the_pipeline(tmp_path: Path, host: str) -> None:
    overrides = (ROOT / "local.yaml").read_text().replace("${Local::Folder}/data", f"{ROOT}/data")
    (tmp_path / "local.yaml").write_text(overrides)
    event = json.loads((ROOT / "events/pipeline.json").read_text())

    with started(
        Shop(tmp_path), "--template", ROOT / "template.yaml", "--host", host, errors=tmp_path / "errors.txt"
    ) as served:
        client = served.client()
        answer = invoked(client, "PipelineFunction:$LATEST", event, DurableExecutionName="monday")
        execution = client.get_durable_execution(DurableExecutionArn=answer["DurableExecutionArn"])
        code = served.stop()

    assert "FunctionError" not in answer, answer["Payload"]
    assert set(answer["Payload"]) == {"customers", "products", "orders"}
    assert (execution["Status"], execution["DurableExecutionName"]) == ("SUCCEEDED", "monday")
    assert len(list(tmp_path.glob(".durable/storage/documents/monday/*"))) == 3
    assert code == 0


@pytest.mark.parametrize("host", HOSTS)
def test_a_stopped_server_goes_on_with_its_executions_at_the_next_start(market: Shop, host: str) -> None:
    errors = market.folder / "errors.txt"
    name = {"DurableExecutionName": "long-nap"}
    with started(market, "--host", host, errors=errors) as served:
        invoked(served.client(), "Naps:$LATEST", {"seconds": 3600}, InvocationType="Event", **name)
        while not (market.folder / "ledger.txt").exists():
            pass
        assert served.stop() == 0

    assert f"-m durable_local start --port 0 --host {host}\n" in errors.read_text()
    with started(market, "--host", host, "--clock", "skipping", errors=errors) as served:
        answer = invoked(served.client(), "Naps:$LATEST", {"seconds": 3600}, **name)

    assert answer["Payload"] == "rested"
    assert (market.folder / "ledger.txt").read_text().split() == ["before", "after"]


def test_the_address_that_the_start_prints_opens_the_console(market: Shop) -> None:
    with started(market, errors=market.folder / "errors.txt") as served, httpx.Client(base_url=served.url) as browser:
        invoked(served.client(), "Counts:$LATEST", {"to": 1}, DurableExecutionName="counted")
        browser.get(served.console)

        assert ">counted</a>" in browser.get("/", follow_redirects=True).text


def test_the_console_offers_the_sample_events_beside_the_template(market: Shop) -> None:
    (market.folder / "events").mkdir()
    (market.folder / "events" / "market-day.json").write_text('{"to": 1}')
    with started(market, errors=market.folder / "errors.txt") as served, httpx.Client(base_url=served.url) as browser:
        browser.get(served.console)

        page = browser.get("/console/start?function=Counts").text

    assert '<option value="market-day" selected>' in page
    assert "{&#34;to&#34;: 1}</textarea>" in page


def test_a_function_on_awss_sdk_runs_in_a_thread(market: Shop) -> None:
    with started(market, errors=market.folder / "errors.txt") as served:
        answer = invoked(served.client(), "Theirs:$LATEST", {})

    assert answer["Payload"] == "done by AWS's SDK"


def test_a_server_keeps_to_the_quotas_of_aws_unless_they_are_lifted(market: Shop) -> None:
    answers = []
    for quotas in ("aws", "none"):
        with started(market, "--quotas", quotas, errors=market.folder / "errors.txt") as served:
            answers.append(invoked(served.client(), "Counts:$LATEST", {"to": 3_001})["Payload"])

    assert "--quotas none lifts it on this machine" in answers[0]["errorMessage"]
    assert answers[1] == 3_001


def test_a_function_runs_no_more_often_at_once_than_the_template_reserves(market: Shop) -> None:
    names: list[dict[str, str]] = [{"DurableExecutionName": name} for name in ("one", "two")]

    with started(market, errors=market.folder / "errors.txt") as served:
        for name in names:
            invoked(served.client(), "Meets:$LATEST", {}, InvocationType="Event", **name)
        answers = [invoked(served.client(), "Meets:$LATEST", {}, **name)["Payload"] for name in names]

    assert answers == ["alone", "alone"]


def test_functions_in_processes_invoke_each_other_and_a_crash_is_one_invocations_failure(market: Shop) -> None:
    with started(market, "--host", "processes", errors=market.folder / "errors.txt") as served:
        client = served.client()
        answer = invoked(client, "Orders:$LATEST", {"count": 2})["Payload"]
        crash = invoked(client, "Prices", {"crash": True})
        crashed = invoked(client, "Orders:$LATEST", {"crash": True})
        after = invoked(client, "Prices", {"count": 1})["Payload"]

    assert answer["price"] == 6
    assert answer["pid"] != served.process.pid
    assert crash["Payload"] == {
        "errorType": "Runtime.ExitError",
        "errorMessage": "Runtime exited with error: exit status 9",
    }
    assert crashed["FunctionError"] == "Unhandled"
    assert crashed["Payload"]["errorMessage"] == "Runtime exited with error: exit status 9"
    assert after["price"] == 3


@pytest.mark.slow
def test_a_server_that_is_killed_leaves_no_worker(market: Shop) -> None:
    with started(market, "--host", "processes", errors=market.folder / "errors.txt") as served:
        pid = invoked(served.client(), "Prices", {"count": 1})["Payload"]["pid"]
        assert psutil.pid_exists(pid)

        served.process.send_signal(signal.SIGKILL)
        served.process.wait()

    while psutil.pid_exists(pid):
        pass


def start(shop: Shop, *options: str) -> tuple[int, str]:
    """The exit code and the error of a start that fails, in this process."""
    files = {"--template": shop.folder / "template.yaml", "--overrides": shop.folder / "local.yaml"}
    result = shop.inside("start", *(str(each) for pair in files.items() for each in pair), *options)
    return result.exit_code, result.stderr


def test_what_is_missing_is_named_with_the_lines_to_add(market: Shop) -> None:
    template = TEMPLATE.replace("!Sub ${Local::Folder}/ledger.txt", "!Ref Bucket")
    (market.folder / "template.yaml").write_text(template)

    code, told = start(market)

    assert code == 2
    assert f"Add to {market.folder}/local.yaml:" in told
    assert "Naps:\n  LEDGER: VALUE  # Bucket exists only where it is deployed\n" in told


def test_functions_that_cannot_share_an_environment_are_named(market: Shop) -> None:
    (market.folder / "local.yaml").write_text("Prices:\n  LEDGER: other\n")

    code, told = start(market, "--port", "0")

    assert code == 2
    assert "Naps and Prices give different values to LEDGER" in told


def test_a_database_that_another_server_runs_is_refused(market: Shop) -> None:
    with started(market, errors=market.folder / "errors.txt"):
        refused = market.durable("start", "--port", "0")

    assert refused.returncode == 4
    assert "are being run by another process" in refused.stderr


def test_a_port_that_is_taken_is_named(market: Shop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        assert start(market, "--port", port) == (
            2,
            f"Error: Port {port} is taken; choose another one with --port, or 0 for any that is free\n",
        )


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (None, "cannot be run: No such file or directory; name another one with --python"),
        ("exit 1", "has no awslambdaric"),
    ],
)
def test_a_python_that_cannot_run_workers_is_named(market: Shop, script: str | None, told: str) -> None:
    python = market.folder / "python"
    if script:
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)

    code, error = start(market, "--host", "processes", "--python", str(python), "--port", "0")

    assert code == 2
    assert told in error


def test_built_code_is_run_by_no_other_python_than_the_one_it_was_built_for(market: Shop) -> None:
    (market.folder / "pydantic-2.dist-info").mkdir()
    (market.folder / "python").write_text("#!/bin/sh\necho python3.99\n")
    (market.folder / "python").chmod(0o755)

    code, error = start(market, "--host", "processes", "--python", str(market.folder / "python"), "--port", "0")

    assert code == 2
    assert "Naps was built for python3.13" in error


def test_a_template_without_a_function_that_can_run_says_why(market: Shop) -> None:
    (market.folder / "template.yaml").write_text(TEMPLATE.replace("python3.13", "nodejs24.x"))

    assert "Naps is left out: it runs on nodejs24.x" in start(market)[1]
