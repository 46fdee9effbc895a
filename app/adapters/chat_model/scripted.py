"""What takes a model's place where there is none: dialogues that somebody has written down."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.analyst import Conversation, ModelReply, ToolDescription, ToolRequest
from app.ports.chat_model import ChatModel

LABEL = "[scripted: no model was asked]"
ROWS = "{rows}"
"""In a line, what the last query has found."""
CHARACTERS_A_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Line:
    """What is said in one turn, and which tools are asked for, each with its inputs."""

    text: str
    requests: Sequence[tuple[str, Mapping[str, str]]] = ()


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The lines that a question leads to, one a turn; the last one is said again and again."""

    question: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class ScriptedChatModel(ChatModel):
    """Says the lines of the dialogue that begins with the question; it understands nothing, and says so each time."""

    dialogues: Sequence[Dialogue]

    def reply(self, conversation: Conversation, tools: Sequence[ToolDescription]) -> ModelReply:  # noqa: ARG002 - part of the port
        line = self._line(conversation)
        rows = _rows(conversation)
        requests = [
            ToolRequest(
                id=f"scripted-{len(conversation.turns) + 1}-{place}",
                name=name,
                input={key: text.replace(ROWS, rows) for key, text in inputs.items()},
            )
            for place, (name, inputs) in enumerate(line.requests, start=1)
        ]
        text = f"{LABEL} {line.text.replace(ROWS, rows)}"
        said = "".join([conversation.question, conversation.data, text, json.dumps(requests), *_told(conversation)])
        return ModelReply(
            ending="tools" if requests else "answer",
            text=text,
            requests=requests,
            tokens=len(said) // CHARACTERS_A_TOKEN,
            cached_tokens=0,
        )

    def _line(self, conversation: Conversation) -> Line:
        for dialogue in self.dialogues:
            if _words(dialogue.question) == _words(conversation.question):
                return dialogue.lines[min(len(conversation.turns), len(dialogue.lines) - 1)]
        known = "; ".join(dialogue.question for dialogue in self.dialogues)
        return Line(f"There is no dialogue for this question. There are some for: {known}")


def _words(question: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in question.casefold()).split())


def _told(conversation: Conversation) -> Iterator[str]:
    """The tools' replies, the latest first."""
    for turn in reversed(conversation.turns):
        for reply in reversed(turn.tool_replies):
            yield reply["text"]


def _rows(conversation: Conversation) -> str:
    """What the last query has found, a row a line."""
    for turn in reversed(conversation.turns):
        asked = {request["id"] for request in turn.reply["requests"] if request["name"] == "execute_sql"}
        for reply in turn.tool_replies:
            if reply["id"] in asked and not reply["failed"]:
                return "\n".join(", ".join(map(str, row)) for row in json.loads(reply["text"])["rows"])
    return ""
