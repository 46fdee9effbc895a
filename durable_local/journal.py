"""One execution inside a transaction: its operations, history and timers, written as they change."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from durable.model import ErrorObject, Operation, OperationStatus
from durable.wire import from_milliseconds, milliseconds
from durable_local import history
from durable_local.clock import Clock
from durable_local.errors import InvalidParameterValueError, ResourceNotFoundError
from durable_local.history import Event
from durable_local.limits import size
from durable_local.store import events, executions, operations, timers
from durable_local.store.columns import moment, stamp
from durable_local.store.database import Database, StoreError
from durable_local.store.executions import ExecutionRow, Outcome
from durable_local.store.operations import Change
from durable_local.store.timers import Timer, TimerKind
from durable_local.transitions import complete

Observer = Callable[[str, list[Operation]], None]


@dataclass(frozen=True, slots=True)
class Quotas:
    """How much one execution may record; Lambda raises neither, but here None lifts one."""

    operations: int | None = 3_000
    bytes: int | None = 100 * 1024 * 1024


@dataclass
class ExecutionJournal:
    """The open journal of an execution; `now` is the moment of the whole transaction."""

    database: Database
    row: ExecutionRow
    key: int
    now: datetime
    quotas: Quotas
    changed: dict[str, tuple[int, Operation]] = field(default_factory=dict)
    """What this transaction has changed, with the number of its latest change, in the order of these."""
    closed: bool = False
    """Whether this transaction has ended the execution."""
    scheduled: bool = False
    """Whether this transaction has made something due, now or later."""
    began_at: int = field(init=False)
    """The latest change before this transaction."""
    _known: dict[str, Operation | None] = field(default_factory=dict)
    _unwritten: dict[str, tuple[bool, str | None]] = field(default_factory=dict)
    """For each operation still to be written: whether it is new, and what it is given."""
    _events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.began_at = self.row.sequence

    def operation(self, operation_id: str) -> Operation | None:
        """An operation as it stands."""
        if operation_id not in self._known:
            self._known[operation_id] = operations.by_id(self.database, self.key, operation_id)
        return self._known[operation_id]

    def look_up(self, operation_ids: Iterable[str]) -> None:
        """Read operations that will be asked for, all at once; a single one is as well read when it is asked for."""
        missing = dict.fromkeys(operation_ids)
        if len(missing) > 1:
            self._known |= missing | operations.by_ids(self.database, self.key, list(missing))

    def record(self, operation: Operation, event: Event | None, payload: str | None = None) -> None:
        """Keep what an operation has become, and what is told of it."""
        id_ = operation.operation_id
        new = self.operation(id_) is None
        if new:
            self._count_operation()
        self._unwritten.setdefault(id_, (new, payload))
        self._known[id_] = operation
        self.row.sequence += 1
        self.changed.pop(id_, None)
        self.changed[id_] = self.row.sequence, operation
        if event:
            self.note(event)

    def note(self, event: Event) -> None:
        """Add to the history."""
        self._events.append(event)

    def stored(self) -> tuple[Database, int]:
        """The database and the execution's key there, with everything written that was recorded until now.

        A batch mostly begins and ends a step, so that to write late is to write half as often.
        """
        begun, changed = list[Change](), list[Change]()
        for id_, (new, given) in self._unwritten.items():
            (begun if new else changed).append(Change(*self.changed[id_], given))
        operations.insert(self.database, self.key, begun)
        operations.update(self.database, self.key, changed)
        events.append(self.database, self.row, self.key, self._events)
        self._unwritten, self._events = {}, []
        return self.database, self.key

    def weigh(self, *texts: str | None) -> None:
        """Count written bytes against the quota."""
        self.row.bytes += sum(map(size, texts))
        if self.quotas.bytes is not None and self.row.bytes > self.quotas.bytes:
            raise InvalidParameterValueError(
                f"Execution {self.row.name} has written more than {self.quotas.bytes} bytes, its quota; "
                "keep data elsewhere and checkpoint where it lies; --quotas none lifts it on this machine"
            )

    def has_room(self, *texts: str | None) -> bool:
        """Whether so much more may be written."""
        return self.quotas.bytes is None or self.row.bytes + sum(map(size, texts)) <= self.quotas.bytes

    def arm(self, operation_id: str, kind: TimerKind, seconds: int) -> None:
        """Set a timer so many seconds from now."""
        timer = Timer(operation_id, kind, self.now + timedelta(seconds=seconds), seconds)
        timers.arm(self.database, self.key, timer)
        self.row.timed_at = min(milliseconds(timer.due), self.row.timed_at or sys.maxsize)
        self.scheduled = True

    def due_timers(self) -> list[Timer]:
        """The timers that are due, earliest first."""
        if self.row.timed_at is None or self.row.timed_at > milliseconds(self.now):
            return []
        self.row.timed_at = stamp(timers.earliest_after(self.database, self.key, self.now))
        return timers.due(self.database, self.key, self.now)

    def wake(self, at: datetime | None = None) -> None:
        """Have the execution invoked, unless an invocation is running: that one learns of it by itself."""
        if self.row.is_running and self.row.request_id is None:
            self.row.invoke_at = milliseconds(at or self.now)
            self.scheduled = True

    def finish(self, operation: Operation) -> None:
        """Keep an operation that a timer or the outside has ended, and go on with the execution."""
        self.record(operation, history.completed(operation, self.now))
        timers.disarm(self.database, self.key, operation.operation_id)
        self.wake()

    def complete_invocation(self, error: ErrorObject | None = None) -> None:
        """Tell the end of the running invocation."""
        if self.row.request_id is None:
            return
        started = moment(self.row.invoked_at) or self.now
        self.note(history.invocation_completed(started, self.now, self.row.request_id, error))
        self.row.request_id = self.row.token = self.row.used_token = None

    def close(self, status: OperationStatus, outcome: Outcome) -> None:
        """End the execution; nothing of it happens any more."""
        root = self.operation(self.row.operation_id)
        if root is None:
            raise ResourceNotFoundError(f"Execution {self.row.name} has no EXECUTION operation")
        ended = complete(root, status, self.now)
        self.record(ended, history.completed(ended, self.now, outcome.error, outcome.result))
        executions.set_outcome(self.database, self.key, outcome)
        timers.disarm_all(self.database, self.key)
        self.row.status, self.row.ended_at = status.value, milliseconds(self.now)
        if self.row.retention_days is not None:
            self.row.remove_at = milliseconds(self.now + timedelta(days=self.row.retention_days))
            self.scheduled = True
        self.row.invoke_at = self.row.token = self.row.used_token = None
        self.closed = True

    def _count_operation(self) -> None:
        self.row.operations += 1
        # The EXECUTION operation is not counted.
        if self.quotas.operations is not None and self.row.operations > self.quotas.operations + 1:
            raise InvalidParameterValueError(
                f"Execution {self.row.name} has more than {self.quotas.operations} operations, its quota; "
                "do more in each step, or invoke further functions; --quotas none lifts it on this machine"
            )


Closing = Callable[[ExecutionJournal], ExecutionJournal | None]
"""Called with an execution that ends, inside its transaction; the answer is a further one that this has changed."""


@dataclass
class Journals:
    """Opens the journals of executions and tells observers what has changed once it is kept."""

    database: Database
    clock: Clock
    quotas: Quotas = field(default_factory=Quotas)
    observers: list[Observer] = field(default_factory=list)
    scheduled: list[Callable[[], None]] = field(default_factory=list)
    """Called when something has become due, now or later."""
    closing: list[Closing] = field(default_factory=list)
    failures: dict[str, StoreError] = field(default_factory=dict)
    """By ARN, why the latest change of an execution could not be kept."""
    invoked: dict[str, ExecutionRow] = field(default_factory=dict)
    """By ARN, the rows of executions with a running invocation, as they stood at the version of the database below."""
    _version: tuple[int, int] | None = None

    @contextmanager
    def open(self, arn: str) -> Iterator[ExecutionJournal]:
        """Read and write one execution in one transaction."""
        try:
            with self.database.transaction():
                journal = self._journal(self._row(arn), arn)
                yield journal
                self.keep(journal)
                others = [hand_on(journal) for hand_on in self.closing] if journal.closed else []
        except StoreError as failure:
            self.failures[arn] = failure
            raise
        for kept in filter(None, [journal, *others]):
            self.tell(kept)

    def read(self, arn: str) -> ExecutionJournal:
        """Look into one execution; what is done to it is lost if it is not kept."""
        return self._journal(executions.by_arn(self.database, arn), arn)

    def create(self, row: ExecutionRow) -> ExecutionJournal:
        """The journal of a new execution; inside a transaction, to be kept and told by the caller."""
        row.key = executions.insert(self.database, row)
        return self._journal(row, row.arn)

    def keep(self, journal: ExecutionJournal) -> None:
        """Write what a journal has come to; inside its transaction."""
        journal.stored()
        journal.row.writes += 1
        executions.update(self.database, journal.row)
        if journal.row.request_id is None:
            self.invoked.pop(journal.row.arn, None)
        else:
            self.invoked[journal.row.arn] = journal.row
        self.database.note(journal.key, journal.row.writes)

    def tell(self, journal: ExecutionJournal) -> None:
        """Let the observers know."""
        if journal.changed:
            for observe in self.observers:
                observe(journal.row.arn, [operation for _, operation in journal.changed.values()])
        if journal.scheduled:
            for wake in self.scheduled:
                wake()

    def _row(self, arn: str) -> ExecutionRow | None:
        """Inside a transaction, the row of an execution: a running invocation asks for it with every checkpoint."""
        version = self.database.version()
        if version != self._version:
            self.invoked.clear()
            self._version = version
        return self.invoked.get(arn) or executions.by_arn(self.database, arn)

    def _journal(self, row: ExecutionRow | None, arn: str) -> ExecutionJournal:
        if row is None or row.key is None:
            raise ResourceNotFoundError(f"There is no execution {arn}")
        now = from_milliseconds(milliseconds(self.clock.now()))  # as precise as what is stored
        return ExecutionJournal(self.database, row, row.key, now, self.quotas)
