"""The function that `durable run` runs: a handler by its path, or a function of the template."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from durable_local.cli.choices import OVERRIDES, TEMPLATE
from durable_local.cli.console import UsageError
from durable_local.hosting import host_in_threads
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import load, warm
from durable_local.hosts.threads import ThreadHost
from durable_local.runtime import Function, LocalRuntime
from durable_local.template.overrides import read_overrides
from durable_local.template.reading import read_template

_LONGEST_FUNCTION_NAME = 64


@dataclass(frozen=True, slots=True)
class Target:
    """What the user has called the function, and the template to look it up in if that is not a path."""

    called: str
    template: Path
    overrides: Path

    @property
    def is_of_the_template(self) -> bool:
        """Whether it is a function of the template, with the settings that it has there."""
        return "." not in self.called and self.template.exists()

    @property
    def function(self) -> str:
        """The function's name; of a handler its module's, and its own if it is not just `handler`."""
        if self.is_of_the_template:
            return self.called
        module, _, attribute = self.called.rpartition(".")
        name = module.rpartition(".")[2] if attribute == "handler" else f"{module.rpartition('.')[2]}-{attribute}"
        return re.sub(r"[^a-zA-Z0-9_-]", "-", name)[:_LONGEST_FUNCTION_NAME]

    @property
    def arguments(self) -> list[str]:
        """How the user would call it again."""
        template = [] if self.template == TEMPLATE else ["--template", str(self.template)]
        return [self.called, *template, *([] if self.overrides == OVERRIDES else ["--overrides", str(self.overrides)])]

    def host(self, runtime: LocalRuntime) -> None:
        """Make the function run here, and with it those of its template, which it may invoke.

        Raises UsageError if it is no durable function, and whatever importing its modules raises.
        """
        sys.path.insert(0, str(Path.cwd()))
        if not self.is_of_the_template:
            runtime.functions[self.function] = Function(
                ThreadHost(warm(load(self.called)), with_service(runtime.service))
            )
            return
        functions = read_template(self.template, read_overrides(self.overrides)).functions
        durable = [each.name for each in functions if each.durable]
        if self.called not in durable:
            raise UsageError(
                f"{self.called} is no durable function of {self.template}, which has {', '.join(durable) or 'none'}; "
                "a handler is written module.function"
            )
        host_in_threads(runtime, functions, None)
