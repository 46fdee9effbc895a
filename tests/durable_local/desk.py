"""A runtime with a dispatcher, and functions of the durable core for it."""

import json
import threading
from pathlib import Path
from typing import Any

from durable import DurableContext, durable_execution
from durable.config import CallbackConfig, Duration
from durable.exceptions import CallbackTimeoutError
from durable_local.clock import Clock
from durable_local.dispatcher import Dispatcher
from durable_local.executions import Execution
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import Handler, warm
from durable_local.hosts.threads import ThreadHost
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import Database

PATIENCE = 20
"""How many seconds a test waits for what should come at once."""


class Desk:
    """A runtime with a dispatcher, and what a test does with the two."""

    def __init__(self, path: Path, clock: Clock, workers: int = 4, concurrency: dict[str, int] | None = None) -> None:
        self.runtime = LocalRuntime(Database(path), clock)
        self.dispatcher = Dispatcher(self.runtime, workers, concurrency)

    def host(self, name: str, handler: Handler, **terms: Any) -> None:
        host = ThreadHost(warm(handler), with_service(self.runtime.service))
        self.runtime.functions[name] = Function(host, **terms)

    def start(self, function: str = "f", event: Any = None, name: str | None = None) -> str:
        return self.runtime.start(function, json.dumps(event), name)

    def end(self, arn: str) -> Execution:
        return self.dispatcher.wait(arn, PATIENCE)

    def run(self, function: str = "f", event: Any = None) -> Execution:
        return self.end(self.start(function, event))


@durable_execution
def doubles(event: int, context: DurableContext) -> int:
    result: int = context.step(lambda _: 2 * event, name="double")
    return result


@durable_execution
def ends(event: object, context: DurableContext) -> str:
    return "done"


@durable_execution
def sleeps(event: object, context: DurableContext) -> str:
    context.wait(Duration.from_days(30))
    return "rested"


@durable_execution
def asks(event: dict[str, int], context: DurableContext) -> Any:
    config = CallbackConfig(
        timeout=Duration(event.get("timeout", 0)), heartbeat_timeout=Duration(event.get("heartbeat", 0))
    )
    try:
        return context.create_callback("approval", config=config).result()
    except CallbackTimeoutError as error:
        return str(error)


def callback_id(desk: Desk, arn: str) -> str:
    (callback,) = (each for each in desk.runtime.executions.operations(arn) if each.callback_details)
    assert callback.callback_details
    return callback.callback_details.callback_id


def blocked(desk: Desk, name: str = "blocked") -> tuple[threading.Semaphore, threading.Event]:
    """Host a function that tells when it has begun and ends when it is allowed to."""
    begun, go_on = threading.Semaphore(0), threading.Event()

    def handler(event: object, context: DurableContext) -> str:
        begun.release()
        go_on.wait(PATIENCE)
        return "done"

    desk.host(name, durable_execution(handler))
    return begun, go_on
