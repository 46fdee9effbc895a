"""Dataclass to JSON and back by one rule: a field's name in Pascal case, absent where it is None."""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from operator import attrgetter
from typing import TypeVar

from durable.values import Json

T = TypeVar("T")
Timestamp = Callable[[datetime], Json]
Convert = Callable[[Json], Json]

_EPOCH, _MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
_PLAIN = frozenset({str, int, bool, float, type(None)})  # JSON as it is: most members are, so it is asked first
_LONGEST_ESCAPE = 12  # bytes: a character outside the basic plane is two escapes of six
_UNESCAPED = bytes(set(range(0x20, 0x7F)) - set(b'"\\'))


def milliseconds(moment: datetime) -> int:
    """A timestamp as invocation events have it: whole milliseconds since the epoch."""
    return (moment - _EPOCH) // _MILLISECOND


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
        return value._value_  # an Enum's own `value` is slow
    if dataclasses.is_dataclass(value):
        shape = _shape(type(value))
        return {
            wire: member if member.__class__ in _PLAIN else encode(member, timestamp)
            for wire, member in zip(shape.fields, shape.members(value), strict=False)
            if member is not None
        }
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [encode(member, timestamp) for member in value]
    return value


def json_length(text: str) -> int:
    """An upper bound of the bytes that a text takes as JSON, without encoding it."""
    if not text.isascii():
        return _LONGEST_ESCAPE * len(text)
    escaped = text.encode().translate(None, _UNESCAPED)
    return len(text) + 5 * len(escaped) - 4 * (escaped.count(b'"') + escaped.count(b"\\"))


def decode(cls: type[T], data: Mapping[str, Json]) -> T:
    """The dataclass that a JSON object describes; members it does not know are passed over.

    Raises KeyError for a required member that is missing, ValueError for an unknown enum value.
    """
    shape = _shape(cls)
    known, members = shape.fields, {}
    for wire, value in data.items():
        if value is not None and wire in known:
            name, convert = known[wire]
            members[name] = convert(value) if convert else value
    if not members.keys() >= shape.required:
        raise KeyError(f"{cls.__name__} lacks {', '.join(sorted(shape.required - members.keys()))}")
    return cls(**members)


@dataclass(frozen=True, slots=True)
class _Shape:
    fields: dict[str, tuple[str, Convert | None]]
    """Name and conversion, if it needs one, of each field by its wire name."""
    members: Callable[[Json], Sequence[Json]]
    """Reads all fields, and two members more: of a single name an attrgetter would give no sequence."""
    required: frozenset[str]


_shapes: dict[type, _Shape] = {}


def _shape(cls: type) -> _Shape:
    if cls not in _shapes:
        hints, members = typing.get_type_hints(cls), dataclasses.fields(cls)
        _shapes[cls] = _Shape(
            {
                each.metadata.get("wire") or _pascal(each.name): (each.name, _converter(hints[each.name]))
                for each in members
            },
            attrgetter(*(each.name for each in members), "__class__", "__class__"),
            frozenset(each.name for each in members if each.default is each.default_factory is MISSING),
        )
    return _shapes[cls]


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _converter(hint: Json) -> Convert | None:
    origin: object = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        (inner,) = (argument for argument in arguments if argument is not type(None))
        return _converter(inner)
    if origin in {list, Sequence}:
        convert = _converter(arguments[0])
        return (lambda members: [convert(member) for member in members]) if convert else list
    if dataclasses.is_dataclass(hint):
        return lambda data: decode(typing.cast("type[Json]", hint), data)
    if hint is datetime:
        return _moment
    if isinstance(hint, type) and issubclass(hint, Enum):
        known = {member.value: member for member in hint}  # asked for each operation; an Enum's own call is slow
        return lambda value: known.get(value) or hint(value)
    return None


def _moment(value: Json) -> datetime:
    return value if isinstance(value, datetime) else from_milliseconds(value)
