"""The world around an execution under test: its time, what happens in it, and what must not."""

import heapq
import itertools
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from durable.model import ErrorObject
from durable_local.callbacks import Callbacks
from durable_local.errors import CallbackTimeoutError
from tests.fakes.clock import SetClock
from tests.fakes.seeded_scheduler import Interruptions, SeededScheduler
from tests.soak.model import Model, Outcome

_PAUSES = (0.0, 0.0, 0.0, 0.001, 0.004, 0.02, 1.5)
"""Seconds that a piece of work takes."""
_LATENESS = 1 / 32
_SCARCITY = (0.0, 0.0, 0.2)
"""How often a task is slower than somebody's patience, and in an invocation no thread is to be had."""
_INTERRUPTIONS = Interruptions(
    1 / 32,
    (
        "durable.checkpoints",
        "durable.context",
        "durable.execution",
        "durable.journal",
        "durable.operations",
        "durable.scope",
    ),
)
"""In the modules that know of other threads, and that the service does not use."""
_SPARE_INVOCATIONS = 10


class Outside(SetClock):
    """A clock with appointments, which are kept while time passes."""

    def __init__(self) -> None:
        super().__init__()
        self._appointments: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = itertools.count()

    def appoint(self, after: float, deed: Callable[[], None]) -> None:
        """Have something done so many seconds from now."""
        heapq.heappush(self._appointments, (self.present + timedelta(seconds=after), next(self._numbers), deed))

    @property
    def next_appointment(self) -> datetime | None:
        """When something will be done, if anything."""
        return self._appointments[0][0] if self._appointments else None

    def wait_until(self, moment: datetime, woken: threading.Event) -> None:
        """Let time pass until the moment, or until what is done on the way wakes."""
        while not woken.is_set() and self._appointments and self._appointments[0][0] <= moment:
            due, _, deed = heapq.heappop(self._appointments)
            self.present = max(self.present, due)
            deed()
        if not woken.is_set():
            self.present = max(self.present, moment)


class World:
    """What a program does to the outside, what it came to, and every breach of the rules."""

    def __init__(self, model: Model, chance: Random) -> None:
        self.clock = Outside()
        self.callbacks: Callbacks | None = None
        self.scheduler = SeededScheduler(0, self.clock)
        self.effects = Counter[str]()
        self.ended: set[str] = set()
        """The names of the operations whose end is recorded."""
        self.breaches: list[str] = []
        self.log: list[str] = []
        self.invocations = 0
        self.most_invocations = model.invocations + _SPARE_INVOCATIONS
        """After so many the execution goes in circles."""
        self.traces: list[list[int]] = []
        """For each invocation the numbers of its tasks in the order in which they ran."""
        self.is_replaying = False
        """Whether the execution has ended, so that nothing may happen."""
        self._model = model
        self._chance = chance
        self._returned: set[str] = set()
        self._decisions: dict[str, Outcome] = {}

    def begin(self) -> SeededScheduler:
        """The scheduler of a new invocation."""
        self.scheduler = SeededScheduler(
            self._chance.random(),
            self.clock,
            lateness=_LATENESS,
            scarcity=self._chance.choice(_SCARCITY),
            interruptions=self._chance.choice((None, _INTERRUPTIONS)),
        )
        return self.scheduler

    def end(self) -> None:
        """Leave nothing of an invocation behind; raises what none may end with."""
        self.traces.append(self.scheduler.trace)
        self.scheduler.end()

    def pause(self) -> None:
        """Let time pass, as work does."""
        self.scheduler.pause(self._chance.choice(_PAUSES))

    def note(self, text: str) -> None:
        """Write down what happens."""
        self.log.append(f"{self.clock.present:%H:%M:%S.%f} {text}")

    def breach(self, text: str) -> None:
        """Write down what must not be."""
        self.note(text)
        self.breaches.append(text)

    def effect(self, path: str, attempt: int) -> None:
        """A node does something to the outside."""
        self.pause()
        self.effects[f"{path}#{attempt}"] += 1
        self.note(f"effect {path}#{attempt}")
        if path in self._returned or self.is_replaying:
            self.breach(f"{path} runs again although it has returned")
        self.pause()

    def returned(self, path: str, outcome: Outcome, *, is_recorded: bool) -> None:
        """A node has returned, so it is recorded, and comes to the same for ever."""
        self._returned.add(path)
        if is_recorded and path not in self.ended:
            self.breach(f"{path} has returned before its end is recorded")
        self.agree(path, outcome)

    def agree(self, path: str, outcome: Outcome) -> None:
        """A node has come to what the model says."""
        expected = self._model.outcomes.get(path, "nothing")
        if outcome != expected:
            self.breach(f"{path} is {outcome!r}, by the model {expected!r}")

    def decided(self, path: str, decision: Outcome) -> None:
        """A batch has ended, for ever with the same branches."""
        known = self._decisions.setdefault(path, decision)
        if known != decision:
            self.breach(f"The batch {path} ended as {known}, now as {decision}")

    def answer(self, callback_id: str, after: float, result: str | None, path: str) -> None:
        """Have a callback answered: with a result, or if there is none with a failure."""

        def deed() -> None:
            assert self.callbacks
            self.note(f"answer {path}")
            # Who is handed the id by two attempts answers twice.
            with suppress(CallbackTimeoutError):
                if result is None:
                    self.callbacks.fail(callback_id, ErrorObject(f"{path} failed"))
                else:
                    self.callbacks.succeed(callback_id, result)

        self.clock.appoint(after, deed)
