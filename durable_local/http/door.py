"""The door of the console: for the key a cookie, which opens pages, and a permit, with which they act."""

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from durable_local.console.app import entered, stranger
from durable_local.http.guard import Guard


class Door:
    """Lets a browser in that shows the key."""

    name = "console-door"

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set the cookie, hand the permit over and lead on, or explain."""
        if not self._guard.is_key(Request(scope).query_params.get("key", "")):
            await stranger()(scope, receive, send)
            return
        answer = entered(self._guard.permit)
        answer.headers["Set-Cookie"] = self._guard.cookie
        await answer(scope, receive, send)
