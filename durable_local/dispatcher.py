"""Goes on with every execution that is due: one thread watches the time, others run what functions do."""

import logging
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter

from durable_local.ends import Ends
from durable_local.errors import ClaimLostError
from durable_local.executions import Execution
from durable_local.runtime import LocalRuntime
from durable_local.store import calls, due, timers
from durable_local.store.database import StoreError
from durable_local.store.executions import Outcome
from durable_local.timing import fire_due
from durable_local.workers import Workers

WORKERS = 32
PATIENCE_SECONDS = 5.0

_LONGEST_SLEEP_SECONDS = 60.0
"""A machine that was suspended, or whose clock was set, is late by no more than this."""
_STORE_PAUSE_SECONDS = 0.2
_TIMERS_AT_ONCE = 100

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Task:
    """Something for a worker: what it is about, whose it is, since when it is due, and what to do."""

    key: Hashable
    function: str
    at: datetime
    do: Callable[[], None]


class Dispatcher:
    """Goes on with every execution that is due, on a bounded number of threads.

    `concurrency` bounds single functions further. Executions of functions that are not known here are left alone.
    """

    def __init__(
        self, runtime: LocalRuntime, workers: int = WORKERS, concurrency: Mapping[str, int] | None = None
    ) -> None:
        self.looks = 0
        """How often it has looked for what is due."""
        self._runtime = runtime
        self._database, self._clock = runtime.journals.database, runtime.journals.clock
        self._workers = Workers(workers)
        self._concurrency = concurrency or {}
        self._in_hand: dict[Hashable, str] = {}
        self._leftovers = True
        self._failure: StoreError | None = None
        self._ends = Ends()
        self._woken, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._watch, name="durable-time", daemon=True)
        runtime.journals.scheduled.append(self._woken.set)
        runtime.journals.observers.append(self._ends.observe)

    def start(self) -> None:
        """Begin, with what an earlier process has left unfinished too. Raises StoreError if another one is at it."""
        self._database.hold(alone=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it watches the time."""
        return self._thread.is_alive()

    def close(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Begin no more invocations, and wait for the running ones while there is patience.

        One that runs still longer can write no more; whoever comes next begins it anew.
        """
        if self._closing.is_set():
            return
        self._closing.set()
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._workers.close(patience_seconds)
        for key in list(self._in_hand):
            if isinstance(key, str):
                self._runtime.abandon(key)
        self._ends.close()

    def wait(self, arn: str, timeout_seconds: float | None = None) -> Execution:
        """An execution once it has ended, or as it stands when the time is over or the dispatcher closes."""
        with self._ends.awaited(arn) as ended:
            if self._runtime.executions.is_running(arn):
                ended.wait(timeout_seconds)
        return self._runtime.executions.get(arn)

    def call(self, function: str, payload: str | None, tenant_id: str | None = None) -> Outcome:
        """What a plain function answers, in the caller's thread. Raises ResourceNotFoundError if it is not known."""
        key = object()
        self._in_hand[key] = function
        try:
            return self._runtime.call(function, payload, tenant_id)
        finally:
            self._put_down(key)

    def _watch(self) -> None:
        while not self._closing.is_set():
            if self._failure:
                _log.error("%s; trying again in %s s", self._failure, _STORE_PAUSE_SECONDS)
                self._failure, self._leftovers = None, True
                self._closing.wait(_STORE_PAUSE_SECONDS)
            try:
                self._woken.clear()
                self._sleep(self._look())
            except StoreError as failure:
                self._failure = failure

    def _look(self) -> datetime | None:
        """Bring about and hand out what is due; the answer is when the next thing is."""
        self.looks += 1
        now = self._clock.now()
        timer = self._fire(now)
        removal = self._runtime.executions.remove_expired()
        tasks = self._tasks()
        waiting = [task for task in tasks if task.at <= now and not self._hand_out(task)]
        later = next((task.at for task in tasks if task.at > now), None)
        return min(filter(None, (timer, removal, later, self._more_room(waiting))), default=None)

    def _fire(self, now: datetime) -> datetime | None:
        """Bring about what timers have made due; the answer is when the next one is."""
        earliest = timers.earliest(self._database)
        if earliest is None or earliest > now:
            return earliest
        for arn in due.timed(self._database, now, _TIMERS_AT_ONCE):
            with self._runtime.journals.open(arn) as journal:
                fire_due(journal)
        return timers.earliest(self._database)

    def _more_room(self, waiting: list[_Task]) -> datetime | None:
        """When there may be room for what is due although nothing has ended."""
        seconds = self._workers.seconds_until_more() if waiting else None
        return None if seconds is None else self._clock.now() + timedelta(seconds=seconds)

    def _sleep(self, until: datetime | None) -> None:
        if self._clock.skips and not self._in_hand:
            self._skip()
        elif until is None:
            self._woken.wait()
        else:
            self._woken.wait(min(max(0.0, (until - self._clock.now()).total_seconds()), _LONGEST_SLEEP_SECONDS))

    def _skip(self) -> None:
        # Whoever begins something waits for the transaction's end, and then finds the time after the jump.
        with self._database.transaction():
            moments = (timers.earliest(self._database), next((task.at for task in self._tasks()), None))
            until = min(filter(None, moments), default=None)
            if until is not None:
                self._clock.wait_until(until, self._woken)
        if until is None:
            self._woken.wait()

    def _tasks(self) -> list[_Task]:
        """What is to be done next, apart from timers, and is not in hand; earliest first."""
        tasks = [self._invocation(each) for each in self._left_over()]
        for name, function in list(self._runtime.functions.items()):
            most = len(self._in_hand) + self._room(name) + 1
            if function.is_durable:
                tasks += map(self._invocation, due.invocations(self._database, name, most))
            else:
                tasks += [self._call(*each) for each in calls.asked(self._database, name, most)]
        return sorted((task for task in tasks if task.key not in self._in_hand), key=attrgetter("at"))

    def _left_over(self) -> list[due.Invocable]:
        """The executions whose invocation has died, with its process or for want of a store."""
        if not self._leftovers:
            return []
        found = [
            each
            for each in due.unfinished(self._database)
            if each.arn not in self._in_hand and each.function in self._runtime.functions
        ]
        self._leftovers = bool(found)
        return found

    def _invocation(self, each: due.Invocable) -> _Task:
        invoke = partial(self._runtime.invoke, each.arn, each.function, each.fence)
        return _Task(each.arn, each.function, each.at, invoke)

    def _call(self, arn: str, call: calls.Call) -> _Task:
        return _Task((arn, call.operation_id), call.function, call.asked_at, partial(self._runtime.answer, arn, call))

    def _room(self, function: str) -> int:
        """How many more tasks of a function may begin."""
        mine = self._concurrency.get(function, self._workers.limit) - list(self._in_hand.values()).count(function)
        return max(0, min(mine, self._workers.room()))

    def _hand_out(self, task: _Task) -> bool:
        """Have a worker do a task, if there is room for it."""
        if not self._room(task.function):
            return False
        self._in_hand[task.key] = task.function
        self._workers.hand(partial(self._do, task))
        return True

    def _do(self, task: _Task) -> None:
        try:
            task.do()
        except ClaimLostError as lost:
            _log.info("%s", lost)
        except StoreError as failure:
            self._failure = failure
        # What fails for other reasons stays in hand, so that it is not tried again and again.
        self._put_down(task.key)

    def _put_down(self, key: Hashable) -> None:
        del self._in_hand[key]
        self._woken.set()
