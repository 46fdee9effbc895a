"""The runtime behind its HTTP face, and the clients that tests speak to it with."""

import json
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import httpx
from botocore.config import Config

from durable.lambda_service import LambdaClient
from durable.model import Operation
from durable_local.clock import Clock
from durable_local.console.samples import Samples
from durable_local.dispatcher import Dispatcher
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import Handler, warm
from durable_local.hosts.threads import PlainFunction, Presenter, ThreadHost
from durable_local.http.server import LoopbackServer
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import IN_MEMORY, Database

SIGNATURE = (
    f"AWS4-HMAC-SHA256 Credential=me/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature={'0' * 64}"
)
PATIENCE = 20
"""How many seconds a client waits for what should come at once."""


def lambda_client(url: str, patience: float = PATIENCE, **settings: Any) -> Any:
    """A boto3 client of the server at a URL, which does not try again what has failed."""
    config = Config(retries={"max_attempts": 0}, read_timeout=patience, max_pool_connections=64, **settings)
    return boto3.client(
        "lambda",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="anybody",
        aws_secret_access_key="anything",
        config=config,
    )


@dataclass(frozen=True)
class Served:
    """A runtime, its dispatcher and its server."""

    runtime: LocalRuntime
    dispatcher: Dispatcher
    server: LoopbackServer

    def client(self, **settings: Any) -> Any:
        """AWS's client."""
        return lambda_client(self.server.url, **settings)

    def http(self, authorization: str | None = SIGNATURE) -> httpx.Client:
        """A client that sends what it is told to; signed as far as can be seen."""
        headers = {"Authorization": authorization} if authorization else {}
        return httpx.Client(base_url=self.server.url, headers=headers, timeout=PATIENCE)

    def host(self, name: str, handler: Handler, present: Presenter | None = None, **limits: Any) -> None:
        """Host a durable function whose own checkpoints go through HTTP as well."""
        host = ThreadHost(warm(handler), present or with_service(LambdaClient(self.client())))
        self.runtime.functions[name] = Function(host, **limits)

    def call(self, name: str, handler: Handler) -> None:
        """Host a plain function."""
        self.runtime.functions[name] = PlainFunction(warm(handler))

    def start(self, function: str, event: Any = None, name: str | None = None) -> str:
        """Begin an execution without HTTP."""
        return self.runtime.start(function, json.dumps(event), name)

    def start_and_ask(self, function: str, event: Any = None, name: str | None = None) -> tuple[str, str]:
        """Begin an execution that asks for a callback: its ARN, and the callback's id once it has one."""
        asked: queue.SimpleQueue[str] = queue.SimpleQueue()

        def observe(_arn: str, changed: list[Operation]) -> None:
            for operation in changed:
                if operation.callback_details:
                    asked.put(operation.callback_details.callback_id)

        self.runtime.journals.observers.append(observe)
        return self.start(function, event, name), asked.get(timeout=PATIENCE)


@contextmanager
def serving(clock: Clock, database: Path | str = IN_MEMORY, samples: Samples | None = None) -> Iterator[Served]:
    """A server at a free port, until the end of the block."""
    runtime = LocalRuntime(Database(database), clock)
    dispatcher = Dispatcher(runtime)
    dispatcher.start()
    try:
        with LoopbackServer(runtime, dispatcher, samples=samples) as server:
            yield Served(runtime, dispatcher, server)
            dispatcher.close(patience_seconds=1)
    finally:
        dispatcher.close(patience_seconds=1)
        runtime.journals.database.close()
