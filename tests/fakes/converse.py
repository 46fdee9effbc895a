"""A server on loopback that speaks Bedrock's Converse API, and refuses what Bedrock refuses."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from tests.fakes.listening import address, listening

Json = dict[str, Any]

MOST_CACHE_POINTS = 4
MODEL = "eu.example.model-v1:0"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is an error, under the code that Bedrock gives it."""

    status: int
    code: str = "ValidationException"


@dataclass(frozen=True, slots=True)
class Converse:
    """Gives its answers in turn, the last one again and again; it remembers what was asked."""

    url: str
    answers: list[Json | Refusal] = field(default_factory=list)
    asked: list[Json] = field(default_factory=list)

    def next_answer(self, path: str, asked: Json) -> Json | Refusal:
        self.asked.append(asked)
        if unquote(path) != f"/model/{MODEL}/converse":
            return Refusal(404, "ResourceNotFoundException")
        if fault := _fault(asked):
            return Refusal(400, f"ValidationException: {fault}")
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def message(*content: Json, stop: str = "end_turn", **usage: int) -> Json:
    """An answer as Bedrock gives it."""
    return {
        "output": {"message": {"role": "assistant", "content": list(content)}},
        "stopReason": stop,
        "usage": {"inputTokens": 100, "outputTokens": 20, "totalTokens": 120} | usage,
        "metrics": {"latencyMs": 1},
    }


def tool_use(name: str, id: str, **given: object) -> Json:  # noqa: A002 (as the wire names it)
    return {"toolUse": {"toolUseId": id, "name": name, "input": given}}


@contextmanager
def conversing(*answers: Json | Refusal) -> Iterator[Converse]:
    """A server with these answers."""
    with listening() as http:
        server = Converse(address(http), list(answers))
        http.RequestHandlerClass = _handler(server)
        yield server


def _handler(server: Converse) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = server.next_answer(self.path, asked)
            code, _, told = answer.code.partition(": ") if isinstance(answer, Refusal) else ("", "", "")
            body = json.dumps({"message": told or code} if isinstance(answer, Refusal) else answer).encode()
            self.send_response(answer.status if isinstance(answer, Refusal) else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if code:
                self.send_header("x-amzn-ErrorType", code)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
            """Stay silent."""

    return Handler


def _fault(asked: Json) -> str | None:
    """What Bedrock would not take: roles out of turn, blank texts, tools without results, too many cache points."""
    messages = asked["messages"]
    if [each["role"] for each in messages] != ["user", "assistant"] * (len(messages) // 2) + ["user"]:
        return "roles must alternate between user and assistant, and end with user"
    blocks = [block for each in messages for block in each["content"]]
    if not all(each["content"] for each in messages) or not all(block.get("text", "x").strip() for block in blocks):
        return "the text field is blank"
    if json.dumps(asked).count('"cachePoint"') > MOST_CACHE_POINTS:
        return "too many cache points"
    for before, after in pairwise(messages):
        used = [block["toolUse"]["toolUseId"] for block in before["content"] if "toolUse" in block]
        done = [block["toolResult"]["toolUseId"] for block in after["content"] if "toolResult" in block]
        if before["role"] == "assistant" and used != done:
            return f"tool uses {used} are followed by results of {done}"
    return None
