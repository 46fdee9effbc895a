"""A tool that tells what a test has written."""

from app.domain.analyst import ToolDescription
from app.ports.tools import Tool, ToolUse


class WrittenTool(Tool):
    """Tells its text whatever it is asked; each next use raises a trouble until none is left."""

    def __init__(self, name: str, text: str = "{}", *troubles: BaseException, once: bool = False) -> None:
        self._description = ToolDescription(name, "Does something.", {"query": "anything"}, once=once)
        self._text = text
        self._troubles = list(troubles)
        self.used: list[str] = []

    @property
    def description(self) -> ToolDescription:
        return self._description

    def use(self, use: ToolUse) -> str:
        self.used.append(use.key)
        if self._troubles:
            raise self._troubles.pop(0)
        return self._text
