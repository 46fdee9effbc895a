"""How the command speaks: where to, in which name, and with which exit codes."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

import typer
from rich.console import Console
from rich.text import Text

from durable_local.errors import CallbackTimeoutError, ClaimLostError, ServiceError
from durable_local.hosts.interpreter import InterpreterError
from durable_local.hosts.loading import HandlerNotFoundError
from durable_local.hosts.sharing import ConflictError
from durable_local.replay.document import HistoryError
from durable_local.store.database import StoreError
from durable_local.template.errors import TemplateError

DEFAULT_DATABASE = Path(".durable/durable.sqlite")


class ExitCode(IntEnum):
    """What scripts learn from the command."""

    SUCCEEDED = 0
    FAILED = 1
    USAGE = 2
    WAITS_FOR_THE_OUTSIDE = 3
    UNAVAILABLE = 4
    INTERRUPTED = 130


class UsageError(Exception):
    """The command was called with something that cannot be."""


class UnavailableError(Exception):
    """An endpoint does not answer, or refuses."""


def out() -> Console:
    """Where results go."""
    return _console(sys.stdout)


def err() -> Console:
    """Where progress and errors go."""
    return _console(sys.stderr)


def say(console: Console, text: str, style: str = "") -> None:
    """Print a text as it is: no markup and no breaks, so that a command in it can be copied."""
    console.print(Text(text, style=style), soft_wrap=True)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what can go wrong into a message and an exit code."""
    try:
        yield
    except CallbackTimeoutError as error:
        raise _exit(error, ExitCode.FAILED) from error
    except (UsageError, ServiceError, HandlerNotFoundError, TemplateError, ConflictError, InterpreterError) as error:
        raise _exit(error, ExitCode.USAGE) from error
    except (StoreError, ClaimLostError, UnavailableError, HistoryError) as error:
        raise _exit(error, ExitCode.UNAVAILABLE) from error


def command(*arguments: str, database: Path = DEFAULT_DATABASE) -> str:
    """The command with other arguments, as the user would type it."""
    chosen = [] if database == DEFAULT_DATABASE or "DURABLE_DATABASE" in os.environ else ["--database", str(database)]
    return f"{_program()} {shlex.join([*arguments, *chosen])}"


def shown(path: Path) -> str:
    """A path as short as it can be said."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _console(stream: TextIO) -> Console:
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")  # a mark that an encoding lacks must not end the command
    return Console(file=stream)


def _program() -> str:
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{sys.orig_argv[0]} -m durable_local"
    return called.name if shutil.which(called.name) == str(called) else str(called)


def _exit(error: Exception, code: ExitCode) -> typer.Exit:
    say(err(), f"Error: {error}", "red")
    return typer.Exit(code)
