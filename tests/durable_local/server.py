"""A process that goes on with the executions of a database until somebody kills it: `server DATABASE LEDGER`."""

import os
import signal
import sys
from functools import partial
from pathlib import Path

from durable import DurableContext, durable_execution
from durable.config import Duration
from durable_local.clock import SystemClock
from tests.durable_local.desk import Desk

STEPS = 10


def serve(database: Path, ledger: Path) -> None:
    """Host `work`, whose every step leaves a line in the ledger, and wait for the end."""
    lines = os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    @durable_execution
    def work(event: int, context: DurableContext) -> int:
        total = 0
        for number in range(STEPS):
            line = f"{event}:{number}\n".encode()
            total += context.step(partial(_write, lines, line), name=f"step-{number}")
            if number % 2 == 0:
                context.wait(Duration(1), name=f"pause-{number}")
        return event * total

    desk = Desk(database, SystemClock(), workers=16)
    desk.host("work", work)
    desk.dispatcher.start()
    print("started", flush=True)  # noqa: T201 - for whoever has begun this process
    signal.pause()


def _write(ledger: int, line: bytes, _context: object) -> int:
    os.write(ledger, line)
    return 1


if __name__ == "__main__":
    serve(Path(sys.argv[1]), Path(sys.argv[2]))
