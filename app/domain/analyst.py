"""The analyst: a conversation with a chat model, what it may use up, and which of its requests are carried out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypedDict

from app.domain.errors import InvalidRequestError, shown
from app.domain.keys import is_name

LONGEST_QUESTION = 4_000
LONGEST_INPUT = 20_000
LONGEST_EXCERPT = 300
"""How much of each text somebody who answers in the model's place is shown."""


@dataclass(frozen=True, slots=True)
class AnalystRequest:
    """A question, and the pipeline's execution whose stored documents are asked about."""

    question: str
    documents: str


class Budget(TypedDict):
    """How often one execution may ask its model, and how many tokens those calls may take."""

    model_calls: int
    tokens: int


class ToolRequest(TypedDict):
    """A tool that the model asks for; the id is the model's, the input whatever it wrote."""

    id: str
    name: str
    input: dict[str, Any]


class ToolReply(TypedDict):
    """What came of the request with this id: a text for the model. The text is data, whatever it says."""

    id: str
    text: str
    failed: bool


class ModelReply(TypedDict):
    """What the model said. `tools` has requests, the other endings have none; cached tokens are among the tokens."""

    ending: Literal["answer", "tools", "cut-short", "refused"]
    text: str
    requests: list[ToolRequest]
    tokens: int
    cached_tokens: int


class Analysis(TypedDict):
    """The answer, from the model or from a person; `reason` says why a person was asked."""

    outcome: Literal["answered", "escalated"]
    answer: str
    reason: str | None
    model_calls: int
    tokens: int


@dataclass(frozen=True, slots=True)
class ToolDescription:
    """What a model knows of a tool: every input is a text, and has to be given.

    A tool that acts outside is carried out once an execution at most.
    """

    name: str
    purpose: str
    inputs: Mapping[str, str]
    once: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One call of the model, and the replies of the tools that it asked for."""

    reply: ModelReply
    tool_replies: Sequence[ToolReply] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the model is told with every call: the question, which data there is, and every turn so far."""

    question: str
    data: str
    turns: tuple[Turn, ...] = ()

    def then(self, turn: Turn) -> "Conversation":
        """The conversation with one turn more."""
        return replace(self, turns=(*self.turns, turn))

    @property
    def tokens(self) -> int:
        """What all calls of the model took."""
        return sum(turn.reply["tokens"] for turn in self.turns)


def requested_analysis(event: object) -> AnalystRequest:
    """The request in an event."""
    if not isinstance(event, dict) or set(event) != {"question", "documents"}:
        raise InvalidRequestError('The event must be an object with the members "question" and "documents"')
    question, documents = event["question"], event["documents"]
    if not isinstance(question, str) or not question.strip() or len(question) > LONGEST_QUESTION:
        raise InvalidRequestError(f'"question" must be a text of 1 to {LONGEST_QUESTION:,} characters')
    if not isinstance(documents, str) or not is_name(documents):
        raise InvalidRequestError(f'"documents" must name an execution of the pipeline, not {shown(documents)}')
    return AnalystRequest(question.strip(), documents)


def reason_to_escalate(conversation: Conversation, budget: Budget) -> str | None:
    """Why a person has to go on, or None while the model may."""
    if conversation.turns and (stuck := STUCK.get(conversation.turns[-1].reply["ending"])):
        return stuck
    if len(conversation.turns) >= budget["model_calls"]:
        return f"The model was asked {budget['model_calls']} times, which is all it may be, and has no answer"
    if conversation.tokens >= budget["tokens"]:
        return f"The model took {conversation.tokens:,} tokens of {budget['tokens']:,}, and has no answer"
    return None


STUCK = {
    "cut-short": "The model's reply was cut short, so that nobody can tell what it would have said",
    "refused": "The model, or a guard in front of it, refused to go on",
}
"""Endings after which asking again would bring the same."""


def refusals(conversation: Conversation, tools: Mapping[str, ToolDescription]) -> list[str | None]:
    """For each request of the last turn, why it is not carried out; None for those that are."""
    *earlier, last = conversation.turns
    used = {request["name"] for turn in earlier for request in turn.reply["requests"] if not _misfit(request, tools)}
    told: list[str | None] = []
    for request in last.reply["requests"]:
        name = request["name"]
        refusal = _misfit(request, tools)
        if refusal is None and tools[name].once and name in used:
            refusal = f"{name} was asked for before, and is carried out once at most; go on without it"
        used |= set() if refusal else {name}
        told.append(refusal)
    return told


def _misfit(request: ToolRequest, tools: Mapping[str, ToolDescription]) -> str | None:
    if request["name"] not in tools:
        return f"There is no tool {shown(request['name'])}; there are {', '.join(sorted(tools))}"
    inputs, given = tools[request["name"]].inputs, request["input"]
    if set(given) != set(inputs) or not all(isinstance(text, str) for text in given.values()):
        return f"{request['name']} needs exactly these inputs, each a text: {', '.join(sorted(inputs))}"
    if sum(map(len, given.values())) > LONGEST_INPUT:
        return f"The inputs of {request['name']} may have {LONGEST_INPUT:,} characters together; shorten them"
    return None


def given_up(tool: ToolDescription) -> str:
    """What the model is told of a tool whose step failed for good; the error itself is for the log."""
    if tool.once:
        return f"It is not known whether {tool.name} was carried out; say so in the answer, and do not ask for it again"
    return f"{tool.name} does not work at present; go on without it, or say what is missing in the answer"


def answered(conversation: Conversation) -> Analysis:
    """The model's answer."""
    return _analysis("answered", conversation, conversation.turns[-1].reply["text"], None)


def escalated(conversation: Conversation, reason: str, answer: object) -> Analysis:
    """A person's answer; what is no text is told as JSON."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return _analysis("escalated", conversation, text, reason)


def _analysis(
    outcome: Literal["answered", "escalated"], conversation: Conversation, answer: str, reason: str | None
) -> Analysis:
    return Analysis(
        outcome=outcome,
        answer=answer,
        reason=reason,
        model_calls=len(conversation.turns),
        tokens=conversation.tokens,
    )


def handover(conversation: Conversation, reason: str) -> str:
    """What a person needs who answers in the model's place: the question, the reason, and what was found."""
    lines = [conversation.question, f"{reason}. What happened so far:"]
    for number, turn in enumerate(conversation.turns, start=1):
        lines.append(f"{number}. {excerpt(turn.reply['text']) or '(no text)'}")
        replies = {reply["id"]: reply for reply in turn.tool_replies}
        for request in turn.reply["requests"]:
            asked = f"{request['name']} {json.dumps(request['input'])}"
            lines.append(f"   asked for {excerpt(asked)}")
            lines.append(f"   got {excerpt(replies[request['id']]['text'])}" if replies else "   was not carried out")
    return "\n".join(lines) + "\n"


def excerpt(text: str) -> str:
    """A text as far as a person wants to read it."""
    return text[:LONGEST_EXCERPT] + "..." * (len(text) > LONGEST_EXCERPT)


@dataclass(frozen=True, slots=True)
class AnalystKeys:
    """The keys of one execution's documents: they derive from its name, so a repeated step overwrites its own."""

    execution: str

    @property
    def dataset(self) -> str:
        """Where the data that it asks lies as a database."""
        return f"analyst/{self.execution}/dataset.sqlite"

    @property
    def handover(self) -> str:
        """Where a person finds what to answer."""
        return f"analyst/{self.execution}/handover.txt"
