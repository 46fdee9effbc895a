"""The server: the application on loopback, in a thread of this process."""

import socket
import threading
from types import TracebackType
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from durable_local.console.addresses import ENTER
from durable_local.console.changes import Changes
from durable_local.console.samples import Samples
from durable_local.dispatcher import Dispatcher
from durable_local.http.app import create_app
from durable_local.http.guard import LOOPBACK, Guard, new_token
from durable_local.runtime import LocalRuntime

_KEEP_ALIVE_SECONDS = 75
"""Longer than clients keep unused connections, so that none is closed as it is used again."""
_GRACE_SECONDS = 5
_BACKLOG = 2048


class LoopbackServer:
    """Serves the Lambda API at a port of this machine, 0 for any that is free, and nowhere else.

    Connections are taken from the moment it is made, and answered once it has started.
    """

    def __init__(
        self,
        runtime: LocalRuntime,
        dispatcher: Dispatcher,
        port: int = 0,
        *,
        host: str = LOOPBACK,
        token: str | None = None,
        samples: Samples | None = None,
    ) -> None:
        if host != LOOPBACK:
            raise ValueError(f"host is {host!r}, but this server has no users: it binds {LOOPBACK} only")
        self.token = token or new_token()
        self._socket = socket.create_server((LOOPBACK, port), backlog=_BACKLOG)
        # Answers go out in parts: without this, the second one waits 40 ms for the first to be acknowledged.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port: int = self._socket.getsockname()[1]
        self._guard = Guard(self.port, self.token)
        self._changes = Changes(runtime.journals)
        config = uvicorn.Config(
            create_app(runtime, dispatcher, self._guard, self._changes, samples or Samples()),
            lifespan="off",
            http=_WithoutAccessLog,
            log_config=None,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="durable-http", daemon=True)

    @property
    def url(self) -> str:
        """Where it is reached: the endpoint URL for AWS's clients."""
        return self._guard.url

    @property
    def console(self) -> str:
        """The console's address, with the key that lets a browser in."""
        return f"{self.url}{ENTER}?key={self._guard.key}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Take no more connections, and end once the calls in hand are answered, or soon after."""
        self._changes.close()
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join()
        self._socket.close()

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])


class _WithoutAccessLog(H11Protocol):
    """HTTP without uvicorn's own log of paths, which hold callback ids; settings of `logging` would bring it back."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.access_log = False
