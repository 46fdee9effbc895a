"""The two that are compared: each keeps its executions in a SQLite file of its own and runs functions in threads."""

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from benchmarks.programs import PROGRAMS
from benchmarks.work import OFFICIAL, OURS, Work

PATIENCE = 300
"""Seconds that an execution may take."""
FUNCTION = "function"


class System(Protocol):
    """Runs executions of one function."""

    def start(self) -> str:
        """Begin an execution; the answer is its ARN."""

    def wait(self, arn: str) -> None:
        """Come back when it has succeeded. Raises RuntimeError if it has not."""

    def close(self) -> None:
        """Give everything back."""


class Ours:
    """The local runtime, with its dispatcher."""

    def __init__(self, folder: Path, work: Work) -> None:
        from durable_local.clock import SystemClock
        from durable_local.dispatcher import Dispatcher
        from durable_local.hosts.events import with_service
        from durable_local.hosts.loading import warm
        from durable_local.hosts.threads import ThreadHost
        from durable_local.runtime import Function, LocalRuntime
        from durable_local.store.database import Database

        self.runtime = LocalRuntime(Database(folder / "durable.sqlite"), SystemClock())
        self.dispatcher = Dispatcher(self.runtime)
        host = ThreadHost(warm(handler(OURS, work)), with_service(self.runtime.service))
        self.runtime.functions[FUNCTION] = Function(host)
        self.dispatcher.start()

    def start(self) -> str:
        """Begin an execution; the answer is its ARN."""
        return self.runtime.start(FUNCTION, "{}")

    def wait(self, arn: str) -> None:
        """Come back when it has succeeded. Raises RuntimeError if it has not."""
        execution = self.dispatcher.wait(arn, PATIENCE)
        if execution.status != "SUCCEEDED":
            raise RuntimeError(f"{arn} is {execution.status}: {execution.error}")

    def close(self) -> None:
        """Give everything back."""
        self.dispatcher.close()
        self.runtime.journals.database.close()


class Official:
    """AWS's test runner on its SQLite store, in real time as it is on a desk."""

    def __init__(self, folder: Path, work: Work) -> None:
        testing = import_module(f"{OFFICIAL}_testing")
        store = import_module(f"{OFFICIAL}_testing.stores.sqlite").SQLiteExecutionStore
        path = str(folder / "official.sqlite")
        self._runner = testing.DurableFunctionTestRunner(
            handler(OFFICIAL, work), poll_interval=0.001, store=_opened(store, path), skip_time=False
        )
        self._count = 0

    def start(self) -> str:
        """Begin an execution; the answer is its ARN."""
        self._count += 1
        arn: str = self._runner.run_async("{}", execution_name=f"execution-{self._count}", execution_timeout=PATIENCE)
        return arn

    def wait(self, arn: str) -> None:
        """Come back when it has succeeded. Raises RuntimeError if it has not."""
        status = self._runner.wait_for_result(arn, timeout=PATIENCE).status
        if getattr(status, "value", status) != "SUCCEEDED":
            raise RuntimeError(f"{arn} is {status}")

    def close(self) -> None:
        """Give everything back."""
        self._runner.close()


SYSTEMS: dict[str, Callable[[Path, Work], System]] = {OURS: Ours, OFFICIAL: Official}


def handler(root: str, work: Work) -> Callable[[Any, Any], Any]:
    """A piece of work as a durable function of an SDK."""
    program = PROGRAMS[work.program]
    decorated: Callable[[Any, Any], Any] = import_module(root).durable_execution(
        lambda _event, context: program(root, work, context)
    )
    return decorated


def run(system: System, executions: int, *, at_once: bool) -> None:
    """Run so many executions, one after the other or all at once."""
    if not at_once:
        for _ in range(executions):
            system.wait(system.start())
        return
    arns: Sequence[str] = [system.start() for _ in range(executions)]
    for arn in arns:
        system.wait(arn)


def _opened(store: Any, path: str) -> Any:
    return store.create_and_initialize(path) if hasattr(store, "create_and_initialize") else store(path)
