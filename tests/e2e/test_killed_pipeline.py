"""The pipeline on the sample data, killed with SIGKILL in the middle: the run that follows finishes the same work."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
KILLS = 20
ENDS = {"StepSucceeded", "ContextSucceeded"}


@dataclass(frozen=True)
class Desk:
    """A folder of its own for documents and executions."""

    folder: Path

    def command(self, *arguments: str) -> list[str]:
        """The command line of `durable` on this folder's database."""
        return [sys.executable, "-m", "durable_local", *arguments, "--database", str(self.database)]

    def run(self, name: str) -> subprocess.Popen[str]:
        """Begin `durable run` of the pipeline."""
        event = ["--event", "events/pipeline.json", "--name", name, "--json"]
        command = self.command("run", "app.entrypoints.pipeline.handler", *event)
        environment = {**os.environ, "APP_STORAGE_ROOT": str(self.folder / "storage")}
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def finish(self, name: str) -> Any:
        """Run the pipeline to its end; the result without the addresses, which hold the name."""
        run = self.run(name)
        output, _ = run.communicate(timeout=60)
        assert run.returncode == 0, output
        result = json.loads(output)["Result"]
        return {data_type: (counts["stored"], counts["rejected"]) for data_type, counts in result.items()}

    def kill_after(self, name: str, events: int) -> None:
        """Run the pipeline, and kill the process as soon as so many events are kept."""
        run = self.run(name)
        while self.kept_events(name) < events and run.poll() is None:
            pass
        run.kill()
        run.communicate(timeout=20)

        assert run.returncode == -signal.SIGKILL, f"it ended before event {events}"

    @property
    def database(self) -> Path:
        return self.folder / "durable.sqlite"

    def kept_events(self, name: str) -> int:
        """How many events of an execution are kept."""
        if not self.database.exists():
            return 0
        with closing(sqlite3.connect(self.database)) as database:
            try:
                row = database.execute("SELECT events FROM executions WHERE name = ?", (name,)).fetchone()
            except sqlite3.OperationalError:  # the file is there, its tables not yet
                return 0
        return row[0] if row else 0

    def history(self, name: str) -> list[dict[str, Any]]:
        """The events of an execution, as the command tells them."""
        told = subprocess.run(
            self.command("history", name, "--json"), cwd=ROOT, text=True, capture_output=True, check=True
        )
        events: list[dict[str, Any]] = json.loads(told.stdout)["Events"]
        return events

    def documents(self, name: str) -> dict[str, bytes]:
        """What an execution has stored and rejected."""
        storage = self.folder / "storage"
        return {
            f"{kind}/{path.relative_to(storage / kind / name)}": path.read_bytes()
            for kind in ("documents", "rejected")
            for path in sorted((storage / kind / name).rglob("*.json*"))
        }


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def undisturbed(desk: Desk) -> Any:
    return desk.finish("calm")


def begun_again_after_their_end(events: list[dict[str, Any]]) -> list[str]:
    ended: set[str] = set()
    again = []
    for event in events:
        if event["EventType"] in ENDS:
            ended.add(event["Id"])
        elif event["EventType"] in {"StepStarted", "ContextStarted"} and event["Id"] in ended:
            again.append(event["Name"])
    return again


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_pipeline_goes_on_and_stores_every_row_once(desk: Desk, undisturbed: Any, number: int) -> None:
    last = desk.kept_events("calm") - 20
    points = sorted(random.Random(1937).sample(range(1, last), KILLS))  # noqa: S311 - not a secret
    name = f"killed-{number}"
    desk.kill_after(name, points[number])
    kept_before = {event["Id"] for event in desk.history(name) if event["EventType"] in ENDS}

    result = desk.finish(name)

    events = desk.history(name)
    assert result == undisturbed
    assert desk.documents(name) == desk.documents("calm")
    assert begun_again_after_their_end(events) == []
    assert kept_before <= {event["Id"] for event in events if event["EventType"] in ENDS}
    assert sum(event["EventType"] == "InvocationCompleted" for event in events) == 2
