"""Follow what the deployed pipeline logs: make logs."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tools.stack import deployed

PAUSE_SECONDS = 2
LATE_MILLISECONDS = 60_000
"""How much later than its own time a line may become readable."""


@dataclass(slots=True)
class Tail:
    """The lines of a log group since a moment in milliseconds, each told once."""

    client: Any
    group: str
    since: int
    _told: dict[str, int] = field(default_factory=dict)

    def new_lines(self) -> Iterator[str]:
        """What was not there before."""
        pages = self.client.get_paginator("filter_log_events")
        for page in pages.paginate(logGroupName=self.group, startTime=self.since):
            for event in page["events"]:
                if event["eventId"] not in self._told:
                    self._told[event["eventId"]] = event["timestamp"]
                    yield event["message"].rstrip()
        self._forget()

    def _forget(self) -> None:
        self.since = max(self.since, max(self._told.values(), default=0) - LATE_MILLISECONDS)
        self._told = {known: at for known, at in self._told.items() if at >= self.since}


def main(arguments: Sequence[str] | None = None, now: Callable[[], float] = time.time) -> int:
    """Tell each line once, until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m tools.logs", description=__doc__)
    parser.add_argument("--minutes", type=int, default=10, help="how far back to begin")
    parser.add_argument("--once", action="store_true", help="end with what there is")
    asked = parser.parse_args(arguments)
    with deployed() as stack:
        group, since = stack.outputs["PipelineLogs"], int((now() - asked.minutes * 60) * 1000)
        tail = Tail(stack.client("logs"), group, since)
        print(f"Following {group}; Ctrl-C ends it", file=sys.stderr)
        with suppress(KeyboardInterrupt):
            follow(tail, is_once=asked.once)
    return 0


def follow(tail: Tail, *, is_once: bool) -> None:
    """Tell each line, for ever if not once."""
    while True:
        for line in tail.new_lines():
            print(line, flush=True)
        if is_once:
            return
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
