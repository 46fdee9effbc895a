"""Runs the branches of a batch beside each other, and goes on with suspended ones as soon as they have news."""

from collections import deque
from dataclasses import dataclass

from durable.concurrency.models import BatchItem, BatchResult, CompletionReason
from durable.exceptions import InvocationError, OrphanedChildException, SuspendExecution, TimedSuspendExecution
from durable.model import OperationStatus
from durable.operations.branches.admission import Admission
from durable.operations.branches.batch import Batch
from durable.scope import Scope
from durable.values import Value

MAX_WORKERS = 120
"""Threads a batch may use at a time; a suspended branch holds none."""
FIRST_LOOK_AGAIN, LAST_LOOK_AGAIN = 0.05, 1.0
"""Seconds between looks at a timer that the service is late with; doubled each time."""


@dataclass(slots=True)
class _Pause:
    suspension: SuspendExecution
    look_at: float | None
    look_again: float = FIRST_LOOK_AGAIN


class Coordinator:
    """One batch in one invocation.

    Workers take branches, run them and note how they ended; the calling thread waits until the batch is over or
    every begun branch is suspended. All state is guarded by one lock, under which nothing is sent.
    """

    def __init__(self, scope: Scope, batch: Batch) -> None:
        self._scope = scope
        self._batch = batch
        self._scheduler = scope.invocation.scheduler
        self._journal = scope.invocation.journal
        self._checkpoints = scope.invocation.checkpoints
        self._lock = self._scheduler.lock()
        self._news = self._scheduler.condition(self._lock)
        self._admission = Admission(batch)
        self._ready: deque[int] = deque()
        self._paused: dict[int, _Pause] = {}
        self._running = 0
        self._workers = 0
        self._fatal: BaseException | None = None
        self._interruption: InvocationError | None = None

    def run(self) -> BatchResult[Value]:
        """The result of the batch; raises what ends the invocation, a suspension if only waiting is left."""
        self._journal.listen(self._resume_changed)
        try:
            return self._admission.result(self._drive())
        finally:
            self._journal.forget(self._resume_changed)

    def _drive(self) -> CompletionReason:
        while True:
            self._employ()
            due = self._idle_until_news()
            if self._is_at_rest and not due:
                self._checkpoints.drain()  # before suspending: the answer may have news for a branch
            with self._lock:
                reason = self._conclude(due)
            if reason is not None:
                return reason
            if due:
                self._look_at(due)

    def _conclude(self, due: list[int]) -> CompletionReason | None:
        if self._fatal is not None:
            raise self._fatal
        if due or not self._is_at_rest:
            return self._admission.reason
        raise self._interruption or self._suspension()

    def _idle_until_news(self) -> list[int]:
        self._checkpoints.end_running()
        try:
            with self._lock:
                return self._wait_for_news()
        finally:
            self._checkpoints.begin_running()

    def _wait_for_news(self) -> list[int]:
        """Wait while workers have all there is to do; returns the paused branches whose time has come."""
        while True:
            now = self._scheduler.now()
            due = [index for index, pause in self._paused.items() if pause.look_at is not None and pause.look_at <= now]
            if due or self._is_over or self._workers == 0 or self._wants_worker:
                return due
            looks = self._looks
            self._news.wait(min(looks) - now if looks else None)

    @property
    def _looks(self) -> list[float]:
        return [pause.look_at for pause in self._paused.values() if pause.look_at is not None]

    @property
    def _is_over(self) -> bool:
        return self._fatal is not None or self._admission.reason is not None

    @property
    def _is_at_rest(self) -> bool:
        return not (self._is_over or self._workers or self._work_left)

    @property
    def _work_left(self) -> int:
        """How many branches could run now beside those that do."""
        if self._is_over or self._interruption is not None:
            return 0
        return len(self._ready) + self._admission.open_places

    @property
    def _wants_worker(self) -> bool:
        free = self._workers - self._running
        return self._work_left > free and self._workers < MAX_WORKERS

    def _employ(self) -> None:
        """Start as many workers as there is work; one branch at a time needs no thread beside this one."""
        while self._hire():
            if self._batch.limit == 1:
                self._work()
            else:
                self._checkpoints.begin_running()
                if not self._scheduler.start(self._run):
                    self._run()

    def _hire(self) -> bool:
        with self._lock:
            wanted = self._wants_worker
            self._workers += wanted
            return wanted

    def _run(self) -> None:
        try:
            self._work()
        finally:
            self._checkpoints.end_running()

    def _work(self) -> None:
        while (index := self._take()) is not None:
            self._settle(index, self._attempt(index))

    def _take(self) -> int | None:
        with self._lock:
            if not self._work_left:
                self._workers -= 1
                self._news.notify()
                return None
            self._running += 1
            return self._ready.popleft() if self._ready else self._admission.admit()

    def _attempt(self, index: int) -> BatchItem[Value] | BaseException:
        try:
            return self._batch.run(self._scope, self._batch.branches[index])
        except BaseException as error:  # noqa: BLE001 - handed to the calling thread
            return error

    def _settle(self, index: int, outcome: BatchItem[Value] | BaseException) -> None:
        with self._lock:
            self._running -= 1
            match outcome:
                case BatchItem():
                    self._end(outcome)
                case SuspendExecution():
                    self._pause(index, outcome)
                case InvocationError() if outcome.is_retryable():
                    self._interruption = self._interruption or outcome
                case OrphanedChildException() if self._is_over:
                    pass
                case _:
                    self._fatal = self._fatal or outcome
            self._news.notify()

    def _end(self, item: BatchItem[Value]) -> None:
        try:
            self._admission.end(item)
        except BaseException as error:  # noqa: BLE001 - the user's own completion decision failed; so does the batch
            self._fatal = self._fatal or error

    def _pause(self, index: int, suspension: SuspendExecution) -> None:
        if any(map(self._has_news, suspension.awaited)):
            self._ready.append(index)
            return
        look_at = suspension.scheduled_timestamp if isinstance(suspension, TimedSuspendExecution) else None
        self._paused[index] = _Pause(suspension, look_at)

    def _has_news(self, operation_id: str) -> bool:
        operation = self._journal.get(operation_id)
        return operation is not None and (operation.status.is_terminal or operation.status is OperationStatus.READY)

    def _resume_changed(self, changed: frozenset[str]) -> None:
        """Make paused branches ready whose operations have news; called with every answer of the service."""
        with self._lock:
            for index, pause in sorted(self._paused.items()):
                if any(map(self._has_news, pause.suspension.awaited & changed)):
                    del self._paused[index]
                    self._ready.append(index)
                    self._news.notify()

    def _look_at(self, due: list[int]) -> None:
        """Ask the service about timers that should have fired; look again later at those that have not."""
        self._checkpoints.refresh()
        with self._lock:
            for index in due:
                if pause := self._paused.get(index):
                    pause.look_at = self._scheduler.now() + pause.look_again
                    pause.look_again = min(2 * pause.look_again, LAST_LOOK_AGAIN)

    def _suspension(self) -> SuspendExecution:
        awaited = frozenset[str]().union(*(pause.suspension.awaited for pause in self._paused.values()))
        if looks := self._looks:
            return TimedSuspendExecution("Every branch of the batch is pending.", min(looks), awaited)
        return SuspendExecution("Every branch of the batch is pending.", awaited)
