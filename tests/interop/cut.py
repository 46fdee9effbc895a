"""Invocations that die."""

from dataclasses import dataclass

from durable.model import CheckpointOutput
from tests.durable.execution import ExecutionUnderTest
from tests.durable.recording import STALE_TOKEN, Call, refused

_refuse = refused(*STALE_TOKEN)
_MOST_CHECKPOINTS = 1_000


@dataclass
class Cut:
    """The death of an invocation at one checkpoint of its execution, before the service has taken it or after.

    From then on the service refuses what that invocation sends, as if another had taken over: to the execution,
    it is dead.
    """

    at: int
    after: bool
    invocation: int | None = None
    """The one that died."""

    def apply_to(self, execution: ExecutionUnderTest) -> None:
        """Let it happen in an execution."""

        def fault(call: Call) -> CheckpointOutput:
            if self.invocation is None and len(execution.service.batches) >= self.at:
                self.invocation = execution.invocations
                if self.after:
                    call()
            return _refuse(call) if execution.invocations == self.invocation else call()

        execution.service.faults = dict.fromkeys(range(1, _MOST_CHECKPOINTS), fault)
