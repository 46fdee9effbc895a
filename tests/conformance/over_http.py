"""AWS's own validator, let loose on our handlers: in processes of their own, behind the Lambda API.

The validator speaks boto3 alone. What it asks of Lambda goes over HTTP; which function a resource of the stack is, and
what that has logged, it is told here.
"""

import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from durable_local.clock import SystemClock
from durable_local.hosting import host_in_processes
from durable_local.hosts.loading import Handler
from durable_local.hosts.processes.pool import Pool
from durable_local.template.function import DurableConfig, TemplateFunction
from tests.conformance.registry import Case
from tests.conformance.requirements import ROOT
from tests.durable_local.http.serving import lambda_client, serving

WORKERS = 24
"""Enough for a function to find its worker warm again: requirements tell of what happens within a second."""
PATIENCE = 300
"""How many seconds the validator waits for an answer: the first ones wait for many processes to begin."""
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Stack:
    """What CloudFormation would tell: each function is a resource of its name."""

    functions: Sequence[str]

    def get_paginator(self, _operation: str) -> "Stack":
        """The only list there is."""
        return self

    def paginate(self, **_asked: Any) -> list[dict[str, Any]]:
        """All functions, on one page."""
        kind = "AWS::Lambda::Function"
        return [
            {
                "StackResourceSummaries": [
                    {"LogicalResourceId": name, "PhysicalResourceId": name, "ResourceType": kind}
                    for name in self.functions
                ]
            }
        ]

    def describe_stack_resource(self, *, LogicalResourceId: str, **_asked: Any) -> dict[str, Any]:  # noqa: N803 - boto3's
        """Which function logs for a resource."""
        return {"StackResourceDetail": {"PhysicalResourceId": LogicalResourceId}}


@dataclass(frozen=True, slots=True)
class Logs:
    """What CloudWatch would tell: the lines that each function has printed."""

    lines: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, function: str, line: str) -> None:
        """Take a line."""
        with self._lock:
            self.lines[function].append({"message": line, "timestamp": int(time.time() * 1000)})

    def filter_log_events(self, **asked: Any) -> dict[str, Any]:
        """The lines of a function; of one execution of it, where a filter names that."""
        function = asked["logGroupName"].rpartition("/")[2]
        with self._lock:
            return {"events": list(self.lines[function])}


@dataclass(frozen=True, slots=True)
class Account:
    """The clients that the validator uses, by the names of their services."""

    clients: dict[str, Any]


def function_name(requirement: str) -> str:
    """The function that is to meet a requirement."""
    return f"requirement-{requirement}"


@contextmanager
def account(cases: Iterable[Case]) -> Iterator[Account]:
    """Lambda with a function for each case and those that they invoke."""
    logs = Logs()
    pool = Pool(logs.add, WORKERS)
    try:
        with serving(SystemClock()) as served:
            functions = list(_functions(cases))
            host_in_processes(served.runtime, functions, served.server.url, pool, Path(sys.executable))
            stack = Stack([function.name for function in functions])
            clients = {"lambda": lambda_client(served.server.url, PATIENCE), "cloudformation": stack, "logs": logs}
            yield Account(clients)
    finally:
        pool.close()


def _functions(cases: Iterable[Case]) -> Iterator[TemplateFunction]:
    targets: dict[str, Handler] = {}
    for case in cases:
        yield _function(function_name(case.requirement), case.handler)
        targets |= case.targets
    for name, handler in targets.items():
        yield _function(name, handler)


def _function(name: str, handler: Handler) -> TemplateFunction:
    return TemplateFunction(
        name,
        f"{handler.__module__}.{handler.__qualname__}",
        ROOT,
        f"python{sys.version_info.major}.{sys.version_info.minor}",
        timeout_seconds=60,
        memory_mb=512,
        durable=DurableConfig(_DAY),
        variables={"AWS_LAMBDA_LOG_LEVEL": "INFO"},
        log_format="JSON",
    )
