"""What a chat model says, in few words."""

from typing import Any

from app.domain.analyst import ModelReply, ToolRequest


def request(name: str, id: str = "", **given: Any) -> ToolRequest:  # noqa: A002 (as the wire names it)
    return ToolRequest(id=id or name, name=name, input=given)


def asking(*requests: ToolRequest, tokens: int = 10) -> ModelReply:
    """A reply that asks for tools."""
    return ModelReply(ending="tools", text="Let me see", requests=list(requests), tokens=tokens, cached_tokens=0)


def answering(text: str, tokens: int = 10) -> ModelReply:
    """A reply that ends the conversation."""
    return ModelReply(ending="answer", text=text, requests=[], tokens=tokens, cached_tokens=0)
