"""What handlers and plugins log and print, line by line in one order, as Lambda's log has it."""

import contextlib
import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any, TextIO

Entry = dict[str, Any]


@contextlib.contextmanager
def logged() -> Iterator[list[Entry]]:
    """What is logged and printed meanwhile."""
    log: list[Entry] = []
    with contextlib.redirect_stdout(_Lines(log)), logging_to(sys.stdout):
        yield log


@contextlib.contextmanager
def logging_to(stream: TextIO) -> Iterator[None]:
    """Have a stream told what is logged meanwhile, at once and from level INFO on."""
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    handler.setFormatter(logging.Formatter("[%(levelname)s] %(message)s"))
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def entry(line: str) -> Entry:
    """A line as a log keeps it: the members of a JSON object, or its text as the message."""
    try:
        members = json.loads(line)
    except ValueError:
        members = None
    return members if isinstance(members, dict) else {"message": line}


class _Lines(io.TextIOBase):
    def __init__(self, log: list[Entry]) -> None:
        self._log = log
        self._begun = ""

    def write(self, text: str) -> int:
        *whole, self._begun = (self._begun + text).split("\n")
        self._log.extend(entry(line) for line in whole if line)
        return len(text)
