"""Measures the pipeline on so many rows as `make run` runs it, and what the same rows take at least."""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.scale.orders import write_orders

FOLDER = Path(__file__).parents[2]
PATIENCE = 900
"""Seconds that a process may take."""
FUNCTION = "app.entrypoints.pipeline.handler"


@dataclass(frozen=True, slots=True)
class Scale:
    """What one execution came to, and the least that its rows take."""

    rows: int
    stored: int
    rejected: int
    seconds: float
    """From the execution's start to its end."""
    cpu: float
    """Seconds of user and system time of the whole process, from its start to its end."""
    memory: float
    """The process's peak in megabytes (10^6)."""
    operations: int
    written: int
    """Bytes of the execution's quota."""
    parsing: float
    """Seconds of CPU of a plain loop that parses, validates and serialises the same rows."""
    writing: float
    """Seconds of writing the same documents, each synced to the disk."""

    @property
    def of_the_limit(self) -> float:
        """The part of the CPU time that went into what no program can do without."""
        return self.parsing / self.cpu


def measure(rows: int, settings: dict[str, str] | None = None) -> Scale:
    """Measure so many rows in one execution, in fresh processes. Raises RuntimeError if a row is missing."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "sources").mkdir()
        bad = write_orders(folder / "sources" / "orders.jsonl", rows)
        before = limit(folder)
        told, cpu, memory = run(folder, settings or {})
        counts = told["Result"]["orders"]
        if (counts["stored"], counts["rejected"]) != (rows - bad, bad):
            raise RuntimeError(f"Of {rows} rows, {bad} of them bad, the pipeline has told {counts}")
        operations, written = used(folder, told["DurableExecutionName"])
        after = limit(folder)
        began, ended = (datetime.fromisoformat(told[member]) for member in ("StartTimestamp", "EndTimestamp"))
    return Scale(
        rows=rows,
        stored=counts["stored"],
        rejected=counts["rejected"],
        seconds=(ended - began).total_seconds(),
        cpu=cpu,
        memory=memory,
        operations=operations,
        written=written,
        parsing=(before["parsing"] + after["parsing"]) / 2,
        writing=after["writing"],
    )


def limit(folder: Path) -> dict[str, float]:
    """The seconds of parsing the rows that are there, and of writing the documents, in a process of its own."""
    seconds: dict[str, float] = json.loads(_output([sys.executable, "-m", "benchmarks.scale.limit", str(folder)], {}))
    return seconds


def run(folder: Path, settings: dict[str, str]) -> tuple[dict[str, Any], float, float]:
    """Run the pipeline in a process of its own; what it tells, its seconds of CPU and its peak in megabytes."""
    (folder / "event.json").write_text('{"event_contexts": ["orders"]}')
    arguments = ["run", FUNCTION, "--event", str(folder / "event.json"), "--name", "scale", "--json"]
    command = [sys.executable, "-m", "durable_local", *arguments, "--database", str(folder / "durable.sqlite")]
    places = {"APP_SOURCE_ROOT": str(folder / "sources"), "APP_STORAGE_ROOT": str(folder / "storage")}
    told = json.loads(_output([sys.executable, "-m", "benchmarks.scale.usage", *command], {**places, **settings}))
    return json.loads(told["output"]), told["cpu"], told["memory"]


def used(folder: Path, name: str) -> tuple[int, int]:
    """How many operations and bytes an execution has used of its quotas."""
    with closing(sqlite3.connect(folder / "durable.sqlite")) as database:
        operations, written = database.execute(
            "SELECT operations, bytes FROM executions WHERE name = ?", (name,)
        ).fetchone()
    return operations, written


def _output(command: list[str], variables: dict[str, str]) -> str:
    environment = {**os.environ, **variables}
    done = subprocess.run(
        command, cwd=FOLDER, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} could not be measured:\n{done.stderr}\n{done.stdout}")
    return done.stdout
