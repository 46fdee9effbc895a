"""`durable doctor`: says what is wrong with a database, or with the way to an endpoint."""

from collections.abc import Sequence
from pathlib import Path

from durable_local.cli import documents
from durable_local.cli.console import ExitCode, out, say
from durable_local.cli.source import Where
from durable_local.doctor import Finding, examine
from durable_local.errors import ServiceError
from durable_local.store.database import Database


def examine_file(path: Path, *, as_json: bool) -> ExitCode:
    """Examine a database and tell what was found."""
    return _tell(examine(Database(path)), f"{path} is sound.", as_json=as_json)


def ask(where: Where, *, as_json: bool) -> ExitCode:
    """Ask an endpoint for the latest execution of a function. Raises UnavailableError if it does not answer."""
    try:
        newest = where.source().newest(1)
    except ServiceError as error:
        return _tell([Finding(f"{where.endpoint} answers, but refuses: {error}")], "", as_json=as_json)
    latest = f"its latest execution is {newest[0].name}, {newest[0].status}" if newest else "it has no executions yet"
    return _tell([], f"{where.endpoint} answers, and has the function {where.function}; {latest}.", as_json=as_json)


def _tell(findings: Sequence[Finding], sound: str, *, as_json: bool) -> ExitCode:
    if as_json:
        found = [{"Problem": each.problem, "DurableExecutionName": each.execution} for each in findings]
        print(documents.dumps({"Findings": found}))  # noqa: T201 - exactly this, for scripts
    for each in () if as_json else findings:
        say(out(), f"{each.execution}: {each.problem}" if each.execution else each.problem, "red")
    if not as_json and not findings:
        say(out(), sound, "green")
    return ExitCode.FAILED if findings else ExitCode.SUCCEEDED
