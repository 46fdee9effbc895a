"""Who the analyst talks to."""

from collections.abc import Sequence
from typing import Protocol

from app.domain.analyst import Conversation, ModelReply, ToolDescription


class ChatModelError(Exception):
    """The model cannot be asked, and trying again will not help; the text says why."""


class ChatModelUnavailableError(ChatModelError):
    """The model cannot be asked now; the same call may succeed later."""


class ChatModel(Protocol):
    """A language model that may ask for tools."""

    def reply(self, conversation: Conversation, tools: Sequence[ToolDescription]) -> ModelReply:
        """What the model says next. What it asks for is not checked: neither the tools' names nor their inputs."""
        ...
