"""Who may speak to the server: this machine's own clients, and no page that a browser has loaded elsewhere.

A server on loopback is reached by every page in every browser of the machine. Such a page can send simple requests
without asking, but it can neither set an `Authorization` header without asking first, which nobody here grants, nor
choose the `Host` and the `Origin` that the browser sends. So:

- the `Host` must be this server's own, or a name was made to point here (DNS rebinding);
- an `Origin`, which AWS's clients never send, must be this server's own;
- a call of the Lambda API must be signed (Signature Version 4), with any credentials, as no secret is shared;
- everything else, and whoever cannot sign, needs the server's token;
- a browser that has come in with the console's key has a cookie, which opens the console's pages and nothing else;
- to act there (start, answer, stop) it needs a permit besides.

Browsers send a cookie to every port of its host, so other servers of this machine may have seen this one, and may even
set one of its name. So it is good for looking alone. The permit is handed over once, to a page that was opened with the
key; its script keeps it in the storage of its origin, which other ports do not share, and no page after it holds it. A
script sends it in a header of its own, which no form can set, and a page of another origin must ask first. Beside it an
action needs the cookie, a body that says that it is JSON, and an `Origin`, which browsers send with every POST, that is
the very host of the request. The token opens no action: programs have the Lambda API.

Token, key, cookie and permit end with the server. The last three are derived from the first one by HMAC, each for its
own purpose, so that none tells another one.
"""

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from durable_local.console.addresses import CONSOLE, is_action, is_of_console, is_open
from durable_local.errors import ServiceError
from durable_local.http.errors import (
    ForeignOriginError,
    MisdirectedError,
    MissingAuthenticationTokenError,
    NotPermittedError,
    UnsupportedMediaTypeError,
)

LOOPBACK = "127.0.0.1"
PERMIT = "x-durable-permit"
"""The header of the console's actions."""
API_PREFIXES = ("/2015-03-31/", "/2025-12-01/")

_HOSTS = (LOOPBACK, "localhost")
_SIGNATURE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=[^\s,]+, ?SignedHeaders=[a-z0-9;_-]+, ?Signature=[0-9a-f]{64}", re.ASCII
)
_JSON = "application/json"
_MEDIA_TYPES = {
    _JSON,
    "application/octet-stream",
    "application/x-amz-json-1.0",
    "application/x-amz-json-1.1",
}
_NO_JSON = "The body must be JSON; send the header Content-Type: application/json"
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

    @property
    def permit(self) -> str:
        """What the console's actions need beside the cookie."""
        return self._derived("permit")

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
        if is_action(path):
            return self._refused_action(headers)
        if not (self._is_authorized(path, headers.get("authorization", "")) or self._is_let_in(path, headers)):
            return MissingAuthenticationTokenError(
                "Missing Authentication Token: calls of the Lambda API are signed (AWS4-HMAC-SHA256) with any "
                "credentials; everything else needs the header Authorization: Bearer TOKEN, with the token that the "
                "server has told at its start"
            )
        media_type = _media_type(headers)
        return UnsupportedMediaTypeError(_NO_JSON) if media_type and media_type not in _MEDIA_TYPES else None

    @property
    def _hosts(self) -> list[str]:
        return [f"{host}:{self.port}" for host in _HOSTS]

    def _refused_action(self, headers: Mapping[str, str]) -> ServiceError | None:
        if headers.get("origin") != f"http://{headers['host']}":
            return ForeignOriginError("Only a page of the console acts here; programs call the Lambda API")
        permit = headers.get(PERMIT, "").encode()
        if not (self._has_cookie(headers) and hmac.compare_digest(permit, self.permit.encode())):
            return NotPermittedError(
                "This browser may not act: open the address of the console that `durable start` has printed"
            )
        return None if _media_type(headers) == _JSON else UnsupportedMediaTypeError(_NO_JSON)

    def _is_authorized(self, path: str, authorization: str) -> bool:
        if path.startswith(API_PREFIXES) and _SIGNATURE.fullmatch(authorization):
            return True
        # Bytes, because texts with other letters than ASCII cannot be compared in constant time.
        return hmac.compare_digest(authorization.encode(), f"Bearer {self.token}".encode())

    def _is_let_in(self, path: str, headers: Mapping[str, str]) -> bool:
        return is_open(path) or (is_of_console(path) and self._has_cookie(headers))

    def _has_cookie(self, headers: Mapping[str, str]) -> bool:
        sent = [each.strip().encode() for each in headers.get("cookie", "").split(";")]
        return any(hmac.compare_digest(each, self._cookie.encode()) for each in sent)

    @property
    def _cookie(self) -> str:
        return f"durable-console-{self.port}={self._derived('cookie')}"

    def _derived(self, what: str) -> str:
        return hmac.new(self.token.encode(), what.encode(), "sha256").hexdigest()


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()
