import threading
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from durable.checkpoints import MAX_BATCH_OPERATIONS, CheckpointWriter
from durable.exceptions import (
    BackgroundThreadError,
    CheckpointError,
    GetExecutionStateError,
    OrphanedChildException,
    SuspendExecution,
)
from durable.journal import Journal
from durable.model import (
    CheckpointOutput,
    ErrorObject,
    OperationAction,
    OperationStatus,
    OperationType,
    OperationUpdate,
)
from durable.scheduler import Scheduler, ThreadScheduler
from tests.durable import recording
from tests.durable.execution import ExecutionUnderTest, ident
from tests.durable.recording import PATIENCE, Call, Gate, SandboxDied, lost_reply, refused, without_token
from tests.durable.updates import step
from tests.fakes.seeded_scheduler import SeededScheduler
from tests.fakes.watched_scheduler import WatchedScheduler

START, SUCCEED = step("START"), step("SUCCEED", payload="1")


class StillScheduler(ThreadScheduler):
    """No time passes, so nothing is ever late."""

    def now(self) -> float:
        return 0


class PatientCondition(threading.Condition):
    """Waits until it is notified, however short the moment for which it was asked to wait."""

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(PATIENCE if timeout else None)


class PatientScheduler(ThreadScheduler):
    """A machine so fast that whatever can happen within a moment does."""

    def condition(self, lock: threading.Lock) -> threading.Condition:
        return PatientCondition(lock)


class HesitantGate:
    """Whoever has waited for it to open comes through only when the test says so."""

    def __init__(self, scheduler: "HesitantScheduler") -> None:
        self._scheduler = scheduler
        self._lock = threading.Lock()
        self.release = self._lock.release

    def acquire(self) -> bool:
        if not self._lock.acquire(blocking=False):
            self._scheduler.asleep.release()
            self._lock.acquire()
            self._scheduler.awake.set()
            assert self._scheduler.hesitates.wait(PATIENCE)
        return True


class HesitantScheduler(ThreadScheduler):
    """A machine that takes its time between waking a thread and running it."""

    def __init__(self) -> None:
        super().__init__()
        self.asleep = threading.Semaphore(0)
        self.awake, self.hesitates = threading.Event(), threading.Event()
        self._writers: threading.Lock | None = None

    def lock(self) -> threading.Lock:
        if self._writers is None:
            self._writers = super().lock()
            return self._writers
        return cast("threading.Lock", HesitantGate(self))


class Invocation:
    """A checkpoint writer on the local service, as one invocation has it."""

    def __init__(self, scheduler: Scheduler) -> None:
        execution = ExecutionUnderTest()
        begun = execution.begin()
        self.service = execution.service
        self.journal = Journal(begun.operations)
        self.scheduler = scheduler
        self.writer = CheckpointWriter(self.service, begun.arn, begun.checkpoint_token, self.journal, self.scheduler)

    def record(self, *updates: OperationUpdate) -> None:
        for update in updates:
            self.writer.record(update, admitted)

    def record_and_wait(self, update: OperationUpdate) -> None:
        self.writer.record_and_wait(update, admitted)

    @property
    def sizes(self) -> list[int]:
        return [len(batch) for batch in self.service.batches]

    @property
    def sent(self) -> list[OperationUpdate]:
        return [update for batch in self.service.batches for update in batch]


def admitted() -> None:
    """Everything may be recorded."""


def numbered(count: int, payload: str = "1") -> list[OperationUpdate]:
    return [step("SUCCEED", at=(number,), payload=payload) for number in range(1, count + 1)]


@pytest.fixture
def invocation() -> Iterator[Invocation]:
    invocation = Invocation(ThreadScheduler())
    yield invocation
    invocation.writer.close()
    invocation.scheduler.join(5.0)


class Beside(threading.Thread):
    """Something a thread does beside the test, and what it raises."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self.error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            self.error = error

    def end(self) -> BaseException | None:
        self.join(PATIENCE)
        assert not self.is_alive()
        return self.error


def held_up(invocation: Invocation, gate: Gate) -> Beside:
    """A thread whose checkpoint, the first, is in flight until the gate opens."""
    invocation.service.faults[1] = gate
    leader = Beside(lambda: invocation.record_and_wait(step("SUCCEED", at=(9_999,), payload="0")))
    assert gate.reached.wait(PATIENCE)
    return leader


def waiting(invocation: Invocation, update: OperationUpdate, start: OperationUpdate | None = None) -> Beside:
    """A thread that waits for an update in the queue."""
    queued = threading.Event()
    follower = Beside(lambda: invocation.writer.record_and_wait(update, queued.set, start))
    assert queued.wait(PATIENCE)
    with invocation.writer.lock:  # the update is added under the same hold of the lock as it is admitted
        return follower


def test_what_nobody_waits_for_rides_with_the_next_that_somebody_does() -> None:
    invocation = Invocation(StillScheduler())

    invocation.record(START)
    invocation.record_and_wait(SUCCEED)
    invocation.writer.close()
    invocation.scheduler.join(5.0)

    assert invocation.service.batches == [[START, SUCCEED]]


def test_on_return_the_journal_tells_what_became_of_the_operation(invocation: Invocation) -> None:
    invocation.record_and_wait(SUCCEED)

    recorded = invocation.journal.get(ident(1))
    assert recorded
    assert (recorded.status, recorded.result) == (OperationStatus.SUCCEEDED, "1")


def test_a_lone_update_is_sent_although_nobody_waits(invocation: Invocation) -> None:
    arrived = threading.Event()

    def tell(call: Call) -> CheckpointOutput:
        arrived.set()
        return call()

    invocation.service.faults[1] = tell
    invocation.record(START)

    assert arrived.wait(PATIENCE)
    assert invocation.service.batches == [[START]]


def test_a_lone_update_is_sent_although_the_late_flush_has_nothing_to_do_by_then() -> None:
    scheduler, arrived = WatchedScheduler(), threading.Semaphore(0)
    invocation = Invocation(scheduler)

    def tell(call: Call) -> CheckpointOutput:
        arrived.release()
        return call()

    invocation.service.faults = {1: tell, 2: tell}
    invocation.record(START)
    assert arrived.acquire(timeout=PATIENCE)
    assert scheduler.resting.wait(PATIENCE)

    invocation.record(SUCCEED)

    assert arrived.acquire(timeout=PATIENCE)
    invocation.writer.close()
    scheduler.join(5.0)
    assert invocation.service.batches == [[START], [SUCCEED]]


def test_no_batch_parts_an_update_from_the_start_recorded_with_it() -> None:
    scheduler = SeededScheduler(1)
    invocation = Invocation(scheduler)
    invocation.record(*numbered(3, payload='"' + "x" * 240_000 + '"'))

    start, outcome = step("START", at=(4,)), step("SUCCEED", at=(4,), payload='"' + "x" * 100_000 + '"')
    invocation.writer.record_and_wait(outcome, admitted, start)

    assert invocation.sizes == [3, 2]
    invocation.writer.close()
    scheduler.end()


def test_a_refresh_sends_no_update(invocation: Invocation) -> None:
    invocation.writer.refresh()

    assert invocation.service.batches == [[]]


def test_each_call_has_the_token_of_the_answer_before_and_a_client_token_of_its_own(invocation: Invocation) -> None:
    for update in numbered(3):
        invocation.record_and_wait(update)

    assert len(set(invocation.service.tokens)) == 3
    assert len(set(invocation.service.client_tokens)) == 3
    assert all(invocation.service.client_tokens)


def test_many_threads_never_have_two_calls_in_flight(invocation: Invocation) -> None:
    updates = numbered(40)

    threads = [Beside(lambda update=update: invocation.record_and_wait(update)) for update in updates]  # type: ignore[misc]

    assert [thread.end() for thread in threads] == [None] * 40
    assert invocation.service.most_at_once == 1
    assert sorted(update.operation_id for update in invocation.sent) == sorted(ident(n) for n in range(1, 41))


def test_what_comes_during_a_call_shares_the_next_one(invocation: Invocation) -> None:
    gate = Gate()
    leader = held_up(invocation, gate)
    followers = [waiting(invocation, update) for update in numbered(5)]

    gate.opened.set()

    assert [thread.end() for thread in [leader, *followers]] == [None] * 6
    assert invocation.sizes == [1, 5]


def test_branches_that_a_call_wakes_share_the_next_one_again() -> None:
    invocation = Invocation(PatientScheduler())
    updates = numbered(12)

    def branch(number: int) -> None:
        for update in updates[number::4]:
            invocation.record_and_wait(update)
        invocation.writer.end_running()

    for _ in range(3):  # the fourth is the one that runs the handler
        invocation.writer.begin_running()
    branches = [Beside(lambda number=number: branch(number)) for number in range(4)]  # type: ignore[misc]

    assert [branch.end() for branch in branches] == [None] * 4
    assert invocation.sizes == [4, 4, 4]


def test_updates_are_sent_in_the_order_in_which_they_were_recorded(invocation: Invocation) -> None:
    gate = Gate()
    leader = held_up(invocation, gate)
    updates = numbered(20)
    invocation.record(*updates[:10])
    followers = [waiting(invocation, update) for update in updates[10:]]

    gate.opened.set()

    assert [thread.end() for thread in [leader, *followers]] == [None] * 11
    assert invocation.sent[1:] == updates


def test_a_batch_holds_at_most_250_updates(invocation: Invocation) -> None:
    gate = Gate()
    held_up(invocation, gate)
    updates = numbered(MAX_BATCH_OPERATIONS + 1)
    invocation.record(*updates)
    last = waiting(invocation, step("SUCCEED", at=(5_000,), payload="1"))

    gate.opened.set()

    assert last.end() is None
    assert invocation.sizes == [1, 250, 2]
    assert invocation.sent[1:252] == updates


def test_updates_that_go_together_take_two_places_of_a_batch(invocation: Invocation) -> None:
    gate = Gate()
    held_up(invocation, gate)
    invocation.record(*numbered(MAX_BATCH_OPERATIONS - 1))
    last = waiting(invocation, step("SUCCEED", at=(5_000,), payload="1"), step("START", at=(5_000,)))

    gate.opened.set()

    assert last.end() is None
    assert invocation.sizes == [1, 249, 2]


def test_a_batch_holds_at_most_750_kib(invocation: Invocation) -> None:
    gate = Gate()
    held_up(invocation, gate)
    invocation.record(*numbered(4, "x" * 250_000))
    last = waiting(invocation, step("SUCCEED", at=(5_000,), payload="1"))

    gate.opened.set()

    assert last.end() is None
    assert invocation.sizes == [1, 3, 2]


@pytest.mark.parametrize("payload", ["\U0001f600" * 65_536, "\n" * 262_144, '"' * 262_144])
def test_a_batch_is_measured_as_it_is_sent(invocation: Invocation, payload: str) -> None:
    gate = Gate()
    held_up(invocation, gate)
    invocation.record(*numbered(3, payload))
    last = waiting(invocation, step("SUCCEED", at=(5_000,), payload="1"))

    gate.opened.set()

    assert last.end() is None
    lengths = [sum(len(recording.as_sent(update)) for update in batch) for batch in invocation.service.batches]
    assert max(lengths) <= max(750 * 1024, len(recording.as_sent(numbered(1, payload)[0])))


def test_a_batch_is_measured_with_what_an_update_takes_besides_its_payload(invocation: Invocation) -> None:
    gate = Gate()
    held_up(invocation, gate)
    invocation.record(*[step("SUCCEED", "n" * 256, (number,), "x" * 2_900) for number in range(1, 251)])
    last = waiting(invocation, step("SUCCEED", at=(5_000,), payload="1"))

    gate.opened.set()

    assert last.end() is None
    lengths = [sum(len(recording.as_sent(update)) for update in batch) for batch in invocation.service.batches]
    assert max(lengths) <= 750 * 1024


def test_a_batch_is_measured_with_the_errors_in_it(invocation: Invocation) -> None:
    gate, error = Gate(), ErrorObject("m" * 5_000, "ValueError", "d" * 15_000, ["f" * 300] * 10)
    held_up(invocation, gate)
    invocation.record(*[step("FAIL", at=(number,), error=error) for number in range(1, 51)])
    last = waiting(invocation, step("SUCCEED", at=(5_000,), payload="1"))

    gate.opened.set()

    assert last.end() is None
    lengths = [sum(len(recording.as_sent(update)) for update in batch) for batch in invocation.service.batches]
    assert max(lengths) <= 750 * 1024


def test_an_update_too_large_for_any_batch_goes_alone_and_is_refused(invocation: Invocation) -> None:
    gate = Gate()
    held_up(invocation, gate)
    invocation.record(START)
    large = waiting(invocation, step("SUCCEED", payload="x" * 800_000))

    gate.opened.set()

    error = large.end()
    assert isinstance(error, BackgroundThreadError)
    assert "Payload has 800000 bytes" in str(error)
    assert invocation.sizes == [1, 1, 1]


@pytest.mark.parametrize("failure", [refused(*recording.FAULT), refused(*recording.FORBIDDEN), lost_reply])
def test_a_failed_call_reaches_every_thread_that_waits(invocation: Invocation, failure: recording.Fault) -> None:
    gate = Gate(then=failure)
    invocation.service.faults[2] = refused(*recording.FAULT)
    leader = held_up(invocation, gate)
    followers = [waiting(invocation, update) for update in numbered(3)]

    gate.opened.set()

    errors = [thread.end() for thread in [leader, *followers]]
    assert all(isinstance(error, BackgroundThreadError) for error in errors)
    assert all(isinstance(getattr(error, "source_exception", None), CheckpointError) for error in errors)
    assert set(invocation.sizes) == {1}


@pytest.mark.parametrize("fault", [lost_reply, refused(*recording.FAULT), refused(*recording.THROTTLED)])
def test_a_call_whose_reply_was_lost_is_made_again_with_the_same_tokens(
    invocation: Invocation, fault: recording.Fault
) -> None:
    invocation.service.faults[1] = fault

    invocation.record_and_wait(START)
    invocation.record_and_wait(SUCCEED)

    service = invocation.service
    assert invocation.sizes == [1, 1, 1]
    assert (service.tokens[0], service.client_tokens[0]) == (service.tokens[1], service.client_tokens[1])
    assert service.client_tokens[2] != service.client_tokens[1]
    operation = invocation.journal.get(SUCCEED.operation_id)
    assert operation is not None
    assert operation.status == "SUCCEEDED"


def test_a_call_that_is_refused_for_good_is_not_made_again(invocation: Invocation) -> None:
    invocation.service.faults[1] = refused(*recording.FORBIDDEN)

    with pytest.raises(BackgroundThreadError):
        invocation.record_and_wait(SUCCEED)

    assert invocation.sizes == [1]


def test_after_a_failed_call_nothing_more_is_sent(invocation: Invocation) -> None:
    invocation.service.faults = dict.fromkeys((1, 2), refused(*recording.FAULT))
    for _ in range(2):
        with pytest.raises(BackgroundThreadError, match="Internal error"):
            invocation.record_and_wait(SUCCEED)
    with pytest.raises(BackgroundThreadError):
        invocation.record(START)
    with pytest.raises(BackgroundThreadError):
        invocation.writer.refresh()
    with pytest.raises(BackgroundThreadError):
        invocation.writer.check()

    assert invocation.sizes == [1, 1]


def test_a_call_that_dies_leaves_no_thread_waiting(invocation: Invocation) -> None:
    gate = Gate(then=recording.dies_before)
    leader = held_up(invocation, gate)
    follower = waiting(invocation, SUCCEED)

    gate.opened.set()

    assert isinstance(leader.end(), SandboxDied)
    assert isinstance(follower.end(), SandboxDied)
    assert invocation.sizes == [1]


def test_without_a_token_every_thread_is_suspended_and_nothing_more_is_sent(invocation: Invocation) -> None:
    gate = Gate(then=without_token)
    leader = held_up(invocation, gate)
    follower = waiting(invocation, SUCCEED)

    gate.opened.set()

    assert isinstance(leader.end(), SuspendExecution)
    assert isinstance(follower.end(), SuspendExecution)
    with pytest.raises(SuspendExecution, match="revoked"):
        invocation.record(START)
    assert invocation.writer.is_revoked
    assert invocation.sizes == [1]


def test_what_a_revoking_answer_tells_is_not_taken_over(invocation: Invocation) -> None:
    invocation.service.faults[1] = without_token

    with pytest.raises(SuspendExecution):
        invocation.record_and_wait(SUCCEED)

    assert invocation.journal.get(ident(1)) is None


def test_the_end_of_the_execution_needs_no_token_and_ends_recording(invocation: Invocation) -> None:
    invocation.record_and_wait(
        OperationUpdate("execution-result-1", OperationType.EXECUTION, OperationAction.SUCCEED, payload="1")
    )

    assert not invocation.writer.is_revoked
    with pytest.raises(OrphanedChildException, match="The execution has ended"):
        invocation.record(START)


def test_all_pages_of_an_answer_are_read_before_the_wait_is_over(invocation: Invocation) -> None:
    invocation.service.paged = True

    invocation.record(*numbered(3))
    invocation.record_and_wait(step("SUCCEED", at=(4,), payload="1"))

    assert len(invocation.service.reads) == 4
    assert all(invocation.journal.get(ident(number)) for number in range(1, 5))


def test_a_page_that_cannot_be_read_fails_the_call(invocation: Invocation) -> None:
    invocation.service.paged = True
    invocation.service.unreadable = recording.ApiError(*recording.THROTTLED)

    with pytest.raises(BackgroundThreadError) as caught:
        invocation.record_and_wait(SUCCEED)

    assert isinstance(caught.value.source_exception, GetExecutionStateError)


def test_what_is_not_admitted_is_not_recorded(invocation: Invocation) -> None:
    def refuse() -> None:
        raise OrphanedChildException("over", "id")

    with pytest.raises(OrphanedChildException):
        invocation.writer.record(START, refuse)
    invocation.record_and_wait(step("SUCCEED", at=(2,), payload="1"))

    assert [update.operation_id for update in invocation.sent] == [ident(2)]


def test_after_the_end_of_the_invocation_nothing_is_recorded(invocation: Invocation) -> None:
    invocation.record(START)

    invocation.writer.close()
    invocation.scheduler.join(5.0)

    with pytest.raises(SuspendExecution, match="invocation is over"):
        invocation.record_and_wait(SUCCEED)
    assert invocation.sent in ([], [START])


def test_the_end_of_the_invocation_ends_a_late_flush_that_has_nothing_to_do() -> None:
    scheduler = WatchedScheduler()
    invocation = Invocation(scheduler)
    invocation.record(START)
    assert scheduler.resting.wait(PATIENCE)

    invocation.writer.close()

    assert Beside(lambda: scheduler.join(None)).end() is None


def test_an_update_that_cannot_be_measured_stops_the_writer(invocation: Invocation) -> None:
    unmeasurable: Any = 7

    failed = Beside(lambda: invocation.record_and_wait(step("SUCCEED", payload=unmeasurable)))
    reason = failed.end()
    following = Beside(lambda: invocation.record_and_wait(SUCCEED))

    assert isinstance(reason, TypeError | AttributeError)
    assert following.end() is reason
    assert invocation.sizes == []


@pytest.mark.parametrize("stop", [CheckpointWriter.close, lambda writer: writer.refuse(SandboxDied())])
def test_stopping_wakes_those_who_wait_behind_one_who_awakes_late(stop: Callable[[CheckpointWriter], None]) -> None:
    scheduler, gate = HesitantScheduler(), Gate()
    invocation = Invocation(scheduler)
    leader = held_up(invocation, gate)
    first, second = waiting(invocation, START), waiting(invocation, SUCCEED)
    assert all(scheduler.asleep.acquire(timeout=PATIENCE) for _ in range(2))

    gate.opened.set()
    assert leader.end() is None
    assert scheduler.awake.wait(PATIENCE)
    stop(invocation.writer)
    scheduler.hesitates.set()

    assert isinstance(first.end(), SuspendExecution | SandboxDied)
    assert isinstance(second.end(), SuspendExecution | SandboxDied)
    assert invocation.sizes == [1]
