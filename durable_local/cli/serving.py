"""`durable start`: hosts the functions of a template until it is stopped."""

import errno
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from durable_local.cli.address import announce, withdraw
from durable_local.cli.choices import ClockKind, HostKind, QuotaKind
from durable_local.cli.console import ExitCode, UsageError, err, out, say
from durable_local.cli.welcome import goodbye, welcome
from durable_local.console.samples import Samples
from durable_local.dispatcher import Dispatcher
from durable_local.hosting import host_in_processes, host_in_threads
from durable_local.hosts.processes.pool import Pool
from durable_local.http.server import LoopbackServer
from durable_local.runtime import LocalRuntime
from durable_local.store.database import Database, Durability
from durable_local.template.overrides import read_overrides
from durable_local.template.reading import Template, read_template

_EVENTS = "events"
"""Where a project keeps sample events, beside its template."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What is to be served, and how."""

    template: Path
    overrides: Path
    host: HostKind
    python: Path
    workers: int | None
    port: int
    database: Path
    durability: Durability
    clock: ClockKind
    quotas: QuotaKind


def serve(serving: Serving) -> None:
    """Host the functions until SIGINT or SIGTERM, and end the process."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    template = _template(serving)
    with suppress(KeyboardInterrupt), closing(_Desk(serving, template)) as desk:  # a second Ctrl-C waits no longer
        desk.host(serving)
        with _stop_signals() as stopped:
            desk.begin()
            welcome(out(), f"{serving.template}, functions in {serving.host},", template, desk.server)
            stopped.wait()
        say(err(), "Stopping: nothing new begins, and what runs has a few seconds to end.", "yellow")
    goodbye(err())
    # Handlers may still be running in threads that nothing can stop; ending here is what a kill does too.
    sys.stdout.flush()
    os._exit(ExitCode.SUCCEEDED)


class _Desk:
    """The parts of the service, from the database to the port."""

    def __init__(self, serving: Serving, template: Template) -> None:
        workers = serving.workers or serving.host.workers
        self.template = template
        self.database = serving.database
        database = Database(serving.database, serving.durability)
        self.runtime = LocalRuntime(database, serving.clock.clock(), serving.quotas.quotas())
        self.dispatcher = Dispatcher(self.runtime, workers, template.concurrency)
        # Functions that wait for others, which they invoke with boto3, must not keep these from having a worker.
        self.pool = Pool(_log_line, 2 * workers)
        handlers = {each.name: each.handler for each in template.functions}
        samples = Samples(serving.template.parent / _EVENTS, handlers)
        self.server = _server(self.runtime, self.dispatcher, serving.port, samples)

    def host(self, serving: Serving) -> None:
        """Put the functions where they run."""
        functions = self.template.functions
        if serving.host is HostKind.PROCESSES:
            host_in_processes(self.runtime, functions, self.server.url, self.pool, serving.python)
        else:
            host_in_threads(self.runtime, functions, self.server.url)

    def begin(self) -> None:
        """Go on with what is due, and take requests."""
        self.dispatcher.start()
        self.server.start()
        announce(self.database, self.server.url)

    def close(self) -> None:
        """End what runs, callers last: they hear of it."""
        withdraw(self.database, self.server.url)
        self.dispatcher.close()
        self.server.close()
        self.pool.close()
        self.runtime.journals.database.close()


def _template(serving: Serving) -> Template:
    template = read_template(serving.template, read_overrides(serving.overrides))
    if not template.functions:
        reasons = "".join(f"; {name} is left out: {reason}" for name, reason in template.left_out.items())
        raise UsageError(f"{serving.template} has no function that can run here{reasons}")
    return template


def _server(runtime: LocalRuntime, dispatcher: Dispatcher, port: int, samples: Samples) -> LoopbackServer:
    try:
        return LoopbackServer(runtime, dispatcher, port, samples=samples)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise UsageError(f"Port {port} is taken; choose another one with --port, or 0 for any that is free") from error


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    stopped = threading.Event()
    before = {each: signal.signal(each, lambda *_: stopped.set()) for each in (signal.SIGINT, signal.SIGTERM)}
    yield stopped
    for each, handler in before.items():
        signal.signal(each, handler)


def _log_line(function: str, line: str) -> None:
    print(f"[{function}] {line}", file=sys.stderr, flush=True)  # noqa: T201 - the function's own words
