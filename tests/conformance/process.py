"""One process of an execution whose handler may end it: goes on with what is on disk, like `durable run`."""

import sys

from durable_local.clock import SkippingClock
from durable_local.store.database import Database
from tests.conformance import suites
from tests.conformance.logs import logging_to
from tests.conformance.registry import HANDLERS
from tests.conformance.running import FUNCTION, runtime_of


def main(requirement: str, database: str, event: str) -> None:
    """Start the requirement's execution, or go on with it, and drive it to its end."""
    suites.load()
    runtime = runtime_of(HANDLERS[requirement], Database(database), SkippingClock())
    with logging_to(sys.stdout):
        runtime.run(runtime.start(FUNCTION, event, "execution"))


if __name__ == "__main__":
    main(*sys.argv[1:])
