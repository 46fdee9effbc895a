"""The console's routes."""

from functools import partial
from pathlib import Path

from anyio import CapacityLimiter
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from durable_local.console import addresses
from durable_local.console.changes import Changes
from durable_local.console.execution import execution
from durable_local.console.executions import executions
from durable_local.console.history import history
from durable_local.console.live import Live
from durable_local.console.operation import operation
from durable_local.console.page import HEADERS, Answer, Asked, Page, Sheet, message, response
from durable_local.runtime import LocalRuntime
from durable_local.timeline.svg import STYLES

_AT_ONCE = 8
"""How many pages are made at once, beside the calls of the API."""
_OK, _FORBIDDEN, _NOT_FOUND = 200, 403, 404
_ASSETS = Path(__file__).with_name("assets")
_MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


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


def routes(runtime: LocalRuntime, changes: Changes, endpoint: str) -> list[Route]:
    """Where the pages are, and what they need; anything else below the console is a page that says so."""
    limiter = CapacityLimiter(_AT_ONCE)
    pages: dict[str, tuple[str, Answer]] = {
        "": ("executions", partial(executions, endpoint, runtime)),
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
            Route(f"{addresses.CONSOLE}{path}", Page(f"console-{name}", answer, limiter), methods=["GET"])
            for path, (name, answer) in pages.items()
        ),
        *(Route(path, ToConsole(), methods=["GET"]) for path in ("/", addresses.CONSOLE.rstrip("/"))),
    ]


def stranger() -> Response:
    """What somebody sees who has not come in through the door."""
    text = "Open the address of the console that `durable start` has printed: it lets this browser in."
    return response(message("You are not let in yet", text, _FORBIDDEN))


def entered() -> Response:
    """What leads those on who have come in, so that their address tells nobody the key.

    A redirection would not do: who comes from another site's page is not known yet on its way.
    """
    answer = response(message("Welcome", "The console opens by itself.", _OK))
    answer.headers["Refresh"] = f"0; url={addresses.CONSOLE}"
    return answer


def _nowhere(_path: Asked, _query: Asked) -> Sheet:
    return message("There is no such page", "The console begins with the list of executions.", _NOT_FOUND)
