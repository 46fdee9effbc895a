"""What is looked at: large executions, one over and one under way, among few others or among very many."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from benchmarks.local_runtime.latencies import fill
from durable import DurableContext, durable_execution
from durable.config import MapConfig
from durable_local.clock import SystemClock
from durable_local.dispatcher import Dispatcher
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import Handler, warm
from durable_local.hosts.threads import ThreadHost
from durable_local.http.server import LoopbackServer
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import Database

ITEMS = 999
"""Each is an iteration of two steps, so that with the map there are 2,998 operations: Lambda allows 3,000."""
FEW = 10
PATIENCE = 300
LARGE, FUNCTION = "large", "items"
GOES_ON = "goes-on"
"""The execution and the function that make something happen now and then as long as they are looked at."""
PAUSE_SECONDS, MOST_STEPS = 1, 3_000


@durable_execution
def items(event: int, context: DurableContext) -> int:
    """As many iterations of two steps as the event says."""
    return _mapped(event, context)


def _mapped(count: int, context: DurableContext) -> int:
    def item(child: DurableContext, number: int, *_: object) -> int:
        doubled: int = child.step(lambda _: 2 * number, name="transform-data")
        return int(child.step(lambda _: doubled, name="store-transformed-item"))

    return context.map(
        list(range(count)), item, name="process-items", config=MapConfig(max_concurrency=8)
    ).success_count


def going_on(is_large: Event, is_left: Event) -> Handler:
    """The same, and then a step a second until nobody looks at it any more."""

    @durable_execution
    def handler(event: int, context: DurableContext) -> None:
        _mapped(event, context)
        is_large.set()
        for _ in range(MOST_STEPS):
            if context.step(lambda _: is_left.wait(PAUSE_SECONDS), name="look-around"):
                return

    return handler


@contextmanager
def console(folder: Path, stored: int, operations: int = ITEMS) -> Iterator[LoopbackServer]:
    """A server whose database holds so many executions, the newest of them large."""
    runtime = LocalRuntime(Database(folder / "durable.sqlite"), SystemClock())
    dispatcher, is_large, is_left = Dispatcher(runtime), Event(), Event()
    for name, handler in {FUNCTION: items, GOES_ON: going_on(is_large, is_left)}.items():
        runtime.functions[name] = Function(ThreadHost(warm(handler), with_service(runtime.service)))
    dispatcher.start()
    try:
        for _ in range(FEW):
            _run(runtime, dispatcher, 1, None)
        fill(runtime.journals.database, stored - 2)
        _run(runtime, dispatcher, operations, LARGE)
        runtime.start(GOES_ON, str(operations), GOES_ON)
        if not is_large.wait(PATIENCE):
            raise RuntimeError(f"The execution {GOES_ON} takes longer than {PATIENCE} s")
        with LoopbackServer(runtime, dispatcher) as server:
            yield server
    finally:
        is_left.set()
        dispatcher.close()
        runtime.journals.database.close()


def _run(runtime: LocalRuntime, dispatcher: Dispatcher, event: int, name: str | None) -> None:
    execution = dispatcher.wait(runtime.start(FUNCTION, str(event), name), PATIENCE)
    if execution.status != "SUCCEEDED":
        raise RuntimeError(f"{execution.name} is {execution.status}: {execution.error}")
