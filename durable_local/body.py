"""The body of a request, up to so many bytes."""

from starlette.requests import Request

from durable_local.errors import RequestTooLargeError


async def body(request: Request, most: int) -> bytes:
    """The body, which is read to its end even if it is too large: who is still sending hears no answer."""
    found, size = bytearray(), 0
    async for part in request.stream():
        size += len(part)
        if size <= most:
            found += part
    if size > most:
        raise RequestTooLargeError(f"Request must be smaller than {most} bytes for this call; it has {size}")
    return bytes(found)
