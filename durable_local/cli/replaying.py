"""`durable replay`: today's code over what an execution has recorded, before it is deployed."""

import json
import os
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from durable_local.cli import documents
from durable_local.cli.console import ExitCode, UsageError, out, say
from durable_local.cli.output import kept_in
from durable_local.cli.source import Where
from durable_local.errors import ResourceNotFoundError
from durable_local.hosts.loading import Handler, HandlerNotFoundError, load
from durable_local.replay.document import HistoryError, Json, events_of
from durable_local.replay.rehearsal import NotDurableError
from durable_local.replay.verdict import Verdict, judge, judge_every_cut

STANDARD_INPUT = "-"
_WAY_OUT = "Keep operations and their order while executions run, or deploy the change as a new version."


@dataclass(frozen=True, slots=True)
class Replaying:
    """What is to be replayed, with which code."""

    history: str
    """A file, `-` for standard input, or the name or ARN of an execution."""
    function: str
    where: Where
    at_every_cut: bool
    as_json: bool


def replay(asked: Replaying) -> ExitCode:
    """Replay a history and say whether the code goes on with it as it began."""
    try:
        events, rebuilt = _history(asked)
        with kept_in(Path(os.devnull)):
            verdict = _judged(_imported(asked.function.replace(":", ".")), events, rebuilt, asked)
    except (HistoryError, NotDurableError) as error:
        raise UsageError(str(error)) from error
    if asked.as_json:
        print(documents.dumps(_document(verdict, len(events))))  # noqa: T201 - exactly this, for scripts
    else:
        _print(out(), asked, verdict, len(events))
    return ExitCode.SUCCEEDED if verdict.is_compatible else ExitCode.FAILED


def _history(asked: Replaying) -> tuple[list[Json], Collection[str] | None]:
    """The events, and the contexts that are rebuilt, where that is known."""
    path = Path(asked.history)
    if asked.history == STANDARD_INPUT:
        return events_of(_parsed(sys.stdin.read(), "standard input")), None
    if path.is_file():
        return events_of(_parsed(path.read_text(encoding="utf-8"), asked.history)), None
    if not (asked.where.endpoint or asked.where.database.exists()):
        raise UsageError(
            f"There is no file {asked.history}, and no database {asked.where.database} with that execution"
        )
    return _recorded(asked.where, asked.history)


def _recorded(where: Where, execution: str) -> tuple[list[Json], Collection[str] | None]:
    source = where.source()
    try:
        events = events_of({"Events": source.events(execution, with_data=True)})
    except ResourceNotFoundError as error:
        raise UsageError(f"There is neither a file nor an execution {execution}; `durable list` lists them") from error
    if where.endpoint:
        return events, None
    details = {each.operation_id: each.context_details for each in source.operations(execution)}
    return events, {identity for identity, context in details.items() if context and context.replay_children}


def _parsed(text: str, source: str) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UsageError(f"The history in {source} is not JSON: {error}") from error


def _imported(path: str) -> Handler:
    sys.path.insert(0, str(Path.cwd()))
    try:
        return load(path)
    except HandlerNotFoundError:
        raise
    except Exception as error:
        raise UsageError(f"{path} cannot be imported: {type(error).__name__}: {error}") from error


def _judged(handler: Handler, events: Sequence[Json], rebuilt: Collection[str] | None, asked: Replaying) -> Verdict:
    """The verdict on all events; at every cut, on the first cut that diverges, if any does."""
    verdict = judge(handler, events, rebuilt)
    if not asked.at_every_cut:
        return verdict
    return next((cut for cut in judge_every_cut(handler, events, rebuilt) if not cut.is_compatible), verdict)


def _document(verdict: Verdict, events: int) -> Json:
    parted = verdict.divergence
    told = {"Compatible": verdict.is_compatible, "Events": events, "ReplayedEvents": verdict.events}
    if parted is None:
        return told | {"OperationsMet": verdict.met, "Next": verdict.frontier}
    differs = {"Path": parted.path, "Recorded": parted.recorded, "Current": parted.current}
    return told | {"OperationsMet": verdict.met, "Divergence": differs}


def _print(console: Console, asked: Replaying, verdict: Verdict, events: int) -> None:
    cut = f", cut after event {verdict.events} of {events}" if verdict.events < events else ""
    replayed = f"{asked.history}{cut}"
    met = f"{verdict.met} recorded operation{'' if verdict.met == 1 else 's'} met"
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    if verdict.divergence is None:
        at_cuts = f" at every one of {events} events" if asked.at_every_cut else ""
        console.print(Text.assemble(("✓ compatible", "green"), f"  {asked.function} over {replayed}{at_cuts}; {met}."))
        rows = [("" if number else "then", line) for number, line in enumerate(verdict.frontier)]
    else:
        console.print(Text.assemble(("✗ diverges", "red"), f"  {asked.function} over {replayed}; {met}."))
        path = " > ".join(verdict.divergence.path) or "the handler's end"
        rows = [("at", path), ("recorded", verdict.divergence.recorded), ("current", verdict.divergence.current)]
    for heading, line in rows:
        table.add_row(f"  {heading}", Text(line))
    console.print(table)
    if not verdict.is_compatible:
        say(console, _WAY_OUT, "yellow")
