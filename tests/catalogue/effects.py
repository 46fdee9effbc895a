"""What programs of the catalogue do outside, in the order in which it is done."""

from collections.abc import Callable
from typing import Any

from durable.config import Duration
from tests.durable.execution import Program


class Effects(list[str]):
    """The names of the steps that have run, once for each attempt."""

    def of(self, name: str) -> Callable[[object], str]:
        """A step's function, which notes that it runs and returns its name."""

        def run(_context: object) -> str:
            self.append(name)
            return name

        return run

    def step(self, context: Any, name: str) -> str:
        """A step that notes that it runs."""
        done: str = context.step(self.of(name), name=name)
        return done

    def program(self) -> Program:
        """A step, a wait, and two steps more; four checkpoints at least in two invocations."""

        def program(_event: object, context: Any) -> list[str]:
            first = self.step(context, "a")
            context.wait(Duration(3), name="w")
            return [first, self.step(context, "b"), self.step(context, "c")]

        return program


RESULT = '["a", "b", "c"]'
"""What the program comes to."""
CHECKPOINTS = (1, 2, 3, 4)
"""The checkpoints that it makes at least."""
