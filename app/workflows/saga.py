"""The saga: steps in a row that are undone if the row cannot be finished."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from app.domain.errors import DomainError
from durable import DurableContext, StepError
from durable.config import StepConfig
from durable.exceptions import UnrecoverableError

T = TypeVar("T")


class CompensationFailedError(DomainError):
    """Something could not be undone, and somebody has to do it by hand; the others were undone."""


@dataclass(frozen=True, slots=True)
class SagaStep(Generic[T]):
    """A step of a saga; an error among its `refusals` says that it has done nothing."""

    name: str
    func: Callable[[], T]
    config: StepConfig
    refusals: tuple[type[Exception], ...] = ()

    def run(self, context: DurableContext) -> T:
        """Run it as a step of an execution."""
        return context.step(lambda _: self.func(), self.name, self.config)

    def has_refused(self, error: StepError) -> bool:
        """Whether this step's error says that it has done nothing."""
        return error_name(error) in {kind.__name__ for kind in self.refusals}


@dataclass(frozen=True, slots=True)
class Saga:
    """Runs steps, and undoes them in reverse order where the block that it guards raises.

    - A step that failed is undone too: its reply may have been lost after it took effect. Only one that was refused
      has done nothing. So a compensation must be right whether or not its step has happened.
    - Compensations are steps, retried and recorded like any other; one that fails for good does not keep the others
      from running, and is told afterwards with `CompensationFailedError`.
    - A suspension undoes nothing, nor does an error that ends the invocation.
    """

    context: DurableContext
    undone: list[str] = field(default_factory=list)
    """The names of the compensations that were run, in their order."""
    _compensations: list[SagaStep[Any]] = field(default_factory=list)

    def run(self, step: SagaStep[T], compensation: SagaStep[Any]) -> T:
        """Run a step, and remember how it is undone."""
        try:
            result = step.run(self.context)
        except StepError as error:
            if not step.has_refused(error):
                self._compensations.append(compensation)
            raise
        self._compensations.append(compensation)
        return result

    def compensate(self) -> None:
        """Undo what was run, the last first."""
        failures = dict[str, str]()
        while self._compensations:
            compensation = self._compensations.pop()
            try:
                compensation.run(self.context)
                self.undone.append(compensation.name)
            except StepError as error:
                failures[compensation.name] = error.message or "no reason told"
        if failures:
            told = "; ".join(f"{name}: {message}" for name, message in failures.items())
            raise CompensationFailedError(f"{len(failures)} compensations failed, do them by hand: {told}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, UnrecoverableError):
            self.compensate()


def error_name(error: StepError) -> str:
    """The name of the error that a step raised; what is recorded has the name of its module before it."""
    return error.error_type.rpartition(".")[2]
