"""What steps do outside, and whether any does it again."""

import re
import threading
from collections import Counter
from dataclasses import dataclass, field

from tests.durable.execution import ExecutionUnderTest
from tests.durable.programs import Effect


@dataclass
class Effects:
    """All effects of an execution, each named after its step.

    What follows a `#` tells those of one step apart; what follows an `@` is the attempt of an at-most-once step.
    """

    execution: ExecutionUnderTest
    done: Counter[str] = field(default_factory=Counter)
    again: list[str] = field(default_factory=list)
    """Those of steps that had ended already, and of at-most-once attempts that had begun already."""
    invoked: Counter[str] = field(default_factory=Counter)
    """Those of the functions that the execution has invoked."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def kinds(self) -> set[str]:
        """What was done, in whichever attempt."""
        return {what.partition("@")[0] for what in self.done}

    def of_invocation(self) -> Effect:
        """For one invocation, in which no step may run that had ended before it began, and none twice."""
        ended = {each.name for each in self.execution.operations if each.status.is_terminal}

        def effect(what: str) -> str:
            with self._lock:
                self.done[what] += 1
                name = re.split("[#@]", what)[0]
                if not ended.isdisjoint({what, name}) or ("@" in what and self.done[what] > 1):
                    self.again.append(what)
                ended.add(what)
            return what

        return effect

    def of_functions(self, what: str) -> str:
        """For the functions that the execution invokes."""
        self.invoked[what] += 1
        return what
