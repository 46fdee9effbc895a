"""The streams that pages listen to while they are looked at."""

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from durable_local.console.changes import Changes
from durable_local.console.page import HEADERS, message, response
from durable_local.errors import ResourceNotFoundError
from durable_local.runtime import LocalRuntime


class Live:
    """Answers with server-sent events, for one execution or for the list of all."""

    name = "console-live"

    def __init__(self, runtime: LocalRuntime, changes: Changes, limiter: CapacityLimiter) -> None:
        self._runtime = runtime
        self._changes = changes
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send messages until the page or the server goes."""
        name = Request(scope, receive).path_params.get("name")
        try:
            arn = await to_thread.run_sync(self._arn, name, limiter=self._limiter) if name else None
        except ResourceNotFoundError as error:
            await response(message("This cannot be followed", str(error), error.status))(scope, receive, send)
            return
        stream = StreamingResponse(self._changes.messages(arn), headers=HEADERS, media_type="text/event-stream")
        await stream(scope, receive, send)

    def _arn(self, name: str) -> str:
        return self._runtime.executions.get(name, payloads=False).arn
