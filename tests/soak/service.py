"""The service as programs under test meet it: slow, at fault once if a case says so, and watchful."""

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

from durable.lambda_service import DurableServiceClient
from durable.model import (
    CheckpointOutput,
    OperationAction,
    OperationStatus,
    OperationType,
    OperationUpdate,
    StateOutput,
)
from tests.durable.recording import FAULT, THROTTLED, Call, SandboxDied, dies_after, dies_before, lost_reply, refused
from tests.durable.recording import Fault as Fault
from tests.fakes.seeded_scheduler import Abandoned
from tests.soak.world import World

T = TypeVar("T")

FAULTS: dict[str, Fault] = {
    "dies-before": dies_before,
    "dies-after": dies_after,
    "loses-the-reply": lost_reply,
    "fails": refused(*FAULT),
    "is-throttled": refused(*THROTTLED),
    "fails-twice": refused(*FAULT),
}
"""What becomes of one call; of the second attempt at it too, if its name says so."""

_PAGE = 3
_ENDS = {OperationAction.SUCCEED, OperationAction.FAIL}


class WatchedService:
    """Passes calls on to the service; calls are counted from 1."""

    def __init__(self, service: DurableServiceClient, world: World, fault: str, at: int) -> None:
        self.calls = 0
        self.repeats = False
        """Whether the fault was one that makes code run again."""
        self._service = service
        self._world = world
        self._fault = FAULTS.get(fault)
        self._faulty = range(at, at + (2 if fault.endswith("-twice") else 1))
        self._in_call = False
        self._known: set[str | None] = set()
        self._parents: dict[tuple[str, str], str | None] = {}
        self._ended: set[tuple[str, str]] = set()
        self._ready: set[tuple[str, str]] = set()
        """The steps whose next attempt is due, as an answer has told."""

    def checkpoint(
        self,
        durable_execution_arn: str,
        checkpoint_token: str,
        updates: Sequence[OperationUpdate],
        client_token: str | None,
    ) -> CheckpointOutput:
        """Record updates."""

        def call() -> CheckpointOutput:
            output = self._service.checkpoint(durable_execution_arn, checkpoint_token, updates, client_token)
            if client_token not in self._known:
                self._known.add(client_token)
                for update in updates:
                    self._watch(durable_execution_arn, update)
            ready = [each for each in output.new_execution_state.operations if each.status is OperationStatus.READY]
            self._ready |= {(durable_execution_arn, each.operation_id) for each in ready}
            return output

        told = ", ".join(f"{update.action} {update.name}" for update in updates)
        return self._call(f"checkpoint {told}", call)

    def get_execution_state(
        self, durable_execution_arn: str, checkpoint_token: str, next_marker: str, max_items: int = 1000
    ) -> StateOutput:
        """Read a small page of what is recorded."""
        arn, token, max_items = durable_execution_arn, checkpoint_token, _PAGE
        self.repeats = self.repeats or self.calls + 1 in self._faulty
        return self._call("page", lambda: self._service.get_execution_state(arn, token, next_marker, max_items))

    def left_ready(self, arn: str) -> list[str]:
        """The steps of an execution that are due, as was told, and were not begun: what they are in goes on."""
        return [step for place, step in self._ready if place == arn and not self._is_orphan(arn, step)]

    def _is_orphan(self, arn: str, operation_id: str) -> bool:
        parent = self._parents[arn, operation_id]
        return parent is not None and ((arn, parent) in self._ended or self._is_orphan(arn, parent))

    def _call(self, what: str, call: Callable[[], T]) -> T:
        self.calls += 1
        fault = self._fault if self.calls in self._faulty else None
        self.repeats = self.repeats or (fault is not None and len(self._faulty) > 1)
        self._world.note(f"call {self.calls}: {what}{' AT FAULT' if fault else ''}")
        if self._in_call or self._world.is_replaying:
            self._world.breach(f"The call {what} is one too many")
        self._in_call = True
        try:
            self._world.pause()
            answer = call() if fault is None else cast("T", fault(cast("Call", call)))
        except SandboxDied:
            self.repeats = True
            self._world.scheduler.abandon()
            raise Abandoned from None
        finally:
            self._in_call = False
        self._world.pause()
        return answer

    def _watch(self, arn: str, update: OperationUpdate) -> None:
        if update.operation_type is OperationType.EXECUTION:
            return
        operation = arn, update.operation_id
        self._parents[operation] = update.parent_id
        self._ready.discard(operation)
        if self._is_orphan(*operation):
            self._world.breach(f"{update.action} {update.name} is recorded although what it is in has ended")
        if update.action in _ENDS:
            self._ended.add(operation)
            self._world.ended.add(update.name or "")
