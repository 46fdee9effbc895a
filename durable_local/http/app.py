"""The application that a server serves: the API's calls, their description, whether it is well, and the console."""

import json
from collections.abc import Sequence
from urllib.parse import unquote

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from durable.wire import encode, seconds
from durable_local.body import body
from durable_local.console.addresses import ENTER
from durable_local.console.app import routes
from durable_local.console.changes import Changes
from durable_local.console.samples import Samples
from durable_local.dispatcher import Dispatcher
from durable_local.errors import ServiceError
from durable_local.http.api import DurableApi
from durable_local.http.door import Door
from durable_local.http.entrance import Entrance
from durable_local.http.errors import (
    MethodNotAllowedError,
    UnknownOperationError,
    refused,
)
from durable_local.http.guard import Guard
from durable_local.http.health import Health
from durable_local.http.invoking import Invoking
from durable_local.http.members import Given, read
from durable_local.http.openapi import document
from durable_local.http.operations import ApiOperation, api_operations
from durable_local.http.responses import Answer
from durable_local.runtime import LocalRuntime
from durable_local.store.database import StoreError

THREADS = 40
"""How many calls are answered at once; the store has one writer."""
WAITING_THREADS = 1_000
"""How many callers may wait for functions at once, beside these: as many as functions run at once in Lambda."""

_JSON = "application/json"
_METHOD_NOT_ALLOWED = 405


def create_app(
    runtime: LocalRuntime, dispatcher: Dispatcher, guard: Guard, changes: Changes, samples: Samples
) -> ASGIApp:
    """The application; it begins and ends nothing that it is given."""
    operations = api_operations(DurableApi(runtime), Invoking(runtime, dispatcher))
    own = [
        Route("/health", Health(runtime.journals.database, dispatcher), methods=["GET"]),
        Route("/openapi.json", Description(operations), methods=["GET"]),
        Route(ENTER, Door(guard), methods=["GET"]),
        *routes(runtime, changes, guard.url, samples),
    ]
    return Entrance(_routed(own, operations), guard)


class Endpoint:
    """Answers one call, in a thread."""

    def __init__(self, operation: ApiOperation, limiter: CapacityLimiter) -> None:
        self.name = operation.name
        self._operation = operation
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the request, have it answered, and send the answer."""
        request = Request(scope, receive)
        given = Given(
            {name: unquote(text) for name, text in request.path_params.items()},
            {name: request.query_params.getlist(name) for name in request.query_params},
            request.headers,
            await body(request, self._operation.body_bytes),
        )
        answer = await to_thread.run_sync(self._answer, given, limiter=self._limiter, abandon_on_cancel=True)
        await answer(scope, receive, send)

    def _answer(self, given: Given) -> Response:
        answer = self._operation.answer(read(self._operation.request, given))
        if isinstance(answer, Answer):
            return Response(answer.body, answer.status, answer.headers, _JSON if answer.body else None)
        document = {} if answer is None else encode(answer, seconds)
        return Response(json.dumps(document), media_type=_JSON)


class Description:
    """Answers with the OpenAPI document."""

    name = "openapi"

    def __init__(self, operations: Sequence[ApiOperation]) -> None:
        self._response = Response(json.dumps(document(operations), indent=2), media_type=_JSON)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await self._response(scope, receive, send)


def _routed(own: Sequence[Route], operations: Sequence[ApiOperation]) -> ASGIApp:
    threads, waiting = CapacityLimiter(THREADS), CapacityLimiter(WAITING_THREADS)
    calls = [
        Route(
            operation.path,
            Endpoint(operation, waiting if operation.is_awaited else threads),
            methods=[operation.method],
        )
        for operation in operations
    ]
    handlers = {ServiceError: _refused, HTTPException: _unknown, StoreError: _store_failed, Exception: _failed}
    app = Starlette(routes=[*own, *calls], exception_handlers=handlers)  # type: ignore[arg-type]
    app.router.redirect_slashes = False
    return app


async def _refused(_request: Request, error: ServiceError) -> Response:
    return refused(error)


async def _unknown(_request: Request, error: HTTPException) -> Response:
    if error.status_code != _METHOD_NOT_ALLOWED:
        return refused(UnknownOperationError("There is no such call; /openapi.json lists those that there are"))
    response = refused(MethodNotAllowedError("There is no such call with this method"))
    response.headers.update(error.headers or {})
    return response


async def _store_failed(_request: Request, error: StoreError) -> Response:
    return refused(ServiceError(str(error)))


async def _failed(_request: Request, error: Exception) -> Response:
    return refused(ServiceError(f"The server has failed with {type(error).__name__}; its log says where"))
