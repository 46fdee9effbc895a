"""Mistakes that somebody could make in the template, each beside the test that must notice it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.template.document import EVERYTHING, FIRST_USE, REMOVED, Node, Template

TABLE = Path(__file__).with_name("mutations.toml")
SECTIONS = {"Globals", "Outputs", "Parameters", "Resources"}


@dataclass(frozen=True)
class Mutation:
    """Another value at a path, or none, in a deployment of the template."""

    noticed_by: str
    path: str
    value: Node = REMOVED
    everything: bool = False
    """Whether every parameter is given, not none."""

    def template(self) -> Template:
        """The deployment with the mistake in it."""
        steps = [int(step) if step.isdecimal() else step for step in self.path.split("/")]
        whole = steps if steps[0] in SECTIONS else ["Resources", steps[0], "Properties", *steps[1:]]
        return Template(given=EVERYTHING if self.everything else FIRST_USE).mutated(tuple(whole), self.value)

    def __str__(self) -> str:
        return f"{self.noticed_by}: {self.path}"


def read() -> list[Mutation]:
    """The mistakes in the table."""
    table = tomllib.loads(TABLE.read_text())
    return [Mutation(test, **each) for test, mistakes in table.items() for each in mistakes]
