"""The file that tells what a template leaves to the deployment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from durable.values import Json
from durable_local.template.document import load
from durable_local.template.errors import TemplateError

PARAMETERS = "Parameters"


@dataclass(frozen=True, slots=True)
class Overrides:
    """Values for parameters, and for functions variables that go before the template's; null takes one away."""

    path: Path
    parameters: Mapping[str, Json] = field(default_factory=dict)
    variables: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    """By the function's logical id."""


def read_overrides(path: Path) -> Overrides:
    """The overrides in a file; none if there is no such file. Raises TemplateError if it holds something else."""
    if not path.exists():
        return Overrides(path)
    document = load(path)
    for name, members in document.items():
        if not isinstance(members, dict):
            raise TemplateError(f"{path}: {name} must hold a mapping of names to values, not {members!r}")
    parameters = document.pop(PARAMETERS, {})
    return Overrides(path, parameters, document)


@dataclass(slots=True)
class Missing:
    """What the overrides lack: for each section and name in them, why it is needed."""

    reasons: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, section: str, name: str, reason: str) -> None:
        """Note a line that is missing."""
        self.reasons[section, name] = reason

    def lines(self) -> str:
        """The lines to add, with the reasons beside them."""
        lines = []
        for section in dict.fromkeys(section for section, _ in self.reasons):
            lines.append(f"{section}:")
            lines += [f"  {name}: VALUE  # {reason}" for (of, name), reason in self.reasons.items() if of == section]
        return "\n".join(lines)
