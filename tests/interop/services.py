"""Two services behind HTTP, our runtime and AWS's emulator, on which the same handlers run."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx

from durable_local.clock import SkippingClock
from durable_local.hosts.events import envelope
from durable_local.hosts.loading import Handler
from tests.durable_local.http.serving import Served, lambda_client, serving

Json = dict[str, Any]
MakeHandler = Callable[[Any], Handler]
"""Makes a handler that speaks to its service through a boto3 client."""

EMULATOR = Path(sys.executable).with_name("dex-local-runner")
TIMEOUT_SECONDS = 86_400
INVOKED = {"trebling": {"DurableConfig": {"ExecutionTimeout": TIMEOUT_SECONDS, "RetentionPeriodInDays": 1}}}
"""The functions that executions may invoke, as the emulator is told of them."""
PATIENCE = 60
"""How many seconds an execution may take."""
_LOOK_SECONDS = 0.1


class Service(Protocol):
    """Runs durable functions and tells what came of them."""

    @property
    def client(self) -> Any:
        """A boto3 client of it."""

    def host(self, function: str, make: MakeHandler) -> None:
        """Let executions invoke a durable function."""

    def run(self, function: str, make: MakeHandler) -> str:
        """The ARN of an execution that has ended."""


@dataclass(frozen=True)
class OurRuntime:
    """Our runtime, which hosts the handlers itself."""

    served: Served
    client: Any

    def host(self, function: str, make: MakeHandler) -> None:
        """Let executions invoke a durable function."""
        self.served.host(function, make(self.client), present=envelope, execution_timeout_seconds=TIMEOUT_SECONDS)

    def run(self, function: str, make: MakeHandler) -> str:
        """The ARN of an execution that has ended."""
        self.host(function, make)
        arn: str = self.client.invoke(FunctionName=f"{function}:$LATEST", Payload=b"{}")["DurableExecutionArn"]
        return arn


@dataclass(frozen=True)
class Emulator:
    """AWS's emulator in a process of its own; it invokes the handlers as plain functions of our runtime."""

    served: Served
    client: Any
    url: str
    _never: threading.Event = field(default_factory=threading.Event)

    def host(self, function: str, make: MakeHandler) -> None:
        """Let executions invoke a durable function."""
        self.served.call(function, make(self.client))

    def run(self, function: str, make: MakeHandler) -> str:
        """The ARN of an execution that has ended."""
        self.host(function, make)
        asked = {
            "AccountId": "123456789012",
            "FunctionName": function,
            "FunctionQualifier": "$LATEST",
            "ExecutionName": function,
            "ExecutionTimeoutSeconds": TIMEOUT_SECONDS,
            "ExecutionRetentionPeriodDays": 1,
            "Input": "{}",
        }
        answer = httpx.post(f"{self.url}/start-durable-execution", json=asked)
        arn: str = answer.raise_for_status().json()["ExecutionArn"]
        for _ in range(int(PATIENCE / _LOOK_SECONDS)):
            if self.client.get_durable_execution(DurableExecutionArn=arn)["Status"] != "RUNNING":
                return arn
            self._never.wait(_LOOK_SECONDS)
        raise AssertionError(f"{function} still runs on the emulator after {PATIENCE} s")


@contextmanager
def our_runtime() -> Iterator[OurRuntime]:
    """Our runtime, whose time skips."""
    with serving(SkippingClock()) as served:
        yield OurRuntime(served, served.client())


@contextmanager
def emulator() -> Iterator[Emulator]:
    """The emulator, whose time skips where it can."""
    with serving(SkippingClock()) as served, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        url = f"http://127.0.0.1:{port}"
        configs = ["--function-configs", json.dumps(INVOKED)]
        options = ["--host", "127.0.0.1", "--port", str(port), "--skip-time", "--local-runner-endpoint", url]
        credentials = {
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        process = subprocess.Popen(
            [EMULATOR, "start-server", *options, *configs, "--lambda-endpoint", served.server.url],
            env={**os.environ, **credentials},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with httpx.Client(transport=httpx.HTTPTransport(retries=7)) as waiting:
                waiting.get(f"{url}/health", timeout=PATIENCE).raise_for_status()
            yield Emulator(served, lambda_client(url, PATIENCE), url)
        finally:
            process.terminate()
            process.wait(10)


def outcome(service: Service, arn: str) -> tuple[str, Any, Json | None]:
    """Status, result and error; where an error was raised is told by our core alone."""
    shown = service.client.get_durable_execution(DurableExecutionArn=arn)
    error = {name: value for name, value in shown.get("Error", {}).items() if name != "StackTrace"}
    return shown["Status"], json.loads(shown["Result"]) if shown.get("Result") else None, error or None


def events(service: Service, arn: str) -> list[Json]:
    """The whole history, in order."""
    pages = service.client.get_paginator("get_durable_execution_history").paginate(
        DurableExecutionArn=arn, IncludeExecutionData=True, PaginationConfig={"PageSize": 1000}
    )
    return [event for page in pages for event in page["Events"]]
