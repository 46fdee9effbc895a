"""The checkpoint writer: updates go to the service in order, in batches, one call at a time.

A thread that must know its update durable sends all that waits, its own and that of others (the leader); threads
that come meanwhile wait for the next batch, which one of them sends. So sequential code never wakes a thread, and
concurrent code shares calls. What nobody waits for rides along; if nobody comes, a flush of its own sends it.
"""

import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from durable.exceptions import BackgroundThreadError, InvocationError, OrphanedChildException, SuspendExecution
from durable.journal import Journal
from durable.lambda_service import DurableServiceClient
from durable.model import CheckpointOutput, OperationType, OperationUpdate
from durable.scheduler import Scheduler
from durable.wire import json_length

MAX_BATCH_OPERATIONS = 250
MAX_BATCH_BYTES = 750 * 1024
FLUSH_DELAY = 0.05
"""Seconds until an update that nobody waits for is sent by itself, at least; twice as many at most."""
_FRAME_BYTES = 512
"""What an update takes besides its payload and error, at most."""
GATHER_TIME, MOST_GATHER_TIME = 0.001, 0.05
"""Seconds for which a batch waits for one more update of threads that run user code, and for all of them."""

Admission = Callable[[], None]
"""Raises if an update may not be recorded; called while no other update can be added."""


@dataclass(slots=True, eq=False)
class _Entry:
    updates: tuple[OperationUpdate, ...]
    """Those of one operation, which no batch parts."""
    added: float
    sent: bool = False
    gates: tuple[threading.Lock, ...] = ()
    """Held locks at which threads wait while another sends: its own, and maybe a flush that is late."""


class CheckpointWriter:
    """Records updates for one invocation and keeps the journal up to date with the service's answers."""

    def __init__(
        self, service: DurableServiceClient, arn: str, token: str, journal: Journal, scheduler: Scheduler
    ) -> None:
        self._service = service
        self._arn = arn
        self._token = token
        self._journal = journal
        self._scheduler = scheduler
        self._client_tokens = map(f"{uuid4().hex}-{{}}".format, itertools.count())
        self.lock = scheduler.lock()
        self._late = scheduler.condition(self.lock)
        self._gathered = scheduler.condition(self.lock)
        self._queue: deque[_Entry] = deque()
        self._newest: _Entry | None = None
        self._sending = False
        self._running = 1
        self._flushing = False
        self._is_idle = False
        self._refusal: Callable[[], BaseException] | None = None
        self.is_revoked = False

    def record(self, update: OperationUpdate, admit: Admission) -> None:
        """Record an update soon, in order, without waiting for it."""
        with self.lock:
            self._add((update,), admit)
            if not self._flushing:
                self._flushing = True
                self._scheduler.start(self._flush_late)
            elif self._is_idle:
                self._late.notify()

    def record_and_wait(self, update: OperationUpdate, admit: Admission, start: OperationUpdate | None = None) -> None:
        """Record an update, as one with its start if given; on return it is durable and the journal tells of it."""
        with self.lock:
            entry = self._add((start, update) if start else (update,), admit)
        self._wait_for(entry)

    def drain(self) -> None:
        """Return once all that was recorded is durable."""
        if self._newest:
            self._wait_for(self._newest)

    def refresh(self) -> None:
        """Ask the service what has changed; on return the journal tells."""
        with self.lock:
            entry = self._add(())
        self._wait_for(entry)

    def read_pages(self, marker: str | None) -> None:
        """Read on in the recorded operations, from a marker to their end."""
        while marker:
            page = self._service.get_execution_state(self._arn, self._token, marker)
            self._journal.merge(page.operations)
            marker = page.next_marker

    def begin_running(self) -> None:
        """A thread begins to run user code: what it records soon may share a batch."""
        with self.lock:
            self._running += 1

    def end_running(self) -> None:
        """A thread runs no user code now."""
        with self.lock:
            self._leave()

    def check(self) -> None:
        """Raise what has ended recording, if anything has."""
        if self._refusal:
            raise self._refusal()

    def refuse(self, error: BaseException) -> None:
        """Record nothing more; every further call raises the error."""
        with self.lock:
            self._stop(_raising(error))

    def close(self) -> None:
        """Stop; updates that nobody waited for are dropped, the next invocation records them again."""
        with self.lock:
            self._stop(_invocation_is_over)

    def _stop(self, refusal: Callable[[], BaseException]) -> None:
        self._refusal = self._refusal or refusal
        self._late.notify()
        self._wake(self._queue)

    def _add(self, updates: tuple[OperationUpdate, ...], admit: Admission | None = None) -> _Entry:
        if admit:
            admit()
        self.check()
        entry = self._newest = _Entry(updates, self._scheduler.now())
        self._queue.append(entry)
        return entry

    def _wait_for(self, entry: _Entry) -> None:
        while not entry.sent:
            with self.lock:
                turn = self._turn(entry)
            turn()

    def _turn(self, entry: _Entry) -> Callable[[], object]:
        """What the thread of an entry does next: send the next batch, or wait while another thread sends."""
        if entry.sent:
            return _nothing
        self.check()
        return self._follow(entry) if self._sending else partial(self._send, self._claim())

    def _follow(self, entry: _Entry) -> Callable[[], object]:
        gate = self._scheduler.lock()
        gate.acquire()
        entry.gates += (gate,)
        self._leave()
        return gate.acquire

    def _claim(self) -> list[_Entry]:
        self._sending = True
        try:
            self._gather()
            return self._take()
        except BaseException as death:
            self._stop(_raising(death))
            raise

    def _gather(self) -> None:
        """Let the threads that run user code add to the batch, as long as they do so without a pause."""
        until = self._scheduler.now() + MOST_GATHER_TIME
        while self._running > 1 and len(self._queue) < MAX_BATCH_OPERATIONS and self._scheduler.now() < until:
            held = len(self._queue)
            if not self._gathered.wait(GATHER_TIME) and len(self._queue) == held:
                return

    def _leave(self) -> None:
        self._running -= 1
        if self._running == 1:
            self._gathered.notify()

    def _take(self) -> list[_Entry]:
        batch: list[_Entry] = []
        places, room = MAX_BATCH_OPERATIONS, MAX_BATCH_BYTES
        while self._queue:
            updates = self._queue[0].updates
            places, room = places - len(updates), room - sum(map(_size, updates))
            if batch and (places < 0 or room < 0):
                break
            batch.append(self._queue.popleft())
        return batch

    def _send(self, batch: list[_Entry]) -> None:
        refusal: Callable[[], BaseException] | None = None
        try:
            refusal = self._exchange([update for entry in batch for update in entry.updates])
        except Exception as error:  # noqa: BLE001 - every waiting thread raises it
            refusal = partial(BackgroundThreadError, f"A checkpoint failed: {error}", error)
        except BaseException as death:
            refusal = _raising(death)
            raise
        finally:
            self._settle(batch, refusal)

    def _settle(self, batch: list[_Entry], refusal: Callable[[], BaseException] | None) -> None:
        with self.lock:
            self._refusal = self._refusal or refusal
            self._sending = False
            if self._refusal is None or self._refusal is _execution_has_ended:
                for entry in batch:
                    entry.sent = True
            following = [entry for entry in self._queue if entry.gates]
            self._wake([*batch, *(following if self._refusal else following[:1])])

    def _wake(self, entries: Iterable[_Entry]) -> None:
        for entry in entries:
            self._running += len(entry.gates)  # at once: the next batch waits for those that have yet to awake
            for gate in entry.gates:
                gate.release()
            entry.gates = ()

    def _exchange(self, updates: list[OperationUpdate]) -> Callable[[], BaseException] | None:
        """One call of the service; why nothing more may be recorded, if so."""
        output = self._call(updates, next(self._client_tokens))
        ends = any(update.operation_type is OperationType.EXECUTION for update in updates)
        if not output.checkpoint_token and not ends:
            self.is_revoked = True
            return _token_is_revoked
        self._token = output.checkpoint_token or self._token
        state = output.new_execution_state
        self._journal.merge(state.operations)
        if ends:
            return _execution_has_ended
        self.read_pages(state.next_marker)
        return None

    def _call(self, updates: list[OperationUpdate], client_token: str) -> CheckpointOutput:
        """Send a batch; once more if its reply was lost, by whose client token the service knows it again."""
        try:
            return self._service.checkpoint(self._arn, self._token, updates, client_token)
        except InvocationError as error:
            if not error.is_retryable():
                raise
        return self._service.checkpoint(self._arn, self._token, updates, client_token)

    def _flush_late(self) -> None:
        """Send what has lain for FLUSH_DELAY because nobody waits for it; runs beside the handler until `close`."""
        with suppress(BaseException):  # whatever kills this thread, those who record next raise it
            while entry := self._next_late():
                self._wait_for(entry)

    def _next_late(self) -> _Entry | None:
        with self.lock:
            seen = None
            while not self._refusal:
                if self._queue and self._queue[0].added <= self._scheduler.now() - FLUSH_DELAY:
                    return self._queue[0]
                self._is_idle, seen = not self._queue and self._newest is seen, self._newest
                self._late.wait(None if self._is_idle else FLUSH_DELAY)
            return None


def _nothing() -> None:
    """For a thread whose entry was sent before its turn."""


def _raising(error: BaseException) -> Callable[[], BaseException]:
    return lambda: error


# Each thread raises one of its own: a traceback is written into what is raised.
_token_is_revoked = partial(SuspendExecution, "The service revoked the checkpoint token; this invocation stops.")
_invocation_is_over = partial(SuspendExecution, "The invocation is over; nothing more is recorded.")
_execution_has_ended = partial(OrphanedChildException, "The execution has ended; nothing more is recorded.", "")


def _size(update: OperationUpdate) -> int:
    """An upper bound of an update's JSON, in bytes, without encoding it."""
    texts = [update.payload or ""]
    if update.error:
        texts += [update.error.message or "", update.error.data or "", *(update.error.stack_trace or ())]
    return _FRAME_BYTES + sum(map(json_length, texts))
