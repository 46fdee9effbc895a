"""Databases that are sound, and databases that something has happened to."""

import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from durable_local.clock import SystemClock
from durable_local.doctor import Finding, examine
from durable_local.hosts.loading import warm
from durable_local.hosts.threads import ThreadHost
from durable_local.invocations import Invocations
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import Database, StoreError
from tests.durable_local import updates
from tests.durable_local.conftest import Caller, Claim
from tests.fakes.clock import SetClock


def spoil(runtime: LocalRuntime, statement: str) -> None:
    database = runtime.journals.database
    database.row("PRAGMA foreign_keys = OFF")
    with database.transaction():
        database.write(statement, ())


def problems(runtime: LocalRuntime) -> str:
    return "\n".join(finding.problem for finding in examine(runtime.journals.database))


@pytest.fixture
def busy(runtime: LocalRuntime, caller: Caller, claim: Claim) -> Caller:
    """An execution in which something of every kind has happened, beside one that has ended."""
    ended = claim(runtime.start("f", "{}", "ended"))
    ended.checkpoint(updates.step("START", "s"), updates.execution("SUCCEED", payload='"done"'))
    caller.checkpoint(updates.context("START"), updates.step("SUCCEED", "s1", payload='"a"', parent="x"))
    caller.checkpoint(updates.context("SUCCEED", payload="1"), updates.retry("s2"), updates.retry("p", payload="9"))
    caller.checkpoint(updates.wait(), updates.callback(timeout=9), updates.invoke(), updates.step("FAIL", "s3"))
    caller.checkpoint(updates.wait("w2", seconds=500), updates.callback("c2"), updates.step("START", "s4"))
    return caller


def test_a_sound_database_has_no_findings(runtime: LocalRuntime, busy: Caller, clock: SetClock) -> None:
    clock.advance(60)
    busy.checkpoint(updates.cancel("w2"))

    assert examine(runtime.journals.database) == []


def test_an_execution_that_was_stopped_or_has_timed_out_is_sound(
    runtime: LocalRuntime, busy: Caller, claim: Claim
) -> None:
    runtime.executions.stop(busy.invocation.arn)

    assert examine(runtime.journals.database) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM events WHERE number = 3", "missing are [3]"),
        ("UPDATE events SET payload = 'other' WHERE number = 1", "not what it was when it was written"),
        ("UPDATE operations SET result = 'other' WHERE id = 's1'", "Operation s1 is SUCCEEDED, but its last event, 3"),
        ("UPDATE operations SET status = 'FAILED' WHERE id = 's1'", "Operation s1 is FAILED, but"),
        ("UPDATE operations SET status = 'READY' WHERE id = 's1'", "Operation s1 is READY, but"),
        ("DELETE FROM operations WHERE id = 'x'", "Operation s1 lies below x, which is not there"),
        ("DELETE FROM operations WHERE id = 's3'", "Of 12 operations 11 are there"),
        ("UPDATE executions SET status = 'FAILED' WHERE name = 'nightly'", "its EXECUTION operation STARTED"),
        ("UPDATE operations SET name = 'other' WHERE id = 's1'", "Operation s1 is not what it was"),
        ("UPDATE operations SET input = 'other' WHERE id = 'i'", "Operation i is not what it was"),
        ("UPDATE operations SET callback_id = 'other' WHERE id = 'c'", "Operation c is not what it was"),
        ("UPDATE operations SET started_at = 1, seal = 2 WHERE id = 's1'", "Operation s1 is not what it was"),
        ("UPDATE executions SET name = 'other' WHERE name = 'nightly'", "is not that of f and its own name"),
        ("UPDATE executions SET timeout_seconds = 9", "Its timeout is not the one that it began with"),
        ("UPDATE executions SET started_at = 9", "differ in name or time"),
        ("UPDATE executions SET invocations = 9", "Of 9 invocations 1 have an event"),
        ("UPDATE outcomes SET result = 'other'", "is SUCCEEDED, but its last event"),
        ("DELETE FROM executions WHERE name = 'ended'", "rows of events belong to nothing"),
    ],
)
def test_what_contradicts_itself_is_found(runtime: LocalRuntime, busy: Caller, statement: str, told: str) -> None:
    spoil(runtime, statement)

    assert told in problems(runtime)


def test_an_execution_that_nothing_will_go_on_with_is_found(runtime: LocalRuntime, caller: Caller) -> None:
    caller.checkpoint(updates.wait())
    spoil(runtime, "UPDATE executions SET request_id = NULL, invocations = 0")
    spoil(runtime, "DELETE FROM timers")

    (finding,) = examine(runtime.journals.database)

    assert finding.execution == "nightly"
    assert "neither an invocation, a timer, an answer nor another execution" in finding.problem


def test_an_execution_that_waits_for_an_answer_only_is_sound(runtime: LocalRuntime, caller: Caller) -> None:
    caller.checkpoint(updates.callback())
    spoil(runtime, "UPDATE executions SET request_id = NULL, invocations = 0")

    assert examine(runtime.journals.database) == []


def test_timers_that_outlive_their_execution_are_found(runtime: LocalRuntime, busy: Caller) -> None:
    spoil(
        runtime,
        "INSERT INTO timers (execution, operation_id, kind, due_at, seconds) "
        "SELECT key, 's', 'OPERATION', 1, 1 FROM executions WHERE name = 'ended'",
    )

    assert "It has ended, but timers of it have not" in problems(runtime)


def test_what_cannot_be_understood_is_a_finding_too(runtime: LocalRuntime, busy: Caller) -> None:
    spoil(runtime, "UPDATE events SET facts = '{' WHERE operation_id = 's2'")

    assert "cannot be understood" in problems(runtime)


EXECUTIONS, STEPS = 12, 5


def record(path: Path) -> None:
    """A database whose WAL holds many commits, as a process that was killed leaves it."""
    runtime = LocalRuntime(Database(path / "live.sqlite"), SystemClock())
    runtime.functions["f"] = Function(ThreadHost(warm(lambda *_: None), lambda event: event))
    for number in range(EXECUTIONS):
        caller = Caller(runtime, Invocations(runtime.journals).begin(runtime.start("f", "{}", f"e{number}"), 0))
        for step in range(STEPS):
            caller.checkpoint(updates.step("START", f"s{step}"), updates.step("SUCCEED", f"s{step}", payload=f"{step}"))
        caller.send(updates.execution("SUCCEED", payload=str(number)))
    for part in ("", "-wal", "-witness"):
        shutil.copy(path / f"live.sqlite{part}", path / f"killed.sqlite{part}")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed")
    record(folder)
    return folder / "killed.sqlite"


def copied(killed: Path, folder: Path) -> Path:
    for part in ("", "-wal", "-witness"):
        shutil.copy(f"{killed}{part}", folder / f"durable.sqlite{part}")
    return folder / "durable.sqlite"


def told(path: Path) -> tuple[list[Finding], dict[str, Any]]:
    """What the doctor finds, and what the store tells of every execution."""
    database = Database(path)
    runtime = LocalRuntime(database, SystemClock())
    findings = examine(database)
    content = {}
    if not findings:
        for summary in runtime.executions.newest(100):
            arn = summary.arn
            shown = (runtime.executions.get(arn), runtime.executions.operations(arn), runtime.executions.history(arn))
            content[summary.name] = shown
    database.close()
    return findings, content


def test_what_a_killed_process_leaves_is_sound(killed: Path, tmp_path: Path) -> None:
    findings, content = told(copied(killed, tmp_path))

    assert findings == []
    assert len(content) == EXECUTIONS


@pytest.mark.parametrize("seed", [*range(30), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(30, 800))])
def test_a_torn_wal_leaves_whole_commits_and_the_doctor_tells_that_some_are_gone(
    killed: Path, tmp_path: Path, seed: int
) -> None:
    path, chance = copied(killed, tmp_path), random.Random(seed)  # noqa: S311 - not a secret
    wal = Path(f"{path}-wal")
    content = bytearray(wal.read_bytes())
    place = chance.randrange(len(content))
    if chance.random() < 0.5:
        del content[place:]
    else:
        content[place] ^= 1 << chance.randrange(8)
    wal.write_bytes(content)

    findings, _ = told(path)

    assert findings
    assert all("Acknowledged changes were lost" in finding.problem for finding in findings)


@pytest.mark.parametrize("seed", [*range(30), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(30, 800))])
def test_a_flipped_bit_in_the_file_changes_nothing_that_is_told_or_the_doctor_finds_it(
    killed: Path, tmp_path: Path, seed: int
) -> None:
    path, chance = copied(killed, tmp_path), random.Random(seed)  # noqa: S311 - not a secret
    Database(path).row("PRAGMA wal_checkpoint(TRUNCATE)")
    _, sound = told(path)
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)

    try:
        findings, shown = told(path)
    except StoreError as refused:
        assert "durable.sqlite" in str(refused)  # noqa: PT017 - one of two good ends
        return

    assert findings or shown == sound
