"""The runbook, held to the template, the log and the command that it tells of."""

import logging
import re
import shlex
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from typer.main import get_command

from app.telemetry import EachInvocation, StepLines
from durable.config import StepConfig
from durable.context import DurableContext
from durable.execution import durable_execution
from durable.retries import RetryPresets
from durable.types import StepContext
from durable_local.cli.app import app as commands
from durable_local.template.document import load
from durable_local.testing import run

ROOT = Path(__file__).parent.parent
RUNBOOK = (ROOT / "docs/runbook.md").read_text()
RESOURCES: dict[str, Any] = load(ROOT / "template.yaml")["Resources"]
ALARMS = [name for name, resource in RESOURCES.items() if resource["Type"] == "AWS::CloudWatch::Alarm"]
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", RUNBOOK, re.MULTILINE | re.DOTALL))
UPGRADING = (ROOT / "docs/upgrading.md").read_text()
UNBROKEN = re.sub(r"(?<!`)`(?!`)[^`]+`(?!`)", lambda code: " ".join(code[0].split()), RUNBOOK + UPGRADING)
"""Both pages, with what stands in code on one line."""
COMMANDS = re.findall(r"`durable ([a-z][^`]+)`|^durable (.+)$", UNBROKEN, re.MULTILINE)
AWS_COMMANDS = [
    found.replace("\\\n", " ")
    for found in re.findall(r"\baws ([a-z]+ [a-z]+(?:-[a-z]+)*(?: (?:[^`|\n\\]|\\\n)+)?)", UNBROKEN)
]
QUERIES = re.findall(r"^```\n((?:fields|filter) .*?)```", RUNBOOK, re.MULTILINE | re.DOTALL)
WORDS = {"fields", "filter", "sort", "stats", "by", "as", "desc", "like", "and", "count", "pct", "max"}
"""What a query has besides fields."""


def test_every_alarm_has_a_section_and_every_section_an_alarm() -> None:
    assert list(SECTIONS) == ALARMS


@pytest.mark.parametrize("alarm", ALARMS)
def test_a_section_tells_what_it_means_and_what_to_do_and_what_not(alarm: str) -> None:
    bold = re.findall(r"^\*\*([\w ]+)\*\*", SECTIONS[alarm], re.MULTILINE)

    assert bold == ["Means", "Look", "Do", "Do not"]


@pytest.mark.parametrize("page", [RUNBOOK, UPGRADING])
def test_resources_are_called_as_the_template_calls_them(page: str) -> None:
    named = set(re.findall(r"\$\(name (\w+)\)", page))

    assert named
    assert named <= set(RESOURCES)


def test_numbers_of_alarms_are_those_of_the_template() -> None:
    def threshold(alarm: str) -> int:
        return int(RESOURCES[alarm]["Properties"]["Threshold"])

    assert f"more than {threshold('OperationsNearLimit'):,} of its 3,000" in SECTIONS["OperationsNearLimit"]
    assert f"more than {threshold('StorageNearLimit') // 10**6} of its 100 MB" in SECTIONS["StorageNearLimit"]
    assert f"more than {threshold('RunningNearQuota')} %" in SECTIONS["RunningNearQuota"]
    assert f"for {threshold('EventsWaitTooLong') // 60} minutes" in SECTIONS["EventsWaitTooLong"]


@pytest.mark.parametrize("command", sorted({both[0] or both[1] for both in COMMANDS}))
def test_commands_have_the_options_that_they_are_shown_with(command: str) -> None:
    words = shlex.split(command.partition(" > ")[0])
    found: Any = get_command(commands)
    while hasattr(found, "commands"):
        found = found.commands[words.pop(0)]
    known = {option for parameter in found.params for option in parameter.opts}

    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("command", sorted(set(AWS_COMMANDS)))
def test_commands_of_aws_have_the_parameters_that_they_are_shown_with(command: str) -> None:
    service, operation, *words = command.split()
    if (service, operation) == ("logs", "tail"):  # the CLI's own
        return
    model = botocore.session.get_session().get_service_model(service)
    called = {xform_name(name, "-"): name for name in model.operation_names}
    members = model.operation_model(called[operation]).input_shape.members
    known = {xform_name(name, "-") for name in members} | {"query", "output"}

    assert {word[2:].removeprefix("no-") for word in words if word.startswith("--")} <= known


def test_queries_ask_for_fields_that_the_log_has(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    every_line = {"level", "message", "@timestamp"}  # by Powertools, and by CloudWatch

    run(fails)

    written = {name for record in caplog.records if record.message == "Step ran" for name in vars(record)}
    assert len(QUERIES) == 4
    assert set().union(*map(asked, QUERIES)) <= written | every_line


def asked(query: str) -> set[str]:
    """The fields that a query names; what it makes itself is named after `as`."""
    bare = re.sub(r'"[^"]*"|/[^/\n]*/', "", query)
    own = set(re.findall(r" as (\w+)", bare))
    return set(re.findall(r"@?[a-zA-Z]+", bare)) - own - WORDS


@durable_execution(plugins=[EachInvocation(lambda info: StepLines(logging.getLogger("runbook"), info))])
def fails(_event: object, context: DurableContext) -> None:
    """Has a step within a context that fails."""

    def fail(_context: StepContext) -> None:
        raise ValueError("as asked")

    once = StepConfig(retry_strategy=RetryPresets.none())
    context.run_in_child_context(lambda inner: inner.step(fail, name="fail", config=once), name="child")
