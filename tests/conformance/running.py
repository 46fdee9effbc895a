"""Runs a requirement's handler on the local runtime, and tells what came of it."""

import importlib.util
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from durable_local import history
from durable_local.clock import SkippingClock
from durable_local.executions import Execution
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import Handler, HandlerNotFoundError, Loader
from durable_local.hosts.threads import ThreadHost
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import IN_MEMORY, Database
from tests.conformance.logs import Entry, entry, logged
from tests.conformance.outside import Outside
from tests.conformance.registry import Case
from tests.conformance.requirements import ROOT, Requirement

FUNCTION = "function"
MOST_DEATHS = 5


@dataclass(frozen=True, slots=True)
class Ran:
    """What an execution came to: its end, its history as AWS shows it, and what was logged on the way."""

    execution: Execution
    history: list[dict[str, Any]]
    log: list[Entry]


def run(requirement: Requirement, case: Case) -> Ran:
    """Run the handler to the execution's end, in this process or, if it dies, in as many as it takes."""
    if case.dies:
        return _run_in_processes(requirement)
    clock = Outside(requirement.get("CallbackActions") or [])
    runtime = runtime_of(case, Database(IN_MEMORY), clock)
    with logged() as log:
        arn = runtime.start(FUNCTION, json.dumps(requirement.get("Input")))
        clock.runtime, clock.arn = runtime, arn
        while runtime.run(arn).status == "RUNNING" and clock.answer():
            pass
    return _ran(runtime, arn, log)


def runtime_of(case: Case, database: Database, clock: SkippingClock) -> LocalRuntime:
    """A runtime with a handler and the functions that it invokes, each made anew for every invocation."""
    runtime = LocalRuntime(database, clock)
    for name, handler in {FUNCTION: case.handler, **case.targets}.items():
        runtime.functions[name] = Function(ThreadHost(_cold(handler), with_service(runtime.service)))
    return runtime


def _cold(handler: Handler) -> Loader:
    def load() -> Handler:
        # Its module alone is run anew, beside the one that pytest has imported; what that imports has no state.
        spec = importlib.util.find_spec(handler.__module__)
        if spec is None or spec.loader is None:
            raise HandlerNotFoundError(f"There is no module {handler.__module__}")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        fresh: Handler = getattr(module, handler.__name__)
        return fresh

    return load


def _ran(runtime: LocalRuntime, arn: str, log: list[Entry]) -> Ran:
    events = [history.shown(event, number) for number, event in runtime.executions.history(arn)]
    return Ran(runtime.executions.get(arn), events, log)


def _run_in_processes(requirement: Requirement) -> Ran:
    log: list[Entry] = []
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "durable.sqlite"
        arguments = [requirement.id, str(database), json.dumps(requirement.get("Input"))]
        command = [sys.executable, "-m", "tests.conformance.process", *arguments]
        for _ in range(MOST_DEATHS):
            ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            log += [entry(line) for line in ended.stdout.splitlines()]
            if ended.returncode == 0:
                break
        else:
            raise AssertionError(f"{requirement.id} has died {MOST_DEATHS} times, lastly with\n{ended.stderr}")
        runtime = LocalRuntime(Database(database), SkippingClock())
        return _ran(runtime, runtime.executions.newest(1)[0].arn, log)
