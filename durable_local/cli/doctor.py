"""`durable doctor`: says what is wrong with a database."""

from pathlib import Path

from durable_local.cli import documents
from durable_local.cli.console import ExitCode, out, say
from durable_local.doctor import examine
from durable_local.store.database import Database


def run(path: Path, *, as_json: bool) -> ExitCode:
    """Examine a database and tell what was found."""
    findings = examine(Database(path))
    if as_json:
        found = [{"Problem": each.problem, "DurableExecutionName": each.execution} for each in findings]
        print(documents.dumps({"Findings": found}))  # noqa: T201 - exactly this, for scripts
    for each in () if as_json else findings:
        say(out(), f"{each.execution}: {each.problem}" if each.execution else each.problem, "red")
    if not as_json and not findings:
        say(out(), f"{path} is sound.", "green")
    return ExitCode.FAILED if findings else ExitCode.SUCCEEDED
