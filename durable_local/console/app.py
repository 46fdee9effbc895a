"""The console's routes, and what is seen at its door."""

from functools import partial
from pathlib import Path

from anyio import CapacityLimiter
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from durable_local.console import addresses
from durable_local.console.action import Act, Action
from durable_local.console.answering import fail, heartbeat, succeed
from durable_local.console.changes import Changes
from durable_local.console.execution import execution
from durable_local.console.executions import executions
from durable_local.console.history import history
from durable_local.console.live import Live
from durable_local.console.operation import operation
from durable_local.console.page import HEADERS, Answer, Asked, Page, Sheet, message, response
from durable_local.console.samples import Samples
from durable_local.console.starting import start, starting
from durable_local.console.stopping import stop
from durable_local.runtime import LocalRuntime
from durable_local.timeline.svg import STYLES

_AT_ONCE = 8
"""How many pages are made at once, beside the calls of the API."""
_FORBIDDEN, _NOT_FOUND = 403, 404
_ASSETS = Path(__file__).with_name("assets")
_MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

_ACTS: dict[str, Act] = {
    "start": start,
    "executions/{name}/stop": stop,
    "executions/{name}/operations/{operation}/succeed": succeed,
    "executions/{name}/operations/{operation}/fail": fail,
    "executions/{name}/operations/{operation}/heartbeat": heartbeat,
}


class Asset:
    """Answers with a style sheet or a script."""

    name = "asset"

    def __init__(self, path: Path) -> None:
        self._response = Response(path.read_bytes(), headers=HEADERS, media_type=_MEDIA_TYPES[path.suffix])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await self._response(scope, receive, send)


class ToConsole:
    """Answers with the console's address."""

    name = "to-console"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await RedirectResponse(addresses.CONSOLE, headers=HEADERS)(scope, receive, send)


def routes(runtime: LocalRuntime, changes: Changes, endpoint: str, samples: Samples) -> list[Route]:
    """Where the pages are, and what they need; anything else below the console is a page that says so."""
    limiter = CapacityLimiter(_AT_ONCE)
    pages: dict[str, tuple[str, Answer]] = {
        "": ("executions", partial(executions, endpoint, runtime)),
        "start": ("starting", partial(starting, samples, runtime)),
        "executions/{name}": ("execution", partial(execution, runtime)),
        "executions/{name}/events": ("history", partial(history, runtime)),
        "executions/{name}/operations/{operation}": ("operation", partial(operation, runtime)),
        "{rest:path}": ("nowhere", _nowhere),
    }
    live = Live(runtime, changes, limiter)
    assets = [STYLES, *sorted(_ASSETS.iterdir())]
    return [
        *(Route(addresses.asset(path.name), Asset(path), methods=["GET"]) for path in assets),
        Route(addresses.live(), live, methods=["GET"]),
        Route(f"{addresses.CONSOLE}executions/{{name}}/live", live, methods=["GET"]),
        *(
            Route(f"{addresses.ACTIONS}{path}", Action(_call(path), act, runtime, limiter), methods=["POST"])
            for path, act in _ACTS.items()
        ),
        *(
            Route(f"{addresses.CONSOLE}{path}", Page(f"console-{name}", answer, limiter), methods=["GET"])
            for path, (name, answer) in pages.items()
        ),
        *(Route(path, ToConsole(), methods=["GET"]) for path in ("/", addresses.CONSOLE.rstrip("/"))),
    ]


def stranger() -> Response:
    """What somebody sees who has not come in through the door."""
    text = "Open the address of the console that `durable start` has printed: it lets this browser in."
    return response(message("You are not let in yet", text, _FORBIDDEN))


def entered(permit: str) -> Response:
    """What hands those who have come in what they act with, and leads on, so that no address tells the key.

    A redirection would not do: who comes from another site's page is not known yet on its way.
    """
    answer = response(Sheet("entered.html", {"permit": permit}))
    answer.headers["Refresh"] = f"0; url={addresses.CONSOLE}"
    return answer


def _call(path: str) -> str:
    """What the log names an action by."""
    return f"console-{path.rpartition('/')[2]}"


def _nowhere(_path: Asked, _query: Asked) -> Sheet:
    return message("There is no such page", "The console begins with the list of executions.", _NOT_FOUND)
