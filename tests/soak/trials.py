"""One run of a program under test, judged by the model and by a replay of what it has recorded."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from threading import Event

from durable.envelope import DurableExecutionInvocationInputWithClient as Invoked
from durable.envelope import InitialExecutionState
from durable.execution import durable_execution
from durable_local.executions import Execution
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import IN_MEMORY, Database
from tests.fakes.seeded_scheduler import StuckError
from tests.soak.cases import Case, disturbed
from tests.soak.drawing import draw
from tests.soak.hosting import SeededHost
from tests.soak.interpreter import Interpreter
from tests.soak.model import ROOT, Model
from tests.soak.programs import outline
from tests.soak.service import WatchedService
from tests.soak.world import World

_END_OF_LOG = 60


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a case; without breaches it has passed."""

    case: Case
    breaches: list[str]
    calls: int
    log: list[str]
    traces: list[list[int]]
    """For each invocation the numbers of its tasks in the order in which they ran."""

    def __str__(self) -> str:
        program = ["The program:", *outline(draw(self.case.seed), ROOT)]
        log = ["What happened:", *self.log[-_END_OF_LOG:]]
        return "\n".join([f"make soak CASE={self.case} breaks the rules:", *self.breaches, "", *program, "", *log])


def explored(seed: int, most: int) -> Iterator[Trial]:
    """A program undisturbed, in three interleavings, and then disturbed, so many times at most."""
    first = tried(Case(seed))
    yield first
    for case in [Case(seed, at=1), Case(seed, at=2), *disturbed(seed, first.calls, most)]:
        yield tried(case)


def tried(case: Case) -> Trial:
    """Run a case, replay what it has recorded, and judge both."""
    run = _Run(case)
    try:
        execution = run.ended()
        run.judge(execution)
        run.replay(execution)
    except Exception as error:  # noqa: BLE001 - whatever leaves the execution is a breach
        run.world.breach(f"{type(error).__name__}: {error}")
    return Trial(case, run.world.breaches, run.service.calls, run.world.log, run.world.traces)


class _Run:
    def __init__(self, case: Case) -> None:
        self._program, self._model = draw(case.seed), Model()
        self._result = self._model.block(self._program)
        chance = Random(f"case {case}")  # noqa: S311 - chance that can be had again, not a secret
        self.world = World(self._model, chance)
        self._runtime = LocalRuntime(Database(IN_MEMORY), self.world.clock)
        self.world.callbacks = self._runtime.callbacks
        self.service = WatchedService(self._runtime.service, self.world, case.fault, case.at)
        interpreter = Interpreter(self.world)
        for path, body in {**self._model.functions, ROOT: self._program}.items():
            handler = durable_execution(interpreter.function(body, path))
            self._runtime.functions[path] = Function(SeededHost(handler, self.service, self.world, chance))
        self._handler = handler

    def ended(self) -> Execution:
        """The execution at its end."""
        arn = self._runtime.start(ROOT, None)
        while (execution := self._runtime.run(arn)).status == "RUNNING":
            if (due := self.world.clock.next_appointment) is None:
                raise StuckError("The execution waits for nothing that will ever come.")
            self.world.clock.wait_until(due, Event())
        return execution

    def judge(self, execution: Execution) -> None:
        """Hold an execution and its effects against the model."""
        if self._program.fails:
            self._expect(
                "end", (execution.status, execution.error and execution.error.message), ("FAILED", f"{ROOT} failed")
            )
        else:
            self._expect("end", (execution.status, json.loads(execution.result or "null")), ("SUCCEEDED", self._result))
        model, effects, repeats = self._model, self.world.effects, self.service.repeats
        certain = model.certain - model.at_most_once if repeats else model.certain
        self._expect("effects that are missing", sorted(certain - effects.keys()), [])
        self._expect("effects that should not be", sorted(effects.keys() - model.possible), [])
        often = {key for key, count in effects.items() if count > 1 + (repeats and key not in model.at_most_once)}
        self._expect("effects that are repeated", sorted(often), [])
        if self.world.invocations > (most := model.invocations + 2 * repeats):
            self.world.breach(f"There were {self.world.invocations} invocations; {most} suffice")

    def replay(self, execution: Execution) -> None:
        """Run the code over the complete record once more: nothing may happen, and the end is the same."""
        self.world.is_replaying = True
        state = InitialExecutionState(self._runtime.executions.operations(execution.arn))
        arn, scheduler = execution.arn, self.world.begin()
        try:
            answer = self._handler(Invoked(arn, "none", state, service_client=self.service, scheduler=scheduler), None)
        finally:
            self.world.end()
        self._expect("replay", (answer["Status"], answer.get("Result")), (execution.status, execution.result))

    def _expect(self, what: str, found: object, expected: object) -> None:
        if found != expected:
            self.world.breach(f"{what}: {found!r}, by the model {expected!r}")
