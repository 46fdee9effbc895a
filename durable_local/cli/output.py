"""Keeps what a function prints apart from what the command prints."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STDOUT = 1


@contextmanager
def kept_in(log: Path) -> Iterator[None]:
    """Send standard output to a file meanwhile, even that of loggers bound at import and of child processes."""
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    terminal = os.dup(_STDOUT)
    with log.open("ab") as file:
        os.dup2(file.fileno(), _STDOUT)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(terminal, _STDOUT)
        os.close(terminal)
