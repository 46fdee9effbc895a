"""Functions on loopback, invoked through the Lambda API of a local runtime."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx

from app.adapters.technologies.function_transport import function_client
from durable_local.clock import SystemClock
from tests.durable_local.http.serving import serving


@contextmanager
def invoking(answer: Callable[[Any], Any]) -> Iterator[httpx.Client]:
    """An HTTP client whose requests go to a function that answers deliveries so, until the end of the block."""
    with serving(SystemClock()) as served:
        served.call("Sample", lambda event, _context: answer(event))
        with closing(served.client()) as lambda_api, function_client(lambda: lambda_api, "Sample:live") as client:
            yield client
