"""`durable cost`, as a user calls it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from durable.config import Duration
from durable.context import DurableContext
from durable.execution import durable_execution
from durable_local.cli.app import app
from durable_local.cost.prices import US_EAST_1
from durable_local.testing import DurableFunctionTestRunner
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
      DurableConfig: {ExecutionTimeout: 300, RetentionPeriodInDays: 30}
"""


@durable_execution
def part(_event: object, context: DurableContext) -> int:
    return context.step(lambda _: 1, name="half")


@durable_execution
def whole(_event: object, context: DurableContext) -> str:
    context.step(lambda _: "fetched", name="fetch")
    context.invoke("part:live", {}, name="part")
    context.invoke("greeting:live", {}, name="greeting")
    context.wait(Duration.from_days(2), name="pause")
    return "done"


@durable_execution
def asks(_event: object, context: DurableContext) -> object:
    return context.create_callback(name="approval").result()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a template, and a database with an execution that has invoked another and a plain function."""
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    with DurableFunctionTestRunner(whole, database=tmp_path / "durable.sqlite") as runner:
        runner.register_durable_function("part", part)
        runner.register_function("greeting", lambda _event, _context: "hello")
        runner.run(name="monday", function_name="Shop")
    return tmp_path


def cost(folder: Path, *arguments: str, columns: int = 120) -> Result:
    options = ["--database", str(folder / "durable.sqlite"), *template(folder)]
    return CliRunner().invoke(app, ["cost", "monday", *options, *arguments], env={"COLUMNS": str(columns)})


def template(folder: Path) -> list[str]:
    return ["--template", str(folder / "template.yaml"), "--overrides", str(folder / "local.yaml")]


def told(folder: Path, *arguments: str) -> Any:
    return json.loads(cost(folder, *arguments, "--json").stdout)


def test_an_execution_is_priced_with_all_that_it_has_invoked(folder: Path) -> None:
    document = told(folder, "--memory", "512")

    assert document["Executions"] == 2
    assert document["OperationsByKind"] == {"start": 2, "step": 2, "invoke": 2, "wait": 1}
    assert document["DurableFunctions"]["Lines"][0]["Usd"] == pytest.approx(7 * 8e-6)
    assert document["StepFunctionsStandard"]["Lines"][0]["Usd"] == pytest.approx(5 * 25e-6)
    assert document["NotCounted"] == ["greeting:live"]


def test_people_read_a_table_with_both_ways_to_run_it(folder: Path) -> None:
    result = cost(folder, "--memory", "512")

    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[0] == "monday SUCCEEDED, with 1 more that it has invoked"
    assert "durable operations 7 $0.000056 $56.00" in lines
    assert "state transitions 5 $0.00013 $125.00" in lines
    assert any(line.startswith("Durable functions $0.0000") for line in lines)
    assert any(line.startswith("Step Functions Standard $0.000") for line in lines)
    assert "Not counted: what steps call, and what was invoked as greeting:live." in lines


@pytest.mark.parametrize("columns", [80, 120])
def test_the_table_fits_the_terminal(folder: Path, columns: int) -> None:
    result = cost(folder, "--memory", "512", columns=columns)

    assert max(map(len, result.stdout.splitlines())) <= columns


def test_a_function_of_the_template_has_its_memory_and_its_retention(folder: Path) -> None:
    (folder / "template.yaml").write_text(TEMPLATE.replace("Shop:", "part:") + TEMPLATE.partition("Resources:")[2])

    assert told(folder)["Functions"] == {
        "Shop": {"MemorySize": 512, "RetentionPeriodInDays": 30},
        "part": {"MemorySize": 512, "RetentionPeriodInDays": 30},
    }


def test_memory_that_nobody_tells_is_asked_for(folder: Path) -> None:
    result = cost(folder)

    assert result.exit_code == 2
    assert "How much memory part has is not known" in result.stderr
    assert "--memory 512" in result.stderr


def test_memory_that_is_said_goes_before_the_templates(folder: Path) -> None:
    small, large = (told(folder, "--memory", memory) for memory in ("256", "1024"))

    assert large["Functions"]["Shop"]["MemorySize"] == 1024
    assert large["DurableFunctions"]["Lines"][4]["Usd"] == pytest.approx(
        4 * small["DurableFunctions"]["Lines"][4]["Usd"]
    )


def test_a_price_that_was_not_checked_is_named(folder: Path) -> None:
    arm, x86 = (cost(folder, "--memory", "512", "--architecture", name).stdout for name in ("arm64", "x86_64"))

    assert "not checked at AWS" not in arm
    assert "not checked at AWS: compute, x86_64" in x86


def test_other_prices_may_be_given(folder: Path) -> None:
    prices = folder / "eu-central-1.toml"
    prices.write_text(US_EAST_1.read_text().replace("usd = 8.00", "usd = 9.00").replace("us-east-1", "eu-central-1"))

    document = told(folder, "--memory", "512", "--prices", str(prices))

    assert document["Prices"]["Region"] == "eu-central-1"
    assert document["DurableFunctions"]["Lines"][0]["Usd"] == pytest.approx(7 * 9e-6)


def test_prices_that_are_not_there_are_wrong_usage(folder: Path) -> None:
    result = cost(folder, "--prices", str(folder / "nowhere.toml"))

    assert result.exit_code == 2
    assert "nowhere.toml cannot be read" in result.stderr


def test_an_execution_that_runs_is_priced_so_far(tmp_path: Path) -> None:
    with DurableFunctionTestRunner(asks, database=tmp_path / "durable.sqlite") as runner:
        runner.wait_for_callback(runner.run_async(name="monday"), "approval")

        result = cost(tmp_path, "--memory", "512")

    assert "monday  RUNNING" in result.stdout
    assert "It has not ended: this is what it has cost so far." in result.stdout


@pytest.fixture(scope="module")
def served(shop: Shop) -> Iterator[Served]:
    """A server of the application, with an execution that has ended."""
    (shop.folder / "template.yaml").write_text(TEMPLATE)
    with started(shop, errors=shop.folder / "errors.txt") as server:
        server.client().invoke(FunctionName="Shop:live", DurableExecutionName="monday", Payload=b"{}")
        yield server


def test_an_endpoint_tells_what_a_database_tells(served: Served, shop: Shop) -> None:
    remote = shop.told("cost", "monday", *template(shop.folder), "--endpoint", served.url, "--function", "Shop")
    local = shop.told("cost", "monday", *template(shop.folder))

    assert remote == local
    assert remote["OperationsByKind"] == {"start": 1, "step": 13, "wait": 1, "context": 17}


def test_an_endpoint_tells_the_retention_where_no_template_does(served: Served, shop: Shop) -> None:
    nowhere = ["--template", "nowhere.yaml", "--memory", "512"]

    document = shop.told("cost", "monday", *nowhere, "--endpoint", served.url, "--function", "Shop")

    assert document["Functions"] == {"Shop": {"MemorySize": 512, "RetentionPeriodInDays": 30}}
