"""The CDK stack of the cart reminder, synthesised as CDK does it, beside what template.yaml says of that function."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from durable_local.template.document import load

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ".venv-cdk"
PROGRAM = ROOT / "infra/cdk/cart_reminder.py"

Resource = dict[str, Any]


@pytest.fixture(scope="module")
def python() -> Path:
    """A Python with CDK."""
    subprocess.check_call([sys.executable, ROOT / "tools/venv.py", ENVIRONMENT, "requirements-cdk.txt"])
    return ROOT / ENVIRONMENT / "bin/python"


def synthesised(python: Path, artifact: Path, into: Path) -> "subprocess.CompletedProcess[str]":
    context = {"CDK_CONTEXT_JSON": json.dumps({"artifact": str(artifact)}), "CDK_OUTDIR": str(into)}
    return subprocess.run([python, PROGRAM], env=os.environ | context, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def stack(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The template that CDK makes; what the artifact holds is of no account to it."""
    folder = tmp_path_factory.mktemp("cdk")
    (folder / "artifact").mkdir()
    (folder / "artifact/code.py").touch()
    process = synthesised(python, folder / "artifact", folder / "out")
    assert process.returncode == 0, process.stderr
    return json.loads((folder / "out/cart-reminder.template.json").read_text())


def of_type(stack: Any, kind: str) -> dict[str, Resource]:
    return {name: resource for name, resource in stack["Resources"].items() if resource["Type"] == kind}


def only(stack: Any, kind: str) -> tuple[str, Resource]:
    ((name, resource),) = of_type(stack, kind).items()
    return name, resource


def test_the_function_is_durable_as_the_one_of_the_template_is(stack: Any) -> None:
    template = load(ROOT / "template.yaml")
    told = template["Globals"]["Function"] | template["Resources"]["CartReminderFunction"]["Properties"]

    _, function = only(stack, "AWS::Lambda::Function")

    for name in ("Handler", "Runtime", "Timeout", "MemorySize"):
        assert function["Properties"][name] == told[name]
    for name in ("ExecutionTimeout", "RetentionPeriodInDays"):
        assert function["Properties"]["DurableConfig"][name] == told["DurableConfig"][name]
    assert function["Properties"]["Architectures"] == [template["Parameters"]["Architecture"]["Default"]]


def test_it_finds_its_table_and_its_topic_by_the_settings_names(stack: Any) -> None:
    table, keyed = only(stack, "AWS::DynamoDB::GlobalTable")
    topic, published = only(stack, "AWS::SNS::Topic")
    _, function = only(stack, "AWS::Lambda::Function")

    variables = function["Properties"]["Environment"]["Variables"]

    assert variables == {"APP_CARTS_TABLE": {"Ref": table}, "APP_REMINDERS_TOPIC": {"Ref": topic}}
    assert keyed["Properties"]["KeySchema"] == [{"AttributeName": "cart_id", "KeyType": "HASH"}]
    assert published["Properties"]["FifoTopic"] is True


def test_an_alias_names_a_version_that_no_deployment_deletes(stack: Any) -> None:
    version, kept = only(stack, "AWS::Lambda::Version")
    alias, named = only(stack, "AWS::Lambda::Alias")

    assert (kept["DeletionPolicy"], kept["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert named["Properties"]["Name"] == "live"
    assert named["Properties"]["FunctionVersion"] == {"Fn::GetAtt": [version, "Version"]}
    assert stack["Outputs"]["StartByThisName"]["Value"] == {"Ref": alias}


def test_the_function_may_keep_checkpoints_carts_and_notices_and_nothing_else(stack: Any) -> None:
    table, topic = only(stack, "AWS::DynamoDB::GlobalTable")[0], only(stack, "AWS::SNS::Topic")[0]

    _, role = only(stack, "AWS::IAM::Role")
    _, policy = only(stack, "AWS::IAM::Policy")

    (managed,) = role["Properties"]["ManagedPolicyArns"]
    assert managed["Fn::Join"][1][-1].endswith(":policy/service-role/AWSLambdaBasicDurableExecutionRolePolicy")
    allowed = {str(each["Resource"]): each["Action"] for each in policy["Properties"]["PolicyDocument"]["Statement"]}
    assert allowed == {
        str({"Fn::GetAtt": [table, "Arn"]}): ["dynamodb:GetItem", "dynamodb:UpdateItem"],
        str({"Ref": topic}): "sns:Publish",
    }


def test_the_stack_reports_nothing_to_those_who_make_cdk(stack: Any) -> None:
    assert not of_type(stack, "AWS::CDK::Metadata")
    told = json.loads((PROGRAM.parent / "cdk.json").read_text())
    assert (told["notices"], told["versionReporting"], told["context"]["cli-telemetry"]) == (False, False, False)


def test_without_an_artifact_it_says_how_to_build_one(python: Path, tmp_path: Path) -> None:
    process = synthesised(python, tmp_path / "none", tmp_path / "out")

    assert process.returncode == 1
    assert f"{tmp_path}/none is not there; build it first: make build" in process.stderr
