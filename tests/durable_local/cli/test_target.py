import json
from pathlib import Path

import pytest

from durable_local.cli.target import Target
from tests.durable_local.cli.conftest import ROOT, Shop

TEMPLATE = """
Globals:
  Function: {Runtime: python3.13, CodeUri: src}
Resources:
  Greets:
    Type: AWS::Serverless::Function
    Properties:
      Handler: greetings.greets
      DurableConfig: {ExecutionTimeout: 60}
      Environment: {Variables: {WORD: !Ref Word}}
  Shouts:
    Type: AWS::Serverless::Function
    Properties: {Handler: greetings.shouts}
"""
CODE = """
import os

from durable import durable_execution


@durable_execution
def greets(event, context):
    return context.invoke("Shouts", os.environ["WORD"] + " " + event["name"])


def shouts(event, context):
    return event.upper()
"""


@pytest.fixture
def greetings(tmp_path: Path) -> Shop:
    """A folder with a template, its code in a folder below."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src/greetings.py").write_text(CODE)
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "local.yaml").write_text("Greets: {WORD: hello}\n")
    return Shop(tmp_path)


@pytest.mark.parametrize(
    ("called", "function"),
    [
        ("Greets", "Greets"),
        ("shop.orders.handler", "orders"),
        ("shop.orders.refund", "orders-refund"),
        ("shop.größe.handler", "gr--e"),
    ],
)
def test_a_function_has_its_name_of_the_template_or_one_made_of_its_path(
    greetings: Shop, called: str, function: str
) -> None:
    target = Target(called, greetings.folder / "template.yaml", greetings.folder / "local.yaml")

    assert target.function == function


def test_a_function_is_called_again_with_the_files_that_are_not_the_usual_ones() -> None:
    usual, other = Path("template.yaml"), Path("other.yaml")

    assert Target("Greets", usual, Path("local.yaml")).arguments == ["Greets"]
    assert Target("Greets", other, other).arguments == [
        "Greets", "--template", "other.yaml", "--overrides", "other.yaml",
    ]  # fmt: skip


def test_a_function_of_the_template_runs_with_its_settings_and_those_that_it_invokes(greetings: Shop) -> None:
    run = greetings.durable("run", "Greets", "--event", greetings.event(name="world"), "--name", "one", "--json")

    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["Result"] == "HELLO WORLD"
    assert json.loads(greetings.durable("show", "one", "--json").stdout)["FunctionName"] == "Greets"


@pytest.mark.parametrize(
    ("called", "told"),
    [
        ("Shouts", "Shouts is no durable function of template.yaml, which has Greets"),
        ("Missing", "Missing is no durable function of template.yaml, which has Greets"),
    ],
)
def test_a_function_that_is_not_there_or_not_durable_is_named(greetings: Shop, called: str, told: str) -> None:
    run = greetings.durable("run", called)

    assert run.returncode == 2
    assert told in run.stderr


def test_the_pipeline_of_this_repository_runs_by_its_name_in_the_template(tmp_path: Path) -> None:
    overrides = (ROOT / "local.yaml").read_text().replace("${Local::Folder}/data", f"{ROOT}/data")
    (tmp_path / "local.yaml").write_text(overrides)

    run = Shop(tmp_path).durable(
        "run", "PipelineFunction", "--template", str(ROOT / "template.yaml"),
        "--event", str(ROOT / "events/pipeline.json"), "--name", "monday", "--json",
    )  # fmt: skip

    assert run.returncode == 0, run.stderr
    assert len(list(tmp_path.glob(".durable/storage/documents/monday/*"))) == 3
