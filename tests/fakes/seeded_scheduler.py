"""A scheduler whose interleaving follows from a seed, in a time that passes only while all wait.

One task runs at a time, in a thread of its own, for as long as it holds the baton. Wherever it takes or leaves a lock,
waits, starts another or pauses, the next to run is drawn by chance: the same seed draws the same.
"""

import contextvars
import itertools
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from types import FrameType, TracebackType
from typing import Any, cast

from durable_local.clock import Clock
from tests.fakes.clock import SetClock

MOST_SWITCHES = 100_000
"""After so many an invocation goes in circles."""
_INTERRUPTIONS = (0.0, 0.0, 0.004, 0.05)
"""Seconds for which a task is interrupted."""
_FRAMES = 4

Trace = Callable[[FrameType, str, Any], Any]


class Abandoned(BaseException):
    """The invocation is over or has died, so that its tasks go no further."""


class StuckError(Exception):
    """No task can ever go on, or none ever ends."""


def _always() -> bool:
    return True


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Interruptions:
    """How often tasks are interrupted between two lines, and in the code of which modules.

    Not in code that runs while a lock is held that is not of the scheduler.
    """

    chance: float
    modules: tuple[str, ...]


@dataclass(slots=True, eq=False)
class _Task:
    number: int
    thread: threading.Thread = field(default_factory=threading.current_thread)
    baton: threading.Lock = field(default_factory=threading.Lock)
    is_ready: Callable[[], bool] = _always
    until: float | None = None
    waits_for: str = ""

    def __post_init__(self) -> None:
        self.baton.acquire()

    def __str__(self) -> str:
        frame = sys._current_frames().get(self.thread.ident or 0)
        stack = [each for each in traceback.extract_stack(frame) if each.filename not in (__file__, threading.__file__)]
        places = [f"{each.name} ({each.filename.rpartition('/')[2]}:{each.lineno})" for each in stack[-_FRAMES:]]
        return f"task {self.number} waits for {self.waits_for} in {' > '.join(places)}"


class SeededScheduler:
    """The tasks of one invocation, of which the thread that made this is the first.

    Lateness is how often a task is so slow that meanwhile somebody's patience ends, scarcity how often there is no
    further thread; both from 0 to 1.
    """

    def __init__(
        self,
        seed: float | str,
        clock: Clock | None = None,
        *,
        lateness: float = 0.0,
        scarcity: float = 0.0,
        interruptions: Interruptions | None = None,
    ) -> None:
        self.trace: list[int] = []
        """The numbers of the tasks in the order in which they ran."""
        self.failure: BaseException | None = None
        """What no task may end with."""
        self._random = Random(seed)  # noqa: S311 - chance that can be had again, not a secret
        self._clock = clock or SetClock()
        self._lateness = lateness
        self._scarcity = scarcity
        self._interruptions = interruptions
        self._tracing = sys.gettrace()
        self._caller = self._current = _Task(0)
        self._tasks = [self._caller]
        self._numbers = itertools.count(1)
        self._is_over = False
        self._allow_interruptions()

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._clock.now().timestamp()

    def start(self, task: Callable[[], None]) -> bool:
        """Run a task beside the caller, with the caller's context variables; False if threads are scarce just now."""
        self._refuse_if_over()
        if self._random.random() < self._scarcity:
            return False
        started = _Task(next(self._numbers))
        work = partial(contextvars.copy_context().run, task)
        started.thread = threading.Thread(target=self._run, args=(started, work), daemon=True)
        self._tasks.append(started)
        started.thread.start()
        self.pause()
        return True

    def lock(self) -> threading.Lock:
        """Something that one task holds at a time."""
        return cast("threading.Lock", SeededLock(self))

    def condition(self, lock: threading.Lock) -> threading.Condition:
        """Something to wait for, guarded by a lock of this scheduler."""
        return cast("threading.Condition", SeededCondition(self, cast("SeededLock", lock)))

    def join(self, patience: float | None) -> None:
        """Wait until every other task has ended, but no longer than so many seconds, if any are given."""
        self.wait("the end of the others", lambda: len(self._tasks) == 1, patience)

    def pause(self, seconds: float = 0.0) -> None:
        """Let others run, for so long at least."""
        self.wait("nothing", _never if seconds else _always, seconds or None)

    def wait(self, what: str, is_ready: Callable[[], bool], patience: float | None = None) -> bool:
        """Let others run until it is ready or the patience is over; whether it is ready."""
        self._refuse_if_over()
        task = self._current
        task.until = None if patience is None else self.now() + max(0.0, patience)
        task.is_ready, task.waits_for = is_ready, what
        chosen = self._choose()
        if chosen is not task:
            self._hand_to(chosen)
            task.baton.acquire()
        self._refuse_if_over()
        return is_ready()

    def choose(self, count: int) -> int:
        """A number below the count, by chance."""
        return self._random.randrange(count)

    def abandon(self) -> None:
        """End all tasks, as the death of the process does: each is unwound where it stands or next switches."""
        self._is_over = True

    def end(self) -> None:
        """Unwind the tasks that have not ended, so that no thread is left; raises what none may end with."""
        self.abandon()
        sys.settrace(self._tracing)
        while len(self._tasks) > 1:
            left = self._tasks[1]
            self._hand_to(left)
            self._caller.baton.acquire()
            left.thread.join()
        if self.failure:
            raise self.failure

    def _run(self, task: _Task, work: Callable[[], None]) -> None:
        task.baton.acquire()
        try:
            self._allow_interruptions()
            if not self._is_over:
                work()
        except Abandoned:
            pass
        except BaseException as error:  # noqa: BLE001 - raised by `end`
            self.failure = self.failure or error
        self._tasks.remove(task)
        self._hand_to(self._caller if self._is_over else self._choose())

    def _allow_interruptions(self) -> None:
        if self._interruptions:
            sys.settrace(self._enter)

    def _enter(self, frame: FrameType, _event: str, _argument: object) -> Trace | None:
        modules = self._interruptions.modules if self._interruptions else ()
        return self._interrupt if str(frame.f_globals.get("__name__")).startswith(modules) else None

    def _interrupt(self, _frame: FrameType, event: str, _argument: object) -> Trace:
        chance = self._interruptions.chance if self._interruptions else 0.0
        if event == "line" and self._random.random() < chance and not self._is_over:
            self.pause(self._random.choice(_INTERRUPTIONS))
        return self._interrupt

    def _choose(self) -> _Task:
        ready = [task for task in self._tasks if task.is_ready()]
        impatient = [(task.until, task.number, task) for task in self._tasks if task.until and not task.is_ready()]
        if impatient and (not ready or self._random.random() < self._lateness):
            until, _, chosen = min(impatient)
            self._pass_until(until)
        elif ready and len(self.trace) < MOST_SWITCHES:
            chosen = self._random.choice(ready)
        else:
            chosen = self._give_up()
        self.trace.append(chosen.number)
        return chosen

    def _give_up(self) -> _Task:
        count = f"after {len(self.trace)} switches"
        self.failure = StuckError("\n  ".join([f"The invocation is stuck {count}:", *map(str, self._tasks)]))
        self.abandon()
        return self._caller

    def _hand_to(self, task: _Task) -> None:
        self._current = task
        task.baton.release()

    def _pass_until(self, until: float) -> None:
        moment = datetime.fromtimestamp(until, UTC)
        if moment.timestamp() < until:
            moment += timedelta(microseconds=1)  # the clock is less precise, and must not stand still before the moment
        if moment > self._clock.now():
            self._clock.wait_until(moment, threading.Event())

    def _refuse_if_over(self) -> None:
        if self._is_over:
            raise Abandoned


class SeededLock:
    """A lock whose next holder is drawn by chance."""

    def __init__(self, scheduler: SeededScheduler) -> None:
        self._scheduler = scheduler
        self.is_held = False

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        self.is_held = False
        if error is None:
            self._scheduler.pause()

    def acquire(self) -> bool:
        """Wait until no task holds it, and hold it."""
        self._scheduler.wait("a lock", self.is_free)
        self.is_held = True
        return True

    def release(self) -> None:
        """Let another hold it."""
        self.is_held = False
        self._scheduler.pause()

    def is_free(self) -> bool:
        """Whether a task may take it."""
        return not self.is_held


class SeededCondition:
    """A condition that wakes, of those who wait, one drawn by chance."""

    def __init__(self, scheduler: SeededScheduler, lock: SeededLock) -> None:
        self._scheduler = scheduler
        self._lock = lock
        self._waiting: list[object] = []

    def wait(self, timeout: float | None = None) -> bool:
        """Wait without the lock until woken or the time is over; whether woken."""
        me = object()
        self._waiting.append(me)
        self._lock.is_held = False
        is_woken = self._scheduler.wait("a notification", lambda: me not in self._waiting, timeout)
        self._scheduler.wait("a lock", self._lock.is_free)
        self._lock.is_held = True
        if not is_woken and me in self._waiting:
            self._waiting.remove(me)
        return is_woken

    def notify(self) -> None:
        """Wake one of those who wait."""
        if self._waiting:
            self._waiting.pop(self._scheduler.choose(len(self._waiting)))

    def notify_all(self) -> None:
        """Wake all who wait."""
        self._waiting.clear()
