"""`durable run`: starts or resumes an execution, shows its progress and its end."""

import json
import os
import secrets
import sys
import threading
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from durable_local.cli import documents
from durable_local.cli.choices import QuotaKind
from durable_local.cli.console import ExitCode, UsageError, command, err, out, say, shown
from durable_local.cli.display import display_on
from durable_local.cli.output import kept_in
from durable_local.cli.progress import Progress
from durable_local.cli.reports import print_execution
from durable_local.cli.target import Target
from durable_local.clock import SystemClock
from durable_local.executions import Execution
from durable_local.hosts.loading import HandlerNotFoundError
from durable_local.hosts.sharing import ConflictError
from durable_local.limits import check_execution_name
from durable_local.runtime import LocalRuntime
from durable_local.store.database import Database, Durability
from durable_local.template.errors import TemplateError

_FRAME_SECONDS = 0.1
CODES = {"SUCCEEDED": ExitCode.SUCCEEDED, "RUNNING": ExitCode.WAITS_FOR_THE_OUTSIDE}


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be run."""

    target: Target
    event: Path | None
    name: str | None
    database: Path
    durability: Durability
    quotas: QuotaKind
    as_json: bool


def run(request: Request) -> ExitCode:
    """Run an execution until it has ended, unless it has before."""
    name = request.name or fresh_name(request.target.function)
    check_execution_name(name)
    database = Database(request.database, request.durability)
    runtime = LocalRuntime(database, SystemClock(), request.quotas.quotas())
    found = runtime.executions.find(name)
    payload = _payload(request, found)
    log = request.database.parent / "logs" / f"{name}.jsonl"
    if found and found.status != "RUNNING":
        runtime.executions.start(request.target.function, payload, name)  # refuses another function or payload
        say(
            err(), f"Execution {name} has {found.status.lower().replace('_', ' ')} before; nothing ran again.", "yellow"
        )
        return _report(request, runtime, found, log)
    with kept_in(log):
        _host(request.target, runtime, log)
        arn = runtime.start(request.target.function, payload, name)
        if found:
            say(err(), f"Execution {name} was begun before and goes on.", "yellow")
        execution = _drive(request, runtime, arn)
    return _report(request, runtime, execution, log)


class _Drive(threading.Thread):
    """Runs an execution beside the display, so that an interrupt ends the display and not a step."""

    def __init__(self, runtime: LocalRuntime, arn: str) -> None:
        super().__init__(name="durable-run", daemon=True)
        self._runtime = runtime
        self._arn = arn
        self._execution: Execution | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._execution = self._runtime.run(self._arn)
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            self._error = error

    def execution(self) -> Execution:
        """The execution after its run."""
        if self._error:
            raise self._error
        return self._execution or self._runtime.executions.get(self._arn)


class _Outside:
    """Notices what other processes write, such as the answer to a callback, which wakes nobody here."""

    def __init__(self, runtime: LocalRuntime, arn: str) -> None:
        self._runtime, self._arn = runtime, arn
        self._seen = self._version()

    def look(self) -> None:
        """Tell of changes by others since the last time."""
        version = self._version()
        if version != self._seen:
            self._seen = version
            for observe in self._runtime.journals.observers:
                observe(self._arn, self._runtime.executions.operations(self._arn))

    def _version(self) -> object:
        # SQLite counts the commits of other connections there.
        return self._runtime.journals.database.row("PRAGMA data_version")


def _drive(request: Request, runtime: LocalRuntime, arn: str) -> Execution:
    progress = Progress(runtime.executions.operations(arn))
    runtime.journals.observers.append(lambda _arn, changed: progress.observe(changed))
    drive, outside, console = _Drive(runtime, arn), _Outside(runtime, arn), err()
    try:
        with display_on(console) as display:
            drive.start()
            while drive.is_alive():
                drive.join(_FRAME_SECONDS)
                outside.look()
                display.show(progress.lines(), datetime.now(UTC))
    except KeyboardInterrupt:
        _interrupted(request, runtime.executions.get(arn), console)
    return drive.execution()


def _interrupted(request: Request, execution: Execution, console: Console) -> None:
    quotas = [] if request.quotas is QuotaKind.AWS else ["--quotas", request.quotas]
    again = command("run", *request.target.arguments, "--name", execution.name, *quotas, database=request.database)
    say(console, f"Interrupted. What was recorded is kept; go on with: {again}", "yellow")
    sys.stdout.flush()
    # Branches may still be running in threads that nothing can stop; ending here is what a kill does too.
    os._exit(ExitCode.INTERRUPTED)


def _report(request: Request, runtime: LocalRuntime, execution: Execution, log: Path) -> ExitCode:
    logged = log.exists() and log.stat().st_size > 0
    console = out()
    if request.as_json:
        document = documents.outcome(execution) | ({"Log": str(log)} if logged else {})
        print(documents.dumps(document))  # noqa: T201 - exactly this, for scripts
        return CODES.get(execution.status, ExitCode.FAILED)
    print_execution(console, execution, runtime.executions.operations(execution.arn), runtime.journals.clock.now())
    if execution.result is not None:
        say(console, documents.dumps(documents.decoded(execution.result)))
    if logged:
        say(console, f"Log: {shown(log)}", "dim")
    if execution.status == "RUNNING":
        say(console, "It waits for an answer from outside.", "yellow")
    look = command("show", execution.name, database=request.database)
    say(console, f"Execution {execution.name}; look again with: {look}")
    return CODES.get(execution.status, ExitCode.FAILED)


def _host(target: Target, runtime: LocalRuntime, log: Path) -> None:
    try:
        target.host(runtime)
    except (HandlerNotFoundError, TemplateError, ConflictError, UsageError):
        raise
    except Exception as error:
        traceback.print_exc(file=sys.stdout)  # which is the log now
        raise UsageError(
            f"{target.called} cannot be imported: {type(error).__name__}: {error}; the traceback is in {shown(log)}"
        ) from error


def _payload(request: Request, found: Execution | None) -> str:
    if request.event is None:
        return (found.input_payload if found else None) or "{}"
    return event_text(request.event)


def event_text(path: Path) -> str:
    """The event in a file, or a UsageError."""
    try:
        return json.dumps(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UsageError(f"The event {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"The event {path} is not JSON: {error}") from error


def fresh_name(function: str) -> str:
    """A name for an execution that was given none."""
    function = function.partition(":")[0]
    return f"{function[:32]}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
