"""Runs the branches of a batch beside each other, and goes on with suspended ones as soon as they have news."""

from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush

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
    look_at: float | None = None
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
        self._ready = deque(self._admission.admit())
        self._paused: dict[int, _Pause] = {}
        self._awaiting: dict[str, list[int]] = {}
        self._looks: list[tuple[float, int]] = []
        """When to look at paused branches, as a heap; some are no longer paused."""
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
            due = self._due(now)
            if due or self._is_over or self._workers == 0 or self._wants_worker:
                return due
            self._news.wait(self._looks[0][0] - now if self._looks else None)

    def _due(self, now: float) -> list[int]:
        due = []
        while self._looks and self._looks[0][0] <= now:
            at, index = heappop(self._looks)
            if index in self._paused and self._paused[index].look_at == at:
                due.append(index)
        return due

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
        return len(self._ready)

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
            return self._ready.popleft()

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
            if self._is_over or self._wants_worker:
                self._news.notify()

    def _end(self, item: BatchItem[Value]) -> None:
        try:
            self._admission.end(item)
            self._ready.extend(self._admission.admit())
        except BaseException as error:  # noqa: BLE001 - the user's own completion decision failed; so does the batch
            self._fatal = self._fatal or error

    def _pause(self, index: int, suspension: SuspendExecution) -> None:
        if any(map(self._has_news, suspension.awaited)):
            self._ready.appendleft(index)
            return
        self._paused[index] = _Pause(suspension)
        for each in suspension.awaited:
            self._awaiting.setdefault(each, []).append(index)
        if isinstance(suspension, TimedSuspendExecution):
            self._look_later(index, suspension.scheduled_timestamp)

    def _look_later(self, index: int, at: float) -> None:
        self._paused[index].look_at = at
        heappush(self._looks, (at, index))
        self._news.notify()

    def _has_news(self, operation_id: str) -> bool:
        operation = self._journal.get(operation_id)
        return operation is not None and (operation.status.is_terminal or operation.status is OperationStatus.READY)

    def _resume_changed(self, changed: frozenset[str]) -> None:
        """Make paused branches ready whose operations have news; called with every answer of the service."""
        with self._lock:
            news = list(filter(self._has_news, changed & self._awaiting.keys()))
            told = {index for each in news for index in self._awaiting.pop(each)}
            for index in sorted(told & self._paused.keys(), reverse=True):
                del self._paused[index]
                self._ready.appendleft(index)
                self._news.notify()

    def _look_at(self, due: list[int]) -> None:
        """Ask the service about timers that should have fired; look again later at those that have not."""
        self._checkpoints.refresh()
        with self._lock:
            for index in due:
                if pause := self._paused.get(index):
                    self._look_later(index, self._scheduler.now() + pause.look_again)
                    pause.look_again = min(2 * pause.look_again, LAST_LOOK_AGAIN)

    def _suspension(self) -> SuspendExecution:
        awaited = frozenset[str]().union(*(pause.suspension.awaited for pause in self._paused.values()))
        looks = [pause.look_at for pause in self._paused.values() if pause.look_at is not None]
        if looks:
            return TimedSuspendExecution("Every branch of the batch is pending.", min(looks), awaited)
        return SuspendExecution("Every branch of the batch is pending.", awaited)
