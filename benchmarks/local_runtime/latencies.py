"""What only the local runtime is asked: how long a checkpoint takes, whether that grows, and how late a wait ends."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.local_runtime.systems import Ours
from benchmarks.work import Work
from durable.model import InvocationStatus, OperationAction, OperationType, OperationUpdate
from durable.wire import from_milliseconds
from durable_local.answers import Answer
from durable_local.invocations import Invocations
from durable_local.runtime import LocalRuntime
from durable_local.store.database import Database

CHECKPOINTS = 2_000
STORED = (100, 1_000, 10_000, 100_000)
"""Numbers of executions; the first are run, the others copied from them."""
WAITS = 20
_STEPS = 10


@dataclass(frozen=True, slots=True)
class Latency:
    """Of many measurements, in seconds."""

    median: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Latency":
        """The summary of measurements."""
        ordered = sorted(seconds)
        return cls(ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100])


def growth() -> dict[int, Latency]:
    """By how many executions of ten steps are stored, how long a checkpoint that begins and ends a step takes."""
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(Path(folder), Work("steps", size=_STEPS))
        ours.dispatcher.close()
        told = {}
        for _ in range(STORED[0]):
            execute(ours.runtime)
        for count in STORED:
            fill(ours.runtime.journals.database, count)
            told[count] = Latency.of([each for _ in range(CHECKPOINTS // _STEPS) for each in execute(ours.runtime)])
        ours.runtime.journals.database.close()
    return told


def fill(database: Database, count: int) -> None:
    """Copy the executions that are there until there are so many."""
    while (stored := _highest(database)) < count:
        offset, most = stored, count - stored
        with database.transaction():
            for table in ("executions", "outcomes", "operations", "events"):
                columns = [row[1] for row in database.rows(f"PRAGMA table_info({table})") if row[1] != "position"]
                values = ", ".join(_COPIED.get(column, column) for column in columns)
                key = "key" if table == "executions" else "execution"
                copy = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {key} <= ?2"  # noqa: S608 - columns
                database.write(copy, (offset, most))


def _highest(database: Database) -> int:
    return int((database.row("SELECT max(key) FROM executions") or (0,))[0])


_COPIED = {
    "key": "key + ?1",
    "execution": "execution + ?1",
    "arn": "arn || '-' || ?1",
    "name": "name || '-' || ?1",
}


def execute(runtime: LocalRuntime) -> list[float]:
    """Make the calls of an execution of ten steps; the answer is how long each checkpoint took."""
    arn = runtime.start("function", "{}")
    invocations = Invocations(runtime.journals)
    invocation = invocations.begin(arn, 0)
    token, taken = invocation.checkpoint_token, []
    for number in range(_STEPS):
        updates = [_step(number, OperationAction.START), _step(number, OperationAction.SUCCEED, "7")]
        began = time.perf_counter()
        token = runtime.service.checkpoint(arn, token, updates, None).checkpoint_token or ""
        taken.append(time.perf_counter() - began)
    invocations.answered(arn, invocation.fence, Answer(InvocationStatus.SUCCEEDED, "7"))
    return taken


def wake_up() -> Latency:
    """How long after a wait's end the function is invoked again."""
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(Path(folder), Work("short_wait"))
        late = []
        for _ in range(WAITS):
            arn = ours.start()
            ours.wait(arn)
            late.append(_lateness(ours.runtime, arn))
        ours.close()
    return Latency.of(late)


def _lateness(runtime: LocalRuntime, arn: str) -> float:
    events = {event.type: event for _, event in runtime.executions.history(arn)}
    (wait,) = (each for each in runtime.executions.operations(arn) if each.wait_details)
    assert wait.wait_details  # noqa: S101 - chosen by it
    assert wait.wait_details.scheduled_end_timestamp  # noqa: S101 - every wait has one
    resumed = from_milliseconds(events["InvocationCompleted"].facts["StartTimestamp"])
    return (resumed - wait.wait_details.scheduled_end_timestamp).total_seconds()


def _step(number: int, action: OperationAction, payload: str | None = None) -> OperationUpdate:
    return OperationUpdate(f"{number:064x}", OperationType.STEP, action, None, f"step-{number}", "Step", payload)
