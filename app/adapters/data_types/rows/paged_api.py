"""Rows that come from an HTTP API, page by page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx

from app.adapters.data_types.rows.json_text import array_members
from app.adapters.data_types.rows.lines import ANY_BYTES, UTF_8, check_encoding
from app.adapters.data_types.rows.unreadable import bounded
from app.ports.data_source import DataSource, SourceError, SourceUnavailableError

MAY_PASS = {408, 425, 429}
MOST_BYTES = 16_777_216
"""What one page may have; it is held whole."""
UNPACKED = {"Accept-Encoding": "identity"}
"""A page of a few bytes could unpack to more than there is memory."""
MOST_WAIT_SECONDS = 3_600
TIMEOUT = httpx.Timeout(10, connect=5)


def http_client() -> httpx.Client:
    """A client with time limits that follows no redirect, and reaches this machine past any proxy."""
    return httpx.Client(timeout=TIMEOUT, mounts={"all://127.0.0.1": None})


def nowhere() -> str:
    """The address of an API that nobody has told of."""
    raise SourceError("Neither APP_CUSTOMERS_URL nor APP_CUSTOMERS_FUNCTION is set; nobody can be asked for customers")


@dataclass(frozen=True, slots=True)
class PagedApi(DataSource):
    """Reads pages that are JSON arrays and name the next one by `Link: <URL>; rel="next"` (RFC 8288).

    Address and client are asked for when rows are fetched, so that building a source does no work.
    """

    address: Callable[[], str]
    client: Callable[[], httpx.Client]
    most_pages: int = 100_000

    def fetch(self) -> Iterator[str]:
        client = self.client()
        page: httpx.URL | None = httpx.URL(self.address())
        visited: set[httpx.URL] = set()
        while page:
            if len(visited) == self.most_pages:
                raise SourceError(
                    f"{_shown(page)} is one page more than {self.most_pages}; have the API make them larger"
                )
            visited.add(page)
            response, body = _get(client, page)
            yield from _rows(page, body)
            page = _next_page(response, visited)


def _get(client: httpx.Client, page: httpx.URL) -> tuple[httpx.Response, bytes]:
    try:
        with client.stream("GET", page, headers=UNPACKED) as response:
            _check_answer(response)
            return response, _body(response)
    except httpx.TransportError as error:
        raise SourceUnavailableError(f"Cannot reach {_shown(page)}: {error or type(error).__name__}") from error


def _check_answer(response: httpx.Response) -> None:
    told = f"{_shown(response.url)} answered {response.status_code}"
    if response.status_code in MAY_PASS or response.status_code >= 500:
        raise SourceUnavailableError(f"{told}; it may work later", _wait_seconds(response.headers))
    if response.is_redirect:
        raise SourceError(f"{told}, a redirect, and none is followed; correct the address")
    if response.status_code != 200:
        raise SourceError(f"{told}; correct the address or the access")
    if (encoding := response.headers.get("Content-Encoding", "identity")) != "identity":
        raise SourceError(f"{told} packed as {encoding[:40]!r}, which it was not asked for; have it answer plainly")


def _wait_seconds(headers: httpx.Headers) -> int:
    """What `Retry-After` asks for (RFC 9110, 10.2.3), at most an hour; nothing if that cannot be read.

    A date is taken from the answer's own, so that no clock has to be right.
    """
    asked = headers.get("Retry-After", "")
    try:
        seconds = int(asked) if asked.isdecimal() else _seconds_between(headers.get("Date", ""), asked)
    except (TypeError, ValueError, OverflowError):
        return 0
    return min(max(seconds, 0), MOST_WAIT_SECONDS)


def _seconds_between(earlier: str, later: str) -> int:
    return round((parsedate_to_datetime(later) - parsedate_to_datetime(earlier)).total_seconds())


def _body(response: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > MOST_BYTES:
            raise SourceError(
                f"{_shown(response.url)} has more than {MOST_BYTES} bytes; have the API make pages smaller"
            )
    return bytes(body)


def _rows(page: httpx.URL, body: bytes) -> Iterator[str]:
    try:
        yield from map(bounded, array_members(check_encoding(body.decode(UTF_8, ANY_BYTES))))
    except ValueError as error:
        raise SourceError(f"{_shown(page)} did not answer with a JSON array: {error}") from None


def _next_page(response: httpx.Response, visited: set[httpx.URL]) -> httpx.URL | None:
    link = response.links.get("next")
    if link is None:
        return None
    try:
        page = response.url.join(link["url"])
    except httpx.InvalidURL as error:
        raise SourceError(
            f"{_shown(response.url)} links to {link['url'][:40]!r}, which is no address: {error}"
        ) from None
    if page in visited:
        raise SourceError(f"{_shown(response.url)} links back to {_shown(page)}; its pages never end")
    if page.host != response.url.host:
        raise SourceError(f"{_shown(response.url)} links to another host, {page.host}; pages stay on one host")
    return page


def _shown(page: httpx.URL) -> str:
    """The address without its query and credentials, which may be secret."""
    return str(page.copy_with(query=None, userinfo=b""))
