import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from durable_local.hosts.processes.memory import resident_bytes
from durable_local.hosts.processes.worker import Worker, WorkerGoneError
from tests.durable_local.hosts.processes.conftest import Shop, a_context

SERVER = """
import sys
from pathlib import Path
from durable_local.hosts.processes.worker import Program, Worker
from tests.durable_local.hosts.processes.conftest import a_context

folder = sys.argv[1]
program = Program("f", Path(sys.executable), Path(folder), {"LAMBDA_TASK_ROOT": folder, "_HANDLER": sys.argv[2]})
worker = Worker(program, lambda function, line: print(worker.pid, line, flush=True))
worker.begin()
worker.run("{}", a_context())
"""


@pytest.fixture
def worker(shop: Shop) -> Iterator[Worker]:
    worker = Worker(shop.host("echo").program, lambda function, line: None)
    yield worker
    worker.kill()


def test_a_worker_that_has_ended_before_an_invocation_says_so(worker: Worker) -> None:
    worker.begin()
    worker.kill()
    while psutil.pid_exists(worker.pid):
        pass

    with pytest.raises(WorkerGoneError, match="echo"):
        worker.run("{}", a_context())
    assert not worker.is_alive


@pytest.mark.parametrize(("function", "told"), [("hangs", "hanging"), ("spins", "spinning")])
def test_no_worker_survives_its_server(shop: Shop, function: str, told: str) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, shop.folder, f"shop.{function}"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[4],
    )
    assert server.stdout
    pid, line = server.stdout.readline().split()
    assert line == told

    server.kill()
    server.communicate()

    assert psutil.wait_procs([psutil.Process(int(pid))] if psutil.pid_exists(int(pid)) else [], timeout=20)[1] == []


def test_the_memory_of_a_process_that_has_ended_is_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()

    assert resident_bytes(process.pid) == 0


def test_the_memory_of_a_process_counts_its_children() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        alone = psutil.Process().memory_info().rss

        with_child = resident_bytes(os.getpid())

        child.send_signal(signal.SIGKILL)
    assert with_child > alone
