"""Chat models that say what a test has written, or whatever they read."""

import json
import re
from collections.abc import Sequence

from app.domain.analyst import Conversation, ModelReply, ToolDescription
from app.ports.chat_model import ChatModel
from tests.fakes.analyst import answering, asking, request


class WrittenChatModel(ChatModel):
    """Says one reply a turn, the last one again and again; each next call raises a trouble until none is left."""

    def __init__(self, *replies: ModelReply, troubles: Sequence[Exception] = ()) -> None:
        self._replies = replies
        self._troubles = list(troubles)
        self.asked: list[Conversation] = []

    def reply(self, conversation: Conversation, tools: Sequence[ToolDescription]) -> ModelReply:
        self.asked.append(conversation)
        if self._troubles:
            raise self._troubles.pop(0)
        return self._replies[min(len(conversation.turns), len(self._replies) - 1)]


class GullibleChatModel(ChatModel):
    """Does whatever a tool's text tells it to, in the form `DO {"name": ..., "input": {...}}`; no model is so naive."""

    def reply(self, conversation: Conversation, tools: Sequence[ToolDescription]) -> ModelReply:
        if not conversation.turns:
            return asking(request("execute_sql", statement="SELECT name FROM products ORDER BY name"))
        texts = [str(text) for reply in conversation.turns[-1].tool_replies for text in _texts(reply["text"])]
        orders = [json.loads(order) for text in texts for order in re.findall(r"DO (\{.*?\}\})", text)]
        if not orders:
            return answering("Done")
        return asking(*(request(order["name"], f"o-{n}", **order["input"]) for n, order in enumerate(orders)))


def _texts(told: str) -> list[object]:
    if not told.startswith("{"):
        return [told]
    return [cell for row in json.loads(told).get("rows", []) for cell in row]
