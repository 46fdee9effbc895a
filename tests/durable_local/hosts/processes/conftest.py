"""Functions in a folder of their own, and a pool for the workers that run them."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from durable_local.hosts.context import LambdaContext
from durable_local.hosts.processes import ProcessHost
from durable_local.hosts.processes.pool import Pool
from durable_local.hosts.processes.worker import Program

CODE = """
import os
import subprocess
import sys
import threading
import time

calls = []


def echo(event, context):
    calls.append(event)
    if event == "raise":
        raise ValueError("boom")
    return {
        "event": event, "pid": os.getpid(), "calls": len(calls), "folder": os.getcwd(),
        "request": context.aws_request_id, "arn": context.invoked_function_arn,
        "tenant": context.tenant_id,
        "left": context.get_remaining_time_in_millis(), "environment": dict(os.environ),
    }


def leaves(event, context):
    os._exit(event["code"])


def dies(event, context):
    os.kill(os.getpid(), event["signal"])


def hoards(event, context):
    kept = []
    while True:
        kept.append(bytearray(8 * 1024 * 1024))
        time.sleep(0.01)


def has_a_child_that_hoards(event, context):
    subprocess.run([sys.executable, "-c", "import shop; shop.hoards(0, 0)"])


def hangs(event, context):
    print("hanging", flush=True)
    threading.Event().wait()


def spins(event, context):
    print("spinning", flush=True)
    while True:
        pass


def large(event, context):
    return "x" * event["size"]


def says(event, context):
    print("first\\nsecond", flush=True)
    print("third", file=sys.stderr, flush=True)


def ends_afterwards(event, context):
    threading.Timer(0.05, os._exit, [7]).start()
    return os.getpid()
"""


class Shop:
    """The folder with the code, and hosts for its functions."""

    def __init__(self, folder: Path, pool: Pool, printed: list[tuple[str, str]]) -> None:
        self.folder = folder
        self.pool = pool
        self.printed = printed

    def host(self, function: str, memory_mb: int = 512, **variables: str) -> ProcessHost:
        environment = {
            "PATH": os.environ["PATH"],
            "LAMBDA_TASK_ROOT": str(self.folder),
            "_HANDLER": f"shop.{function}",
        }
        program = Program(function, Path(sys.executable), self.folder, environment | variables, memory_mb)
        return ProcessHost(self.pool, program)


MakePool = Callable[[int], Pool]


@pytest.fixture
def printed() -> list[tuple[str, str]]:
    """What the functions have printed, each line with its function."""
    return []


@pytest.fixture
def make_pool(printed: list[tuple[str, str]]) -> Iterator[MakePool]:
    pools: list[Pool] = []

    def make(limit: int) -> Pool:
        pools.append(Pool(lambda function, line: printed.append((function, line)), limit))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


@pytest.fixture
def shop(tmp_path: Path, make_pool: MakePool, printed: list[tuple[str, str]]) -> Shop:
    (tmp_path / "shop.py").write_text(CODE)
    return Shop(tmp_path, make_pool(2), printed)


def a_context(request_id: str = "request-1", timeout_seconds: float = 30) -> LambdaContext:
    return LambdaContext("f", "$LATEST", "arn:f", request_id, timeout_seconds=timeout_seconds)
