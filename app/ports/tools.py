"""What a chat model may ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app.domain.analyst import ToolDescription
from app.domain.datasets import Dataset


class ToolError(Exception):
    """The tool cannot do what it was asked; the text tells the model why, and what would do."""


class ToolUnavailableError(ToolError):
    """The tool cannot do it now; the same use may succeed later."""


@dataclass(frozen=True, slots=True)
class ToolUse:
    """One use of a tool: the texts that its description names, the data asked about, and its place in the execution."""

    inputs: Mapping[str, str]
    dataset: Dataset
    execution: str
    place: str

    @property
    def key(self) -> str:
        """What is the same for this use however often it is tried, and for no other one."""
        return f"{self.execution}-{self.place}"


class Tool(Protocol):
    """Looks something up, or does something, for a model that is not trusted."""

    @property
    def description(self) -> ToolDescription:
        """What the model is told of it."""
        ...

    def use(self, use: ToolUse) -> str:
        """What came of it, as JSON of a bounded length."""
        ...
