"""`durable start` of the application in processes, on a folder of its own, where it may be killed."""

import json
import re
import sqlite3
from collections.abc import Iterable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from durable_local.clock import SystemClock
from durable_local.doctor import Finding, examine
from durable_local.executions import Executions
from durable_local.history import INVOCATION_COMPLETED, Event
from durable_local.journal import Journals
from durable_local.store.database import Database
from tests.app.copies import ROOT
from tests.app.faults import kept, shipment
from tests.durable_local.cli.conftest import Shop
from tests.durable_local.cli.serving import Served, started

AT_ONCE = 4
"""Workers, and executions that are begun together."""
INVOKE = {"FunctionName": "PipelineFunction:live", "Payload": json.dumps(shipment.EVENT)}


class Site:
    """A folder with the sources, the documents and a database, and the server that works there."""

    def __init__(self, folder: Path, servers: ExitStack) -> None:
        self.folder = folder
        self._servers = servers
        self._served: Served | None = None
        self._begun_at = 0
        shipment.write_sources(folder / "sources")
        self.configure()

    def configure(self, **variables: int) -> None:
        """Give the function these variables beside those that it needs here, before a server begins."""
        more = "".join(f"  {name}: {value}\n" for name, value in variables.items())
        overrides = (ROOT / "local.yaml").read_text().replace("${Local::Folder}/data", "${Local::Folder}/sources")
        overrides = re.sub(r"^PipelineFunction:.*\n", rf"\g<0>{more}", overrides, flags=re.MULTILINE)
        (self.folder / "local.yaml").write_text(overrides)

    @property
    def served(self) -> Served:
        """`durable start` of the template, in processes; begun anew if it has ended."""
        if self._served is None or self._served.process.poll() is not None:
            options = ["--host", "processes", "--workers", str(AT_ONCE), "--clock", "skipping"]
            start = started(
                Shop(self.folder), "--template", ROOT / "template.yaml", *options, errors=self.folder / "errors.txt"
            )
            self._served = self._servers.enter_context(start)
        return self._served

    @property
    def database(self) -> Path:
        return self.folder / ".durable/durable.sqlite"

    def begin(self, names: Iterable[str]) -> None:
        """Begin executions of these names."""
        client = self.served.client()
        self._begun_at, _ = self._progress()
        for name in names:
            client.invoke(InvocationType="Event", DurableExecutionName=name, **INVOKE)

    def wait_for_events(self, events: int) -> None:
        """Come back as soon as so many events are kept of what was begun last, or nothing runs any more."""
        kept_now, running = self._progress()
        while running and kept_now < self._begun_at + events:
            kept_now, running = self._progress()

    def results(self, names: Iterable[str]) -> dict[str, Any]:
        """What each of the executions has come to, once it has ended."""
        client = self.served.client()
        answers = {name: client.invoke(DurableExecutionName=name, **INVOKE) for name in names}
        return {name: json.loads(answer["Payload"].read()) for name, answer in answers.items()}

    def names(self) -> set[str]:
        """All executions, those that were invoked by others included."""
        with closing(Database(self.database)) as database:
            return {each.name for each in _executions(database).newest(10_000)}

    def history(self, name: str) -> list[Event]:
        """The events of an execution."""
        with closing(Database(self.database)) as database:
            return [event for _, event in _executions(database).history(name)]

    def hits(self, names: Iterable[str]) -> int:
        """How many of the executions had an invocation killed, where nothing else makes a second one necessary."""
        completed = [[event.type for event in self.history(name)].count(INVOCATION_COMPLETED) for name in names]
        return sum(invocations > 1 for invocations in completed)

    def kept(self) -> dict[str, bytes]:
        """All documents."""
        return kept.in_folder(self.folder / ".durable/storage")

    def findings(self) -> list[Finding]:
        """What is wrong with the database."""
        with closing(Database(self.database)) as database:
            return examine(database)

    def _progress(self) -> tuple[int, int]:
        """How many events are kept, and how many executions run."""
        with closing(sqlite3.connect(self.database)) as database:
            told = database.execute("SELECT sum(events), sum(status = 'RUNNING') FROM executions").fetchone()
        return told[0] or 0, told[1] or 0


def _executions(database: Database) -> Executions:
    return Executions(Journals(database, SystemClock()))
