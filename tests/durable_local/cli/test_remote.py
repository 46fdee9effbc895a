"""The commands beside a running server: through its database, and through its API as through AWS's."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from durable_local.cli.address import address
from tests.durable_local.cli.conftest import Shop
from tests.durable_local.cli.serving import Served, started

TEMPLATE = """
Globals:
  Function: {Runtime: python3.13, CodeUri: ., Timeout: 30, MemorySize: 512}
Resources:
  Shop:
    Type: AWS::Serverless::Function
    Properties:
      Handler: shop.handler
      DurableConfig: {ExecutionTimeout: 300}
  Asks:
    Type: AWS::Serverless::Function
    Properties:
      Handler: shop.asks
      DurableConfig: {ExecutionTimeout: 300}
"""


@pytest.fixture(scope="module")
def served(shop: Shop) -> Iterator[Served]:
    """A server of the application, with an execution that has ended."""
    (shop.folder / "template.yaml").write_text(TEMPLATE)
    with started(shop, errors=shop.folder / "errors.txt") as server:
        begun(server, "Shop", "monday", wait=True)
        yield server


def begun(served: Served, function: str, name: str, *, wait: bool = False) -> Any:
    """Begin an execution, or find it, and wait for its end; its ARN."""
    answer = served.client().invoke(
        FunctionName=f"{function}:$LATEST",
        DurableExecutionName=name,
        Payload=b"{}",
        InvocationType="RequestResponse" if wait else "Event",
    )
    return answer["DurableExecutionArn"]


@pytest.fixture(params=["database", "endpoint"])
def way(request: pytest.FixtureRequest, served: Served) -> list[str]:
    """The options that lead to the server's executions of Asks."""
    return [] if request.param == "database" else ["--endpoint", served.url, "--function", "Asks"]


def waiting(shop: Shop, served: Served, name: str) -> None:
    """An execution whose callback is open."""
    begun(served, "Asks", name)
    while not any(each["Type"] == "CALLBACK" for each in shop.told("show", name)["Operations"]):
        pass


def asked(shop: Shop, served: Served, *arguments: str) -> tuple[Result, Result]:
    """A command's answer from the database, and from the API."""
    there = ["--endpoint", served.url, "--function", "Shop"]
    return shop.inside(*arguments), shop.inside(*arguments, *there)


def read(told: Result) -> Any:
    """A document, whose members have no order, or a text."""
    return json.loads(told.stdout) if told.stdout[0] in "[{" else told.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "monday"],
        ["show", "monday", "--all"],
        ["show", "monday", "--timeline"],
        ["show", "monday", "--json"],
        ["history", "monday"],
        ["history", "monday", "--json"],
        ["history", "monday", "--include-execution-data", "--json"],
        ["export", "monday"],
        ["list", "--function", "Shop"],
        ["list", "--function", "Shop", "--json"],
    ],
)
def test_an_endpoint_tells_what_the_database_tells(shop: Shop, served: Served, arguments: list[str]) -> None:
    here, there = asked(shop, served, *arguments)

    assert (here.exit_code, there.exit_code) == (0, 0), there.stderr
    assert "monday" in here.stdout or "ExecutionStarted" in here.stdout
    assert read(there) == read(here)


@pytest.mark.parametrize(("handler", "code"), [("shop.handler", 0), ("shop.asks", 1)])
def test_an_execution_at_an_endpoint_is_replayed(shop: Shop, served: Served, handler: str, code: int) -> None:
    replayed = shop.durable("replay", "monday", handler, "--endpoint", served.url, "--function", "Shop")

    assert (replayed.returncode, replayed.stderr) == (code, "")
    assert f"{handler} over monday" in " ".join(replayed.stdout.split())


def test_an_endpoint_without_the_execution_to_replay_is_told(shop: Shop, served: Served) -> None:
    refused = shop.inside("replay", "never", "shop.handler", "--endpoint", served.url, "--function", "Shop")

    assert refused.exit_code == 2
    assert "There is neither a file nor an execution never" in refused.stderr


def test_an_arn_is_enough_at_an_endpoint(shop: Shop, served: Served) -> None:
    arn = begun(served, "Shop", "monday", wait=True)

    assert shop.inside("show", arn, "--endpoint", served.url).exit_code == 0


def test_an_answer_wakes_the_server(shop: Shop, served: Served, way: list[str]) -> None:
    name = f"answered-{len(way)}"
    waiting(shop, served, name)

    answered = shop.inside("callback", "succeed", name, "approval", "--result", '"yes"', *way)

    assert (answered.exit_code, answered.stderr) == (0, "")
    begun(served, "Asks", name, wait=True)
    assert shop.told("show", name)["Status"] == "SUCCEEDED"


def test_a_failure_is_told_with_its_type(shop: Shop, served: Served, way: list[str]) -> None:
    name = f"declined-{len(way)}"
    waiting(shop, served, name)

    assert shop.inside("callback", "heartbeat", name, "approval", *way).exit_code == 0
    failed = shop.inside("callback", "fail", name, "approval", "--message", "no", "--error-type", "Declined", *way)

    assert failed.exit_code == 0
    begun(served, "Asks", name, wait=True)
    (operation,) = shop.told("show", name)["Operations"]
    assert operation["Error"] == {"ErrorMessage": "no", "ErrorType": "Declined"}


def test_a_stop_reaches_the_server(shop: Shop, served: Served, way: list[str]) -> None:
    name = f"stopped-{len(way)}"
    waiting(shop, served, name)

    first, second = (shop.inside("stop", name, *way) for _ in "12")

    assert (first.exit_code, first.stdout) == (0, f"Execution {name} is stopped.\n")
    assert "was over before, STOPPED" in second.stdout


def test_no_table_tells_a_callbacks_id(shop: Shop, served: Served, way: list[str]) -> None:
    name = f"secret-{len(way)}"
    waiting(shop, served, name)
    started = next(each for each in shop.told("history", name)["Events"] if each["EventType"] == "CallbackStarted")
    secret = started["CallbackStartedDetails"]["CallbackId"]

    for command in (
        ["show", name],
        ["show", name, "--timeline"],
        ["show", name, "--json"],
        ["history", name],
        ["list"],
    ):
        told = shop.inside(*command, *way)
        assert told.exit_code == 0
        assert secret not in told.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["show", "never", "--function", "Shop"], 2, "Function Shop has no execution never"),
        (["show", "monday"], 2, "monday is no ARN: give one, or name the function with --function"),
        (["list"], 2, "Name it with --function"),
        (["list", "--function", "Missing"], 2, "Function not found"),
        (["callback", "succeed", "--id", "bm9uZQ=="], 2, "There is no callback with this id"),
    ],
)
def test_what_an_endpoint_refuses_is_told_with_its_exit_code(
    shop: Shop, served: Served, arguments: list[str], code: int, told: str
) -> None:
    refused = shop.inside(*arguments, "--endpoint", served.url)

    assert refused.exit_code == code
    assert told in refused.stderr


def test_an_endpoint_is_examined_with_its_function(shop: Shop, served: Served) -> None:
    sound, unknown = (
        shop.inside("doctor", "--endpoint", served.url, "--function", function) for function in ("Shop", "Missing")
    )

    assert sound.exit_code == 0
    assert "has the function Shop; its latest execution is monday, SUCCEEDED." in sound.stdout
    assert unknown.exit_code == 1
    assert "answers, but refuses: Function not found" in unknown.stdout


def test_an_endpoint_that_nobody_serves_has_an_exit_code_of_its_own(shop: Shop) -> None:
    refused = shop.inside("list", "--function", "Shop", "--endpoint", "http://127.0.0.1:1")

    assert refused.exit_code == 4
    assert "http://127.0.0.1:1 cannot be asked" in refused.stderr
    assert "does `durable start` run there?" in refused.stderr


def test_what_is_no_endpoint_is_wrong_usage(shop: Shop) -> None:
    refused = shop.inside("list", "--function", "Shop", "--endpoint", "asw")

    assert (refused.exit_code, refused.stderr) == (
        2,
        "Error: --endpoint is 'asw'; write aws, or a URL such as http://127.0.0.1:9010\n",
    )


def test_a_server_tells_where_it_is_until_it_stops(tmp_path: Path, shop: Shop) -> None:
    (tmp_path / "shop.py").write_text((shop.folder / "shop.py").read_text())
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    with started(Shop(tmp_path), errors=tmp_path / "errors.txt") as server:
        told = address(tmp_path / ".durable/durable.sqlite")
        server.stop()

    assert (told, address(tmp_path / ".durable/durable.sqlite")) == (server.url, None)
