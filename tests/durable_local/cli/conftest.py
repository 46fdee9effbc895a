"""The command in a process of its own, in a folder with a small application."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from durable_local.cli.app import app

ROOT = Path(__file__).parents[3]

PROGRAM = """
import json
import logging
import subprocess
import sys

from durable.config import CallbackConfig, Duration, MapConfig, ParallelBranch, StepConfig
from durable.execution import durable_execution

logger = logging.getLogger("shop")
logger.addHandler(logging.StreamHandler(sys.stdout))
logger.setLevel("INFO")
subprocess.run([sys.executable, "-c", "print('from a child process')"], check=True)


def ledger(line):
    with open("ledger.txt", "a") as file:
        print(line, file=file)


def item(context, number, *_):
    context.step(lambda _: ledger(f"item {number}"), name="store")
    return {"stored": 1, "rejected": int(number == 2)}


def branch(count):
    return lambda context: context.map(list(range(count)), item, name="items").success_count


@durable_execution
def handler(event, context):
    logger.info(json.dumps({"secret-log": True}))
    context.step(lambda _: ledger("fetch") or "payload-secret", name="fetch")
    context.wait(Duration.from_seconds(1), name="pause")
    counts = context.parallel(
        [ParallelBranch(branch(3), name="customers"), ParallelBranch(branch(9), name="orders")], name="all"
    )
    if event.get("fail"):
        raise ValueError("as asked")
    return {"größe": counts.get_results()}


@durable_execution
def counts(event, context):
    for number in range(event["to"]):
        context.step(lambda _: number, name="count")
    return event["to"]


@durable_execution
def asks(event, context):
    return context.create_callback(name="approval").result()


@durable_execution
def asks_soon(event, context):
    timeout = CallbackConfig(timeout=Duration.from_hours(1))
    return context.create_callback(name="approval", config=timeout).result()
"""


@dataclass(frozen=True)
class Shop:
    """The folder and the ways to call the command in it."""

    folder: Path

    def environment(self, **more: str) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DURABLE_")}
        # Safe path: like the installed command, Python does not look for modules in the current folder by itself.
        return inherited | {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "COLUMNS": "80"} | more

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "durable_local", *arguments]

    def durable(
        self, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(**(environment or {})),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def inside(self, *arguments: str, database: Path | None = None, given: str = "", width: int = 200) -> Result:
        """The command in this process, where no function is to run: it starts faster."""
        environment = {
            "DURABLE_DATABASE": str(database or self.folder / ".durable/durable.sqlite"),
            "COLUMNS": str(width),
        }
        return CliRunner().invoke(app, arguments, env=environment, input=given)

    def told(self, *arguments: str) -> Any:
        return json.loads(self.inside(*arguments, "--json").stdout)

    def event(self, **members: Any) -> str:
        (self.folder / "event.json").write_text(json.dumps(members))
        return "event.json"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """An application in a folder of its own."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.py").write_text(PROGRAM)
    return Shop(folder)
