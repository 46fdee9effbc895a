"""Who may speak to the server: this machine's own clients, and no page that a browser has loaded elsewhere.

A server on loopback is reached by every page in every browser of the machine. Such a page can send simple requests
without asking, but it can neither set an `Authorization` header without asking first, which nobody here grants, nor
choose the `Host` and the `Origin` that the browser sends. So:

- the `Host` must be this server's own, or a name was made to point here (DNS rebinding);
- an `Origin`, which AWS's clients never send, must be this server's own;
- a call of the Lambda API must be signed (Signature Version 4), with any credentials, as no secret is shared;
- everything else, and whoever cannot sign, needs the server's token;
- a browser that has come in with the console's key has a cookie, which opens the console and nothing else. Browsers
  send it to every port of this machine, so neither it nor the key tells the token.
"""

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from durable_local.console.addresses import CONSOLE, is_of_console, is_open
from durable_local.errors import ServiceError
from durable_local.http.errors import (
    ForeignOriginError,
    MisdirectedError,
    MissingAuthenticationTokenError,
    UnsupportedMediaTypeError,
)

LOOPBACK = "127.0.0.1"
API_PREFIXES = ("/2015-03-31/", "/2025-12-01/")

_HOSTS = (LOOPBACK, "localhost")
_SIGNATURE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=[^\s,]+, ?SignedHeaders=[a-z0-9;_-]+, ?Signature=[0-9a-f]{64}", re.ASCII
)
_MEDIA_TYPES = {
    "application/json",
    "application/octet-stream",
    "application/x-amz-json-1.0",
    "application/x-amz-json-1.1",
}
_TOKEN_BYTES = 32


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


@dataclass(frozen=True, slots=True)
class Guard:
    """Judges requests to a server at a port by their headers, whose names are in lower case."""

    port: int
    token: str

    @property
    def url(self) -> str:
        """Where the server is reached."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def key(self) -> str:
        """What lets a browser in."""
        return self._derived("key")

    @property
    def cookie(self) -> str:
        """The cookie of a browser that was let in, as it is set."""
        return f"{self._cookie}; Path={CONSOLE.rstrip('/')}; HttpOnly; SameSite=Strict"

    def is_key(self, text: str) -> bool:
        """Whether it lets a browser in."""
        return hmac.compare_digest(text.encode(), self.key.encode())

    def refusal(self, path: str, headers: Mapping[str, str]) -> ServiceError | None:
        """Why a request must not be answered, if it must not."""
        if headers.get("host") not in self._hosts:
            return MisdirectedError(f"This server answers at {' and '.join(self._hosts)} only")
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in self._hosts}:
            return ForeignOriginError("Pages of other origins must not use this server")
        if not (self._is_authorized(path, headers.get("authorization", "")) or self._is_let_in(path, headers)):
            return MissingAuthenticationTokenError(
                "Missing Authentication Token: calls of the Lambda API are signed (AWS4-HMAC-SHA256) with any "
                "credentials; everything else needs the header Authorization: Bearer TOKEN, with the token that the "
                "server has told at its start"
            )
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type and media_type not in _MEDIA_TYPES:
            return UnsupportedMediaTypeError("The body must be JSON; send the header Content-Type: application/json")
        return None

    @property
    def _hosts(self) -> list[str]:
        return [f"{host}:{self.port}" for host in _HOSTS]

    def _is_authorized(self, path: str, authorization: str) -> bool:
        if path.startswith(API_PREFIXES) and _SIGNATURE.fullmatch(authorization):
            return True
        # Bytes, because texts with other letters than ASCII cannot be compared in constant time.
        return hmac.compare_digest(authorization.encode(), f"Bearer {self.token}".encode())

    def _is_let_in(self, path: str, headers: Mapping[str, str]) -> bool:
        if is_open(path):
            return True
        sent = [each.strip().encode() for each in headers.get("cookie", "").split(";")]
        return is_of_console(path) and any(hmac.compare_digest(each, self._cookie.encode()) for each in sent)

    @property
    def _cookie(self) -> str:
        return f"durable-console-{self.port}={self._derived('cookie')}"

    def _derived(self, what: str) -> str:
        return hmac.new(self.token.encode(), what.encode(), "sha256").hexdigest()
