"""An action: asked for by a script of the console, done in a thread, and answered in words."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import unquote

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from durable_local.body import body
from durable_local.console.page import HEADERS, UNAVAILABLE, Asked
from durable_local.errors import InvalidParameterValueError, ServiceError
from durable_local.runtime import LocalRuntime
from durable_local.store.database import StoreError
from durable_local.tokens import concealed

MOST_BYTES = 16 * 1024 * 1024
"""More than a payload, which grows when it is quoted as a text inside JSON."""


@dataclass(frozen=True, slots=True)
class Done:
    """What has happened, and the page that shows it if it is another one."""

    message: str
    to: str | None = None


Act = Callable[[LocalRuntime, Asked, Asked], Done]
"""Does something: with the members of the path, and with those of the body, which are texts."""


class Action:
    """Answers requests to do something."""

    def __init__(self, name: str, act: Act, runtime: LocalRuntime, limiter: CapacityLimiter) -> None:
        self.name = name
        self._act = act
        self._runtime = runtime
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Do it, and say what has happened."""
        request = Request(scope, receive)
        asked = await body(request, MOST_BYTES)
        path = {name: unquote(text) for name, text in request.path_params.items()}
        answer = await to_thread.run_sync(self._answer, path, asked, limiter=self._limiter)
        await answer(scope, receive, send)

    def _answer(self, path: Asked, asked: bytes) -> Response:
        try:
            done = self._act(self._runtime, path, _members(asked))
        except ServiceError as error:
            return _told({"message": error.message}, error.status)
        except StoreError as error:
            return _told({"message": f"The database cannot be used: {error}"}, UNAVAILABLE)
        return _told({"message": done.message, "to": done.to}, 200)


def json_of(text: str, what: str) -> Any:
    """What a JSON text says. Raises InvalidParameterValueError with the place of the mistake."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidParameterValueError(f"{what} is not JSON: {place}: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise InvalidParameterValueError(f"{what} is not JSON: {error}") from error


def _members(asked: bytes) -> Mapping[str, str]:
    members = json_of(asked.decode("utf-8", "replace"), "The request")
    if not isinstance(members, dict) or not all(isinstance(each, str) for each in members.values()):
        raise InvalidParameterValueError("The request must be a JSON object whose members are texts")
    if any("\ud800" <= letter <= "\udfff" for text in members.values() for letter in text):
        raise InvalidParameterValueError("A text holds half of a letter, which cannot be kept; write it anew")
    return members


def _told(document: Mapping[str, str | None], status: int) -> Response:
    text = concealed(json.dumps(document, ensure_ascii=False))
    return Response(text.encode("utf-8", "replace"), status, HEADERS, "application/json")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
