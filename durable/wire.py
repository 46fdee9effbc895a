"""Dataclass to JSON and back by one rule: a field's name in Pascal case, absent where it is None."""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")
Timestamp = Callable[[datetime], Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(moment: datetime) -> int:
    """A timestamp as invocation events have it: whole milliseconds since the epoch."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def seconds(moment: datetime) -> float:
    """A timestamp as API responses have it: seconds since the epoch."""
    return milliseconds(moment) / 1000


def from_milliseconds(value: float) -> datetime:
    """The moment that lies so many milliseconds after the epoch."""
    return _EPOCH + timedelta(milliseconds=value)


def encode(value: Any, timestamp: Timestamp = milliseconds) -> Any:
    """The JSON form of a dataclass, or of a sequence of them."""
    if dataclasses.is_dataclass(value):
        members = ((wire, getattr(value, name)) for name, wire, _ in _fields(type(value)))
        return {wire: encode(member, timestamp) for wire, member in members if member is not None}
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [encode(member, timestamp) for member in value]
    return value


def decode(cls: type[T], data: Mapping[str, Any]) -> T:
    """The dataclass that a JSON object describes; members it does not know are passed over.

    Raises KeyError for a required member that is missing, ValueError for an unknown enum value.
    """
    members = {
        name: convert(data[wire]) if data[wire] is not None else None
        for name, wire, convert in _fields(cls)
        if wire in data
    }
    missing = _required(cls) - members.keys()
    if missing:
        raise KeyError(f"{cls.__name__} lacks {', '.join(sorted(missing))}")
    return cls(**members)


@cache
def _fields(cls: type[Any]) -> list[tuple[str, str, Callable[[Any], Any]]]:
    hints = typing.get_type_hints(cls)
    return [
        (field.name, field.metadata.get("wire") or _pascal(field.name), _converter(hints[field.name]))
        for field in dataclasses.fields(cls)
    ]


@cache
def _required(cls: type[Any]) -> frozenset[str]:
    missing = dataclasses.MISSING
    return frozenset(
        field.name for field in dataclasses.fields(cls) if field.default is missing and field.default_factory is missing
    )


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _converter(hint: Any) -> Callable[[Any], Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        (inner,) = (argument for argument in arguments if argument is not type(None))
        return _converter(inner)
    if origin is not None and issubclass(origin, Sequence):
        convert = _converter(arguments[0])
        return lambda members: [convert(member) for member in members]
    if dataclasses.is_dataclass(hint):
        return lambda data: decode(typing.cast("type[Any]", hint), data)
    if hint is datetime:
        return _moment
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return _unchanged


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else from_milliseconds(value)


def _unchanged(value: Any) -> Any:
    return value
