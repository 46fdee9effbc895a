"""What a worker is given and what comes from it."""

from collections.abc import Mapping
from dataclasses import dataclass

from durable.model import ErrorObject


@dataclass(frozen=True, slots=True)
class Event:
    """An invocation for a worker to take."""

    request_id: str
    payload: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker has begun and asks for its first invocation."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An invocation's answer."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """An invocation, or the worker's begin, has failed; the worker says why."""

    error: ErrorObject


@dataclass(frozen=True, slots=True)
class Exited:
    """The worker has ended; a negative code is the signal that ended it."""

    code: int


Message = Ready | Answered | Failed | Exited
