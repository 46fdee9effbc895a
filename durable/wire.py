"""Dataclass to JSON and back by one rule: a field's name in Pascal case, absent where it is None."""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TypeVar

from durable.values import Json

T = TypeVar("T")
Timestamp = Callable[[datetime], Json]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLAIN = frozenset({str, int, bool, float, type(None)})
"""What is JSON as it is: most members are, so it is asked first."""


def milliseconds(moment: datetime) -> int:
    """A timestamp as invocation events have it: whole milliseconds since the epoch."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def seconds(moment: datetime) -> float:
    """A timestamp as API responses have it: seconds since the epoch."""
    return milliseconds(moment) / 1000


def from_milliseconds(value: float) -> datetime:
    """The moment that lies so many milliseconds after the epoch."""
    return _EPOCH + timedelta(milliseconds=value)


def encode(value: Json, timestamp: Timestamp = milliseconds) -> Json:
    """The JSON form of a dataclass, or of a sequence of them."""
    if value.__class__ in _PLAIN:
        return value
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value):
        members = [(wire, getattr(value, name)) for name, wire, _ in _shape(type(value)).fields]
        return {wire: encode(member, timestamp) for wire, member in members if member is not None}
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [encode(member, timestamp) for member in value]
    return value


def decode(cls: type[T], data: Mapping[str, Json]) -> T:
    """The dataclass that a JSON object describes; members it does not know are passed over.

    Raises KeyError for a required member that is missing, ValueError for an unknown enum value.
    """
    shape = _shape(cls)
    members = {name: convert(data[wire]) for name, wire, convert in shape.fields if data.get(wire) is not None}
    if missing := shape.required - members.keys():
        raise KeyError(f"{cls.__name__} lacks {', '.join(sorted(missing))}")
    return cls(**members)


@dataclass(frozen=True, slots=True)
class _Shape:
    fields: list[tuple[str, str, Callable[[Json], Json]]]
    """Name, wire name and conversion of each field."""
    required: frozenset[str]


_shapes: dict[type, _Shape] = {}


def _shape(cls: type) -> _Shape:
    if cls not in _shapes:
        hints, members = typing.get_type_hints(cls), dataclasses.fields(cls)
        _shapes[cls] = _Shape(
            [
                (each.name, each.metadata.get("wire") or _pascal(each.name), _converter(hints[each.name]))
                for each in members
            ],
            frozenset(each.name for each in members if each.default is each.default_factory is MISSING),
        )
    return _shapes[cls]


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _converter(hint: Json) -> Callable[[Json], Json]:
    origin: object = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        (inner,) = (argument for argument in arguments if argument is not type(None))
        return _converter(inner)
    if origin in {list, Sequence}:
        convert = _converter(arguments[0])
        return lambda members: [convert(member) for member in members]
    if dataclasses.is_dataclass(hint):
        return lambda data: decode(typing.cast("type[Json]", hint), data)
    if hint is datetime:
        return _moment
    if isinstance(hint, type) and issubclass(hint, Enum):
        known = {member.value: member for member in hint}  # asked for each operation; an Enum's own call is slow
        return lambda value: known.get(value) or hint(value)
    return lambda value: value


def _moment(value: Json) -> datetime:
    return value if isinstance(value, datetime) else from_milliseconds(value)
