"""Values to text and back; what a step returns is what its replay will return."""

import base64
import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar
from uuid import UUID

from durable.concurrency.models import BatchResult
from durable.exceptions import RetryableSerDesError, SerDesError
from durable.values import Subscriptable, Value

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SerDesContext:
    """Whose value is written or read."""

    operation_id: str = ""
    durable_execution_arn: str = ""


class SerDes(ABC, Generic[T]):
    """Writes a value as text and reads it back."""

    @abstractmethod
    def serialize(self, value: T, serdes_context: SerDesContext) -> str:
        """The value as text."""

    @abstractmethod
    def deserialize(self, data: str, serdes_context: SerDesContext) -> T:
        """The value that the text describes."""


class PassThroughSerDes(Subscriptable, SerDes[str]):
    """Text stays as it is."""

    def serialize(self, value: str, serdes_context: SerDesContext) -> str:  # noqa: ARG002 - part of the protocol
        """The text itself."""
        return value

    def deserialize(self, data: str, serdes_context: SerDesContext) -> str:  # noqa: ARG002 - part of the protocol
        """The text itself."""
        return data


def plain_json(value: Value) -> str:
    """JSON that reads back as the value, but for tuples; SerDesError where it would not."""
    _refuse_changed(value)
    return json.dumps(value)


class JsonSerDes(Subscriptable, SerDes[Value]):
    """Plain JSON; tuples come back as lists."""

    def serialize(self, value: Value, serdes_context: SerDesContext) -> str:  # noqa: ARG002 - part of the protocol
        """The value as JSON; SerDesError for numbers and keys that JSON would change."""
        return plain_json(value)

    def deserialize(self, data: str, serdes_context: SerDesContext) -> Value:  # noqa: ARG002 - part of the protocol
        """The value that the JSON describes."""
        return json.loads(data)


class ExtendedTypeSerDes(Subscriptable, SerDes[Value]):
    """JSON that keeps bytes, UUIDs, decimals, dates, tuples and batch results.

    Scalars and lists of scalars are plain JSON; anything else is an envelope `{"t": tag, "v": value}` in which
    every nested value has an envelope of its own.
    """

    def serialize(self, value: Value, serdes_context: SerDesContext) -> str:  # noqa: ARG002 - part of the protocol
        """The value as tagged JSON; SerDesError for types and keys that would come back changed."""
        return _write(value if _is_plain(value) else _wrap(value))

    def deserialize(self, data: str, serdes_context: SerDesContext) -> Value:  # noqa: ARG002 - part of the protocol
        """The value that the tagged JSON describes."""
        value = _read(data)
        return _unwrap(value) if isinstance(value, dict) else value


DEFAULT_JSON_SERDES = JsonSerDes()
EXTENDED_TYPES_SERDES = ExtendedTypeSerDes()
PASS_THROUGH_SERDES = PassThroughSerDes()


def serialize(serdes: SerDes[Value] | None, value: Value, operation_id: str, durable_execution_arn: str) -> str:
    """The value as text; whatever a serdes raises becomes a SerDesError that names the operation."""
    try:
        text = (serdes or EXTENDED_TYPES_SERDES).serialize(value, SerDesContext(operation_id, durable_execution_arn))
    except (SerDesError, RetryableSerDesError):
        raise
    except Exception as error:
        raise SerDesError(f"Serialization failed for id: {operation_id}, error: {error}") from error
    if not isinstance(text, str):
        raise SerDesError(f"Serialization failed for id: {operation_id}: a serdes gives text, not {type(text)}")
    return text


def deserialize(serdes: SerDes[Value] | None, data: str, operation_id: str, durable_execution_arn: str) -> Value:
    """The value that the text describes; whatever a serdes raises becomes a SerDesError that names the operation."""
    try:
        return (serdes or EXTENDED_TYPES_SERDES).deserialize(data, SerDesContext(operation_id, durable_execution_arn))
    except (SerDesError, RetryableSerDesError):
        raise
    except Exception as error:
        raise SerDesError(f"Deserialization failed for id: {operation_id}, error: {error}") from error


_write = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
_read = json.JSONDecoder().decode
_UNCHANGED = frozenset({str, int, bool, type(None)})
_SCALARS = (str, int, float, bool, type(None))


def _is_plain(value: Value) -> bool:
    return isinstance(value, _SCALARS) or (isinstance(value, list) and all(map(_is_plain, value)))


def _wrap(value: Value) -> dict[str, Value]:
    for kind, tag, write in _WRITERS:
        if isinstance(value, kind):
            return {"t": tag, "v": write(value)}
    raise SerDesError(f"Unsupported type: {type(value)}")


def _unwrap(envelope: Value) -> Value:
    if not isinstance(envelope, dict) or envelope.keys() != {"t", "v"}:
        raise SerDesError(f"Malformed envelope, expected members t and v: {str(envelope)[:100]}")
    read = _READERS.get(envelope["t"])
    if read is None:
        raise SerDesError(f"Unknown type tag: {envelope['t']!r}")
    return read(envelope["v"])


def _refuse_changed(value: Value) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise SerDesError(f"The number {value} is not JSON compliant; use None, or text")
    if isinstance(value, (dict, list, tuple)):
        for member in _members(value).values() if isinstance(value, dict) else value:
            if member.__class__ not in _UNCHANGED:
                _refuse_changed(member)


def _members(value: dict[Value, Value]) -> dict[str, Value]:
    for key in value:
        if not isinstance(key, str):
            raise SerDesError(f"The dictionary key {key!r} would come back as text; use text keys")
    return value


def _wrap_members(value: dict[Value, Value]) -> dict[str, Value]:
    return {key: _wrap(member) for key, member in _members(value).items()}


def _unwrap_members(value: dict[str, Value]) -> dict[str, Value]:
    return {key: _unwrap(member) for key, member in value.items()}


def _wrap_all(value: Value) -> list[Value]:
    return [_wrap(member) for member in value]


def _unwrap_all(value: list[Value]) -> list[Value]:
    return [_unwrap(member) for member in value]


def _same(value: T) -> T:
    return value


_WRITERS: tuple[tuple[Value, str, Callable[[Value], Value]], ...] = (
    (type(None), "n", _same),
    (str, "s", _same),
    (bool, "b", _same),
    (int, "i", _same),
    (float, "f", _same),
    ((bytes, bytearray, memoryview), "B", lambda value: base64.b64encode(bytes(value)).decode()),
    (UUID, "u", str),
    (Decimal, "d", str),
    (datetime, "dt", datetime.isoformat),
    (date, "D", date.isoformat),
    (tuple, "t", _wrap_all),
    (list, "l", _wrap_all),
    (dict, "m", _wrap_members),
    (BatchResult, "br", lambda value: _wrap_members(value.to_dict())),
)
"""Kinds in the order they are tried: a bool is an int, a datetime a date."""

_READERS: dict[str, Callable[[Value], Value]] = {
    **dict.fromkeys("nsbif", _same),
    "B": base64.b64decode,
    "u": UUID,
    "d": Decimal,
    "dt": datetime.fromisoformat,
    "D": date.fromisoformat,
    "t": lambda value: tuple(_unwrap_all(value)),
    "l": _unwrap_all,
    "m": _unwrap_members,
    "br": lambda value: BatchResult.from_dict(_unwrap_members(value)),
}
