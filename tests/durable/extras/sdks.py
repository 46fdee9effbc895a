"""The extras on every SDK that they serve, warm and cold."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from itertools import count
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from durable import extras
from durable_local.executions import Execution
from durable_local.hosts.events import envelope
from durable_local.hosts.loading import Handler
from durable_local.hosts.threads import ThreadHost
from durable_local.runtime import Function
from tests.durable.execution import ExecutionUnderTest
from tests.durable.programs import names_under
from tests.durable.recording import lost_reply
from tests.fakes.lambda_api import LambdaApi

FOLDER = Path(extras.__path__[0])
OFFICIAL = "aws_durable_execution_sdk_python"

Program = Callable[[SimpleNamespace, Any], object]
"""A durable function over an SDK's names and the extras."""

_copies = count()


def load(extra: str, root: str) -> ModuleType:
    """An extra as if imported for the first time, its own import root changed to the one given and nothing else."""
    source = re.sub(r"^from durable\b", f"from {root}", (FOLDER / f"{extra}.py").read_text(), flags=re.MULTILINE)
    copy = ModuleType(f"copy_{next(_copies)}_of_{extra}")
    sys.modules[copy.__name__] = copy
    exec(compile(source, str(FOLDER / f"{extra}.py"), "exec"), vars(copy))  # noqa: S102 - our own module
    return copy


@dataclass(frozen=True)
class Sdk:
    """An SDK, and the import root that the extras have beside it."""

    root: str
    extras_root: str

    def names(self) -> SimpleNamespace:
        """What a program needs, the extras imported anew."""
        loaded = {extra: load(extra, self.extras_root) for extra in ("replay_safe", "claim_check", "models")}
        return SimpleNamespace(**vars(names_under(self.root)), **loaded)


OURS = Sdk("durable", "durable")
THEIRS = Sdk(OFFICIAL, OFFICIAL)
SDKS = {"ours": OURS, "theirs": THEIRS}


@dataclass(frozen=True)
class Sandbox:
    """Runs programs on an SDK; a cold one imports the extras anew for every invocation."""

    sdk: Sdk
    is_cold: bool = False

    def start(self, program: Program) -> ExecutionUnderTest:
        """An execution of the program that nobody has invoked yet."""
        execution = ExecutionUnderTest()
        durable_execution = import_module(f"{self.sdk.root}.execution").durable_execution

        def handler() -> Handler:
            names = self.sdk.names()
            made: Handler = durable_execution(
                lambda _event, context: program(names, context), boto3_client=LambdaApi(execution.service)
            )
            return made

        warm = handler()
        loader = handler if self.is_cold else lambda: warm
        execution.runtime.functions["function"] = Function(ThreadHost(loader, envelope))
        return execution

    def run(self, program: Program, cut_at: int | None = None) -> ExecutionUnderTest:
        """An execution of the program, driven to its end; one checkpoint's reply may be lost on the way."""
        execution = self.start(program)
        if cut_at is not None:
            execution.service.faults[cut_at] = lost_reply
        finish(execution)
        return execution


def finish(execution: ExecutionUnderTest) -> Execution:
    """Drive an execution to its end."""
    return execution.runtime.run(execution.arn)


def ended(execution: ExecutionUnderTest) -> Execution:
    """How an execution has ended."""
    return execution.runtime.executions.get(execution.arn)
