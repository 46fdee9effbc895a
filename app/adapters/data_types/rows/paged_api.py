"""Rows that come from an HTTP API, page by page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx

from app.adapters.data_types.rows.json_text import array_members
from app.ports.data_source import DataSource, SourceError, SourceUnavailableError

MAY_PASS = {408, 425, 429}
TIMEOUT = httpx.Timeout(10, connect=5)


def http_client() -> httpx.Client:
    """A client with time limits that follows no redirect, and reaches this machine past any proxy."""
    return httpx.Client(timeout=TIMEOUT, mounts={"all://127.0.0.1": None})


@dataclass(frozen=True, slots=True)
class PagedApi(DataSource):
    """Reads pages that are JSON arrays and name the next one by `Link: <URL>; rel="next"` (RFC 8288).

    Address and client are asked for when rows are fetched, so that building a source does no work.
    """

    address: Callable[[], str]
    client: Callable[[], httpx.Client]

    def fetch(self) -> Iterator[str]:
        client = self.client()
        page: httpx.URL | None = httpx.URL(self.address())
        visited: set[httpx.URL] = set()
        while page:
            visited.add(page)
            response = _get(client, page)
            yield from _rows(response)
            page = _next_page(response, visited)


def _get(client: httpx.Client, page: httpx.URL) -> httpx.Response:
    try:
        response = client.get(page)
    except httpx.TransportError as error:
        raise SourceUnavailableError(f"Cannot reach {_shown(page)}: {error or type(error).__name__}") from error
    if response.status_code in MAY_PASS or response.status_code >= 500:
        raise SourceUnavailableError(f"{_shown(page)} answered {response.status_code}; it may work later")
    if response.status_code != 200:
        raise SourceError(f"{_shown(page)} answered {response.status_code}; correct the address or the access")
    return response


def _rows(response: httpx.Response) -> Iterator[str]:
    try:
        yield from array_members(response.content.decode())
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{_shown(response.url)} did not answer with a JSON array: {error}") from error


def _next_page(response: httpx.Response, visited: set[httpx.URL]) -> httpx.URL | None:
    link = response.links.get("next")
    if link is None:
        return None
    page = response.url.join(link["url"])
    if page in visited:
        raise SourceError(f"{_shown(response.url)} links back to {_shown(page)}; its pages never end")
    if page.host != response.url.host:
        raise SourceError(f"{_shown(response.url)} links to another host, {page.host}; pages stay on one host")
    return page


def _shown(page: httpx.URL) -> str:
    """The address without its query and credentials, which may be secret."""
    return str(page.copy_with(query=None, userinfo=b""))
