"""Runs a requirement's handler on the local runtime: its input, the answers from outside, what came of it."""

import contextlib
import io
import json
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from durable.model import ErrorObject, OperationStatus
from durable.wire import decode
from durable_local import history
from durable_local.clock import SkippingClock
from durable_local.executions import Execution
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import warm
from durable_local.hosts.threads import ThreadHost
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import IN_MEMORY, Database
from tests.conformance.registry import Case
from tests.conformance.requirements import ROOT, Requirement

FUNCTION = "function"
MOST_DEATHS = 5


@dataclass(frozen=True, slots=True)
class Ran:
    """What an execution came to: its end, its history as AWS shows it, and what was logged on the way."""

    execution: Execution
    history: list[dict[str, Any]]
    log: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody outside does about an open callback, and when."""

    at: datetime
    callback_id: str
    action: dict[str, Any]

    @property
    def ends_the_callback(self) -> bool:
        """Whether nothing can be done about the callback afterwards."""
        return bool(self.action["Operation"] != "heartbeat")


class Outside(SkippingClock):
    """Time that skips, but not past the moments at which somebody outside answers a callback.

    Each answer comes so many seconds after its callback was seen open.
    """

    def __init__(self, actions: list[dict[str, Any]]) -> None:
        super().__init__()
        self._actions = list(actions)
        self._planned: list[Answer] = []
        self.runtime: LocalRuntime
        self.arn = ""

    def wait_until(self, moment: datetime, woken: threading.Event) -> None:
        """Jump to the moment, or answer a callback that is answered before it."""
        self._plan()
        if self._planned and self._planned[0].at <= moment:
            self.answer()
        else:
            super().wait_until(moment, woken)

    def answer(self) -> bool:
        """Give the next answer, if there is one to give."""
        self._plan()
        if not self._planned:
            return False
        answer = self._planned.pop(0)
        super().wait_until(answer.at, threading.Event())
        self._give(answer)
        return True

    def _plan(self) -> None:
        for action in tuple(self._actions):
            if callback_id := self._open_callback(action["CallbackName"]):
                self._actions.remove(action)
                at = self.now() + timedelta(seconds=action.get("Delay", 0))
                self._planned.append(Answer(at, callback_id, action))
        self._planned.sort(key=lambda answer: answer.at)

    def _open_callback(self, name: str) -> str | None:
        ending = {answer.callback_id for answer in self._planned if answer.ends_the_callback}
        for operation in self.runtime.executions.operations(self.arn):
            details = operation.callback_details
            if not details or operation.status is not OperationStatus.STARTED or details.callback_id in ending:
                continue
            if name in ("*", operation.name):
                return details.callback_id
        return None

    def _give(self, answer: Answer) -> None:
        payload = answer.action.get("Payload")
        match answer.action["Operation"]:
            case "success":
                self.runtime.callbacks.succeed(answer.callback_id, None if payload is None else json.dumps(payload))
            case "failure":
                self.runtime.callbacks.fail(answer.callback_id, decode(ErrorObject, payload or {}))
            case _:
                self.runtime.callbacks.heartbeat(answer.callback_id)


def run(requirement: Requirement, case: Case) -> Ran:
    """Run the handler to the execution's end, in this process or, if it dies, in as many as it takes."""
    if case.dies:
        return _run_in_processes(requirement)
    clock = Outside(requirement.get("CallbackActions") or [])
    runtime = runtime_of(case, Database(IN_MEMORY), clock)
    with logged() as lines:
        arn = runtime.start(FUNCTION, json.dumps(requirement.get("Input")))
        clock.runtime, clock.arn = runtime, arn
        while runtime.run(arn).status == "RUNNING" and clock.answer():
            pass
    return ran(runtime, arn, lines)


def runtime_of(case: Case, database: Database, clock: SkippingClock) -> LocalRuntime:
    """A runtime with a handler and the functions that it invokes."""
    runtime = LocalRuntime(database, clock)
    for name, handler in {FUNCTION: case.handler, **case.targets}.items():
        runtime.functions[name] = Function(ThreadHost(warm(handler), with_service(runtime.service)))
    return runtime


def ran(runtime: LocalRuntime, arn: str, log: list[dict[str, Any]]) -> Ran:
    """What is recorded of an execution."""
    events = [history.shown(event, number) for number, event in runtime.executions.history(arn)]
    return Ran(runtime.executions.get(arn), events, log)


@contextlib.contextmanager
def logged() -> Iterator[list[dict[str, Any]]]:
    """What is logged or printed meanwhile, line by line, once it is over."""
    lines: list[dict[str, Any]] = []
    output = _Lines(lines)
    handler, root = _Records(lines), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        with contextlib.redirect_stdout(output):
            yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


class _Records(logging.Handler):
    def __init__(self, lines: list[dict[str, Any]]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append({**vars(record), "message": record.getMessage()})


class _Lines(io.TextIOBase):
    def __init__(self, lines: list[dict[str, Any]]) -> None:
        self._lines = lines
        self._begun = ""

    def write(self, text: str) -> int:
        *whole, self._begun = (self._begun + text).split("\n")
        self._lines.extend(_parsed(line) for line in whole if line)
        return len(text)


def _parsed(line: str) -> dict[str, Any]:
    try:
        parsed = json.loads(line)
    except ValueError:
        parsed = None
    return parsed if isinstance(parsed, dict) else {"message": line}


def _run_in_processes(requirement: Requirement) -> Ran:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.conformance.process", requirement.id, folder]
        event, log = json.dumps(requirement.get("Input")), []
        for _ in range(MOST_DEATHS):
            ended = subprocess.run([*command, event], cwd=ROOT, capture_output=True, text=True, check=False)
            log += [_parsed(line) for line in ended.stdout.splitlines()]
            if ended.returncode == 0:
                break
        runtime = LocalRuntime(Database(Path(folder) / "durable.sqlite"), SkippingClock())
        return ran(runtime, runtime.executions.newest(1)[0].arn, log)
