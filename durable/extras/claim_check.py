"""A serdes that leaves large values in storage and records where they lie."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Protocol, TypeAlias, TypeVar

from durable.exceptions import RetryableSerDesError, SerDesError
from durable.serdes import EXTENDED_TYPES_SERDES, SerDes, SerDesContext

T = TypeVar("T")
Value: TypeAlias = Any
"""Whatever `inner` writes."""

LIMIT = 255 * 1024
"""Bytes; a checkpoint holds 256 KiB, and this leaves room for what else an update says."""

_MARK = '{"claim_check":'


class Storage(Protocol):
    """Keeps documents under keys; the application's port of this name fits."""

    def put(self, key: str, body: bytes, /) -> object:
        """Keep a document, in place of the one that lay there; durable on return."""
        ...

    def get(self, key: str, /) -> bytes:
        """The whole document; raises if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Claim:
    """What is recorded in place of a value: where its text lies, its bytes and their SHA-256."""

    key: str
    size: int
    sha256: str

    def matches(self, body: bytes) -> bool:
        """Whether a document is the one that was left."""
        return len(body) == self.size and sha256(body).hexdigest() == self.sha256


@dataclass(frozen=True, slots=True)
class ClaimCheckSerDes(SerDes[Value]):
    """Values whose text is larger than `limit` bytes go to storage, smaller ones are recorded as by `inner` alone.

    A key follows from the execution, the operation and the content, so a late write of a killed attempt replaces
    nothing. Storage's errors of the kinds `transient` end the invocation only, and the next one tries again.
    """

    storage: Storage
    inner: SerDes[Value] = EXTENDED_TYPES_SERDES
    limit: int = LIMIT
    prefix: str = "claim-checks"
    transient: tuple[type[Exception], ...] = ()

    def serialize(self, value: Value, serdes_context: SerDesContext) -> str:
        """The value's text, or the claim to it; a text that looks like a claim is left in storage at any size."""
        text = self.inner.serialize(value, serdes_context)
        body = text.encode()
        if len(body) <= self.limit and not text.startswith(_MARK):
            return text
        claim = self._claim(body, serdes_context)
        self._reach(lambda: self.storage.put(claim.key, body), claim, serdes_context)
        return json.dumps({"claim_check": asdict(claim)}, separators=(",", ":"))

    def deserialize(self, data: str, serdes_context: SerDesContext) -> Value:
        """The value; SerDesError if its document is missing or is not the one that was left."""
        return self.inner.deserialize(
            self._fetch(data, serdes_context) if data.startswith(_MARK) else data, serdes_context
        )

    def _claim(self, body: bytes, serdes_context: SerDesContext) -> Claim:
        digest = sha256(body).hexdigest()
        execution = sha256(serdes_context.durable_execution_arn.encode()).hexdigest()[:32]
        return Claim(f"{self.prefix}/{execution}/{serdes_context.operation_id}/{digest}", len(body), digest)

    def _fetch(self, data: str, serdes_context: SerDesContext) -> str:
        claim = _read(data, serdes_context)
        body = self._reach(lambda: self.storage.get(claim.key), claim, serdes_context)
        if not claim.matches(body):
            raise SerDesError(
                f"The document {claim.key} of operation {serdes_context.operation_id} is not the one recorded: "
                f"it has {len(body)} bytes with SHA-256 {sha256(body).hexdigest()}, "
                f"not {claim.size} with {claim.sha256}. Restore it, or start a new execution."
            )
        return body.decode()

    def _reach(self, call: Callable[[], T], claim: Claim, serdes_context: SerDesContext) -> T:
        trouble = f"Storage fails for the document {claim.key} of operation {serdes_context.operation_id}"
        try:
            return call()
        except self.transient as error:
            raise RetryableSerDesError(f"{trouble}: {error!r}") from error
        except Exception as error:
            raise SerDesError(f"{trouble}: {error!r}") from error


def _read(data: str, serdes_context: SerDesContext) -> Claim:
    try:
        return Claim(**json.loads(data)["claim_check"])
    except (TypeError, ValueError) as error:
        raise SerDesError(
            f"Operation {serdes_context.operation_id} has a claim check that cannot be read, {data[:200]!r}: {error}"
        ) from error
