"""Whether the server is well: its database can be read and written, and somebody goes on with what is due."""

from anyio import CapacityLimiter, to_thread
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from durable_local.dispatcher import Dispatcher
from durable_local.store.database import SCHEMA_VERSION, Database, StoreError

_AT_ONCE = 4
"""How many may ask at once: beside the calls, so that a server that is busy is not taken for one that is ill."""
_UNAVAILABLE = 503
_READ = "SELECT 1 FROM executions LIMIT 1"
_WRITE = f"PRAGMA user_version = {SCHEMA_VERSION}"
"""Changes nothing, but writes a page."""


class Health:
    """Answers 200, or 503 with the reason."""

    name = "health"

    def __init__(self, database: Database, dispatcher: Dispatcher) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._limiter = CapacityLimiter(_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look, and send the answer."""
        reason = await to_thread.run_sync(self._reason, limiter=self._limiter, abandon_on_cancel=True)
        if reason:
            answer = JSONResponse({"status": "unhealthy", "reason": reason}, _UNAVAILABLE)
        else:
            answer = JSONResponse({"status": "healthy"})
        await answer(scope, receive, send)

    def _reason(self) -> str | None:
        if not self._dispatcher.is_alive:
            return "Nobody goes on with what is due: the thread that watches the time has ended; start the server again"
        try:
            self._database.row(_READ)
            with self._database.transaction():
                self._database.write(_WRITE, ())
        except StoreError as error:
            return str(error)
        return None
