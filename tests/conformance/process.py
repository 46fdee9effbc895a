"""One process of an execution whose handler may end it: goes on with what is on disk, like `durable run`."""

import json
import logging
import sys
from pathlib import Path

from durable_local.clock import SkippingClock
from durable_local.store.database import Database
from tests.conformance import suites
from tests.conformance.registry import HANDLERS
from tests.conformance.running import FUNCTION, runtime_of


class _Printed(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        print(json.dumps({"message": record.getMessage()}), flush=True)


def main(requirement: str, folder: str, event: str) -> None:
    """Start the requirement's execution in a folder, or go on with it, and drive it to its end."""
    suites.load()
    logging.basicConfig(level=logging.INFO, handlers=[_Printed()])
    runtime = runtime_of(HANDLERS[requirement], Database(Path(folder) / "durable.sqlite"), SkippingClock())
    runtime.run(runtime.start(FUNCTION, event, "execution"))


if __name__ == "__main__":
    main(*sys.argv[1:])
