"""An invocation dies before or after any of its checkpoints; those after it end the execution as if none had."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest

from durable.model import CheckpointOutput
from durable_local.executions import Execution
from tests.durable.execution import ExecutionUnderTest
from tests.durable.programs import PROGRAMS, Program, names_under
from tests.durable.recording import Call, Fault, SandboxDied, dies_after, dies_before, lost_reply

OURS = names_under("durable")


@dataclass
class Dying:
    """Kills the invocation at one checkpoint: whatever else that invocation asks of the service is refused."""

    execution: ExecutionUnderTest
    at: int
    death: Fault
    _dead: int | None = None

    def __post_init__(self) -> None:
        self.execution.service.faults = dict.fromkeys(range(1, 500), self)

    def __call__(self, call: Call) -> CheckpointOutput:
        invocation = self.execution.invocations
        if invocation == self._dead:
            raise SandboxDied
        if self._dead is None and len(self.execution.service.batches) >= self.at:
            self._dead = invocation
            return self.death(call)
        return call()


@dataclass
class Outcome:
    """How an execution ended, what it recorded, and what it did outside."""

    execution: Execution
    operations: list[tuple[object, ...]]
    effects: Counter[str]
    checkpoints: int

    @property
    def waits(self) -> int:
        """How many waits there are; what a death has delayed may end one by one."""
        return sum(sub_type == "Wait" for _, _, _, sub_type, *_ in self.operations)


def ended(program: Program, death: Callable[[ExecutionUnderTest], object] | None = None) -> Outcome:
    execution, effects = ExecutionUnderTest(), Counter[str]()

    def effect(what: str) -> str:
        effects[what] += 1
        return what

    if death:
        death(execution)
    closed = execution.run(lambda _event, context: program(OURS, context, effect))
    recorded = [
        (each.operation_id, each.parent_id, each.name, each.sub_type, each.status, each.result, each.error)
        for each in execution.operations
    ]
    return Outcome(closed, sorted(recorded, key=str), effects, len(execution.service.batches))


@cache
def undisturbed(name: str) -> Outcome:
    return ended(PROGRAMS[name])


@pytest.mark.parametrize("death", [dies_before, dies_after, lost_reply])
@pytest.mark.parametrize("name", PROGRAMS)
def test_an_invocation_may_die_at_any_checkpoint(name: str, death: Fault) -> None:
    expected = undisturbed(name)

    for at in range(1, expected.checkpoints + 1):
        outcome = ended(PROGRAMS[name], lambda execution, at=at: Dying(execution, at, death))  # type: ignore[misc]

        assert (outcome.execution.status, outcome.execution.result, outcome.execution.error) == (
            expected.execution.status,
            expected.execution.result,
            expected.execution.error,
        )
        assert outcome.operations == expected.operations
        assert outcome.effects.keys() == expected.effects.keys()
        assert outcome.execution.invocations <= expected.execution.invocations + 1 + expected.waits


@pytest.mark.parametrize("death", [dies_before, dies_after])
@pytest.mark.parametrize("name", ["steps_and_a_wait", "retries", "children", "failures"])
def test_only_the_step_that_was_interrupted_runs_again(name: str, death: Fault) -> None:
    expected = undisturbed(name)

    for at in range(1, expected.checkpoints + 1):
        outcome = ended(PROGRAMS[name], lambda execution, at=at: Dying(execution, at, death))  # type: ignore[misc]

        again = outcome.effects - expected.effects
        assert again.total() <= 1
