"""Queries of a SQLite file by somebody who is not trusted, within limits."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from app.adapters.datasets import asking
from app.domain.datasets import Answer
from app.ports.datasets import DatasetError, QueryRefusedError

KEPT = ("LD_LIBRARY_PATH",)
"""Variables that the process gets: by this one Lambda's Python finds its own library."""


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What one query may cost: seconds, and rows and bytes of its answer."""

    seconds: float = 5
    rows: int = 200
    bytes: int = 16_384


def answer(file: Path, statement: str, limits: QueryLimits) -> Answer:
    """What the query finds, asked by a process that is told nothing else: no settings, no credentials."""
    asked = {"file": str(file), "statement": statement, "most_rows": limits.rows, "most_bytes": limits.bytes}
    try:
        ran = subprocess.run(  # noqa: S603 - a program of ours, and no shell
            [sys.executable, "-I", "-S", asking.__file__],
            input=json.dumps(asked),
            cwd=file.parent,
            env={name: os.environ[name] for name in KEPT if name in os.environ},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise QueryRefusedError(f"The query took more than {limits.seconds:g} seconds; ask for less") from None
    if ran.returncode:
        raise DatasetError(f"The query ended the process that asked it, with {ran.returncode}; ask in another way")
    told = json.loads(ran.stdout)
    if "refused" in told:
        raise QueryRefusedError(told["refused"])
    return Answer(tuple(told["columns"]), tuple(map(tuple, told["rows"])), told["complete"])
