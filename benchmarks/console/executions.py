"""What is looked at: one large execution, among few others or among very many."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.local_runtime.latencies import fill
from durable import DurableContext, durable_execution
from durable.config import MapConfig
from durable_local.clock import SystemClock
from durable_local.dispatcher import Dispatcher
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import warm
from durable_local.hosts.threads import ThreadHost
from durable_local.http.server import LoopbackServer
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import Database

ITEMS = 999
"""Each is an iteration of two steps, so that with the map there are 2,998 operations: Lambda allows 3,000."""
FEW = 10
PATIENCE = 300
LARGE, FUNCTION = "large", "items"


@durable_execution
def items(event: int, context: DurableContext) -> int:
    """As many iterations of two steps as the event says."""

    def item(child: DurableContext, number: int, *_: object) -> int:
        doubled: int = child.step(lambda _: 2 * number, name="transform-data")
        return int(child.step(lambda _: doubled, name="store-transformed-item"))

    return context.map(
        list(range(event)), item, name="process-items", config=MapConfig(max_concurrency=8)
    ).success_count


@contextmanager
def console(folder: Path, stored: int, operations: int = ITEMS) -> Iterator[LoopbackServer]:
    """A server whose database holds so many executions, the newest of them a large one."""
    runtime = LocalRuntime(Database(folder / "durable.sqlite"), SystemClock())
    dispatcher = Dispatcher(runtime)
    runtime.functions[FUNCTION] = Function(ThreadHost(warm(items), with_service(runtime.service)))
    dispatcher.start()
    try:
        for _ in range(FEW):
            _run(runtime, dispatcher, 1, None)
        fill(runtime.journals.database, stored - 1)
        _run(runtime, dispatcher, operations, LARGE)
        with LoopbackServer(runtime, dispatcher) as server:
            yield server
    finally:
        dispatcher.close()
        runtime.journals.database.close()


def _run(runtime: LocalRuntime, dispatcher: Dispatcher, event: int, name: str | None) -> None:
    execution = dispatcher.wait(runtime.start(FUNCTION, str(event), name), PATIENCE)
    if execution.status != "SUCCEEDED":
        raise RuntimeError(f"{execution.name} is {execution.status}: {execution.error}")
