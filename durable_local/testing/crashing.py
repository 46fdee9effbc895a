"""Services for trying a function's replay: one lets an invocation die, one takes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from durable.exceptions import INVALID_CHECKPOINT_TOKEN_PREFIX, CheckpointError
from durable.lambda_service import DurableServiceClient
from durable.model import CheckpointOutput, OperationType, OperationUpdate, StateOutput
from durable_local.errors import InvalidParameterValueError
from durable_local.hosts.threads import Presenter
from durable_local.invocations import Invocation

Updates = Sequence[OperationUpdate]


@dataclass(frozen=True, slots=True)
class CrashPoint:
    """Where an invocation dies: before or after the service has taken the n-th checkpoint of the execution, from 1."""

    checkpoint: int
    after: bool


@dataclass
class CrashingService:
    """Passes everything on until an invocation is to die; from then on it refuses what that one sends.

    To the execution, an invocation whose checkpoints are refused is dead: another one goes on in its place.
    """

    point: CrashPoint | None = None
    batches: list[Updates] = field(default_factory=list)
    """The checkpoints that recorded something, in order."""
    crashed_at: Updates = ()
    """The checkpoint at which the invocation died; empty if none did."""
    _service: DurableServiceClient = field(init=False)
    _invocation: int = 0
    _dead: int | None = None

    def before(self, service: DurableServiceClient) -> Presenter:
        """Stand before a service, and count the invocations that are handed out."""
        self._service = service
        return self._begin

    @property
    def is_dead(self) -> bool:
        """Whether the invocation that was handed out last has died."""
        return self._invocation == self._dead

    def checkpoint(
        self, durable_execution_arn: str, checkpoint_token: str, updates: Updates, client_token: str | None
    ) -> CheckpointOutput:
        """Record updates, unless the invocation is dead."""
        if self.is_dead:
            raise _refusal()
        if updates:
            self.batches.append(updates)
        dies = self.point and self._dead is None and updates and len(self.batches) >= self.point.checkpoint
        if dies:
            self._dead, self.crashed_at = self._invocation, updates
        if dies and self.point and not self.point.after:
            raise _refusal()
        output = self._service.checkpoint(durable_execution_arn, checkpoint_token, updates, client_token)
        if dies:
            raise _refusal()
        return output

    def get_execution_state(
        self, durable_execution_arn: str, checkpoint_token: str, next_marker: str, max_items: int = 1000
    ) -> StateOutput:
        """Read a further page of the recorded operations."""
        return self._service.get_execution_state(durable_execution_arn, checkpoint_token, next_marker, max_items)

    def _begin(self, invocation: Invocation) -> object:
        self._invocation += 1
        return invocation


@dataclass
class FinishedService:
    """The service of an execution that has ended: whatever is to be recorded now was not recorded then."""

    asked: list[OperationUpdate] = field(default_factory=list)

    def checkpoint(
        self,
        durable_execution_arn: str,  # noqa: ARG002 - part of the protocol
        checkpoint_token: str,
        updates: Updates,
        client_token: str | None,  # noqa: ARG002 - part of the protocol
    ) -> CheckpointOutput:
        """Refuse updates, but for a result that is too large for the answer."""
        new = [each for each in updates if each.operation_type is not OperationType.EXECUTION]
        self.asked += new
        if new:
            raise _refusal()
        return CheckpointOutput(checkpoint_token, StateOutput())

    def get_execution_state(
        self,
        durable_execution_arn: str,  # noqa: ARG002 - part of the protocol
        checkpoint_token: str,  # noqa: ARG002 - part of the protocol
        next_marker: str,  # noqa: ARG002 - part of the protocol
        max_items: int = 1000,  # noqa: ARG002 - part of the protocol
    ) -> StateOutput:
        """All operations came with the invocation."""
        return StateOutput()


def _refusal() -> CheckpointError:
    return CheckpointError.from_exception(
        InvalidParameterValueError(f"{INVALID_CHECKPOINT_TOKEN_PREFIX}: the invocation is to be dead in this trial")
    )
