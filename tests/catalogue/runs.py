"""A program on an SQLite file, run by one process after another until it ends, and what it leaves behind."""

import json
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from durable.envelope import DurableExecutionInvocationInputWithClient, InitialExecutionState
from durable.execution import durable_execution
from durable.model import OperationStatus
from durable_local.errors import CallbackTimeoutError
from durable_local.hosts.events import with_service
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner
from tests.catalogue.fuses import Fuse, FusedService
from tests.durable.recording import PATIENCE, RecordingService

NAME = "run"

_processes = get_context("forkserver")
_processes.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class Effect:
    """Something done outside, and the names of the operations that had durably ended by then."""

    name: str
    detail: object
    ended: list[str]


@dataclass(frozen=True)
class Outside:
    """The world around a program: what is done there is done, whatever becomes of the process."""

    runner: DurableFunctionTestRunner
    folder: Path
    fuse: Fuse

    def effect(self, name: str, detail: object = None) -> Callable[[object], str]:
        """A step's function, which does something under the step's name and returns that name."""

        def do(_context: object) -> str:
            with self.fuse.around(name), (self.folder / "effects").open("a") as file:
                ended = [each.name for each in self.runner.result(NAME).operations if each.status.is_terminal]
                file.write(json.dumps([name, detail, ended]) + "\n")
            return name

        return do

    def answer(self, callback_id: str) -> None:
        """Say yes to who asks by a callback; the first answer counts."""
        with self.fuse.around("answer"), suppress(CallbackTimeoutError):
            self.runner.runtime.callbacks.succeed(callback_id, "yes")

    @property
    def effects(self) -> list[Effect]:
        """What has been done, in order."""
        path = self.folder / "effects"
        return [Effect(*json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []


Program = Callable[[Any, Outside], Any]


@dataclass(frozen=True)
class End:
    """How a run ended, and what it did outside."""

    result: DurableFunctionTestResult
    effects: list[Effect]

    @property
    def outcome(self) -> tuple[object, ...]:
        """The result, and all that is recorded."""
        recorded = [
            (each.operation_id, each.parent_id, each.name, each.sub_type, each.status, each.result, each.error)
            for each in self.result.operations
        ]
        return self.result.status, self.result.result, self.result.error, sorted(recorded, key=str)

    @property
    def done(self) -> Counter[str]:
        """How often each effect was done."""
        return Counter(effect.name for effect in self.effects)

    @property
    def done_again(self) -> list[str]:
        """The effects of steps that had ended already."""
        return [effect.name for effect in self.effects if effect.name in effect.ended]


@dataclass(frozen=True)
class Run:
    """One execution of a program; its database and the list of its effects lie in a folder of its own."""

    program: Program
    folder: Path

    def go_on(self, fuse: Fuse | None = None) -> End:
        """Run the execution until it has ended; who still asks by a callback then is answered."""
        outside = self._outside(fuse or Fuse())
        while (result := outside.runner.run(name=NAME)).status == "RUNNING":
            for operation in result.operations:
                if operation.callback_details and operation.status is OperationStatus.STARTED:
                    outside.answer(operation.callback_details.callback_id)
        return End(result, outside.effects)

    def killed_at(self, event: int | str) -> bool:
        """Run the execution in a process of its own that is killed; whether it lived until that event."""
        process = _processes.Process(target=_run_until, args=(self, event), daemon=True)
        process.start()
        process.join(PATIENCE)
        return process.exitcode == -signal.SIGKILL

    def replayed(self) -> tuple[dict[str, Any], RecordingService, list[Effect]]:
        """The whole history once more: the answer, what the service was asked, and all effects since the start."""
        outside = self._outside(Fuse())
        runtime = outside.runner.runtime
        service = RecordingService(runtime.service)
        event = DurableExecutionInvocationInputWithClient(
            runtime.executions.get(NAME).arn,
            "no token",
            InitialExecutionState(runtime.executions.operations(NAME)),
            service_client=service,
        )
        answer = durable_execution(lambda _event, context: self.program(context, outside))(event, None)
        return answer, service, outside.effects

    def _outside(self, fuse: Fuse) -> Outside:
        outside: Outside
        self.folder.mkdir(exist_ok=True)
        runner = DurableFunctionTestRunner(
            durable_execution(lambda _event, context: self.program(context, outside)),
            database=self.folder / "durable.sqlite",
            presenter=lambda service: with_service(FusedService(service, fuse)),
        )
        outside = Outside(runner, self.folder, fuse)
        return outside


@dataclass(frozen=True)
class Survey:
    """A program run once undisturbed, and once for each of its events with a first process that is killed there."""

    calm: End
    ends: list[End]

    def assert_survived(self, at_once: int = 1) -> None:
        """Every run came to the same end, and repeated no effect but those that were interrupted."""
        for end in self.ends:
            assert end.outcome == self.calm.outcome
            assert end.done.keys() == self.calm.done.keys()
            assert end.done_again == []
            assert (end.done - self.calm.done).total() <= at_once


def survey(program: Program, folder: Path) -> Survey:
    """Let the process of a program be killed at each of its events, and another one run it to its end."""
    fuse = Fuse()
    calm = Run(program, folder / "calm").go_on(fuse)
    runs = {event: Run(program, folder / str(event)) for event in range(1, fuse.events + 1)}
    killed = [run for event, run in runs.items() if run.killed_at(event)]
    # Branches share checkpoints as it happens, so a run of them may have fewer events than the undisturbed one.
    assert len(killed) > len(runs) / 2
    return Survey(calm, [run.go_on() for run in killed])


def _run_until(run: Run, event: int | str) -> None:
    run.go_on(Fuse(event))
