"""JSON schemas of the API's shapes, made from their dataclasses, and what is wrong with a value by them.

The same schemas stand in the OpenAPI document, so that what it says is what is checked.
"""

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Annotated, Any

Schema = dict[str, Any]

_TYPES = {str: "string", int: "integer", bool: "boolean", float: "number"}


@dataclass(frozen=True, slots=True)
class Member:
    """A field of a dataclass as JSON has it: its name there, its type, and what `Annotated` adds to that."""

    name: str
    type: Any
    is_required: bool
    may_be_null: bool
    notes: tuple[Any, ...]


@cache
def members(cls: type) -> tuple[Member, ...]:
    """The members of a dataclass."""
    hints = typing.get_type_hints(cls, include_extras=True)
    return tuple(_member(each, hints[each.name]) for each in dataclasses.fields(cls))


@cache
def object_schema(cls: type) -> Schema:
    """The schema of a dataclass as it stands in JSON; a member that may be absent may also be null."""
    properties = {
        each.name: or_null(type_schema(each.type)) if each.may_be_null else type_schema(each.type)
        for each in members(cls)
    }
    return {"type": "object", "properties": properties, "required": required(members(cls))}


def required(asked: Sequence[Member]) -> list[str]:
    """The names of the members that must be there."""
    return [each.name for each in asked if each.is_required]


def type_schema(hint: Any) -> Schema:
    """The schema of a type that may stand in a dataclass."""
    origin: object = typing.get_origin(hint)
    if origin in {list, Sequence}:
        return {"type": "array", "items": type_schema(typing.get_args(hint)[0])}
    if origin is Mapping:
        return {"type": "object"}
    if dataclasses.is_dataclass(hint):
        return object_schema(typing.cast("type", hint))
    if hint is datetime:
        return {"type": "number"}
    if issubclass(hint, Enum):
        return {"type": "string", "enum": [each.value for each in hint]}
    return {"type": _TYPES[hint]}


def or_null(schema: Schema) -> Schema:
    """A schema that takes null too."""
    enum = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [schema["type"], "null"], **enum}


def violations(schema: Schema, value: Any, where: str) -> Iterator[str]:
    """What is wrong with a value, in words that name the place but not the value itself, which may be secret."""
    expected = schema.get("type")
    if expected is None:
        return
    kinds = expected if isinstance(expected, list) else [expected]
    kind = next((each for each in kinds if _IS[each](value)), None)
    if kind is None:
        yield f"{where} must be of type {' or '.join(kinds)}"
    elif kind in _RULES:
        yield from _RULES[kind](schema, value, where)


def _member(field: dataclasses.Field[Any], hint: Any) -> Member:
    name = field.metadata.get("wire") or "".join(part.capitalize() for part in field.name.split("_"))
    is_required = field.default is field.default_factory is MISSING
    plain = _without_none(hint)
    notes = plain.__metadata__ if typing.get_origin(plain) is Annotated else ()
    bare = typing.get_args(plain)[0] if notes else plain
    return Member(name, bare, is_required, plain is not hint, notes)


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) not in {types.UnionType, typing.Union}:
        return hint
    (inner,) = (each for each in typing.get_args(hint) if each is not type(None))
    return inner


def _in_text(schema: Schema, value: str, where: str) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where} must be one of {', '.join(each for each in schema['enum'] if each)}"
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{where} must have {schema.get('minLength', 0)} to {schema['maxLength']} characters"
    if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
        yield f"{where} must match {schema['pattern']}"
    if not value.isascii() and not value.isprintable() and _is_broken(value):
        yield f"{where} is not Unicode text: it holds half of a surrogate pair"


def _is_broken(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _in_number(schema: Schema, value: float, where: str) -> Iterator[str]:
    if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{where} must lie between {schema.get('minimum')} and {schema.get('maximum')}"


def _in_array(schema: Schema, value: list[Any], where: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{where} must have {schema.get('minItems', 0)} to {schema['maxItems']} elements"
    for number, element in enumerate(value):
        yield from violations(schema["items"], element, f"{where}[{number}]")


def _in_object(schema: Schema, value: Mapping[str, Any], where: str) -> Iterator[str]:
    for name in schema.get("required", ()):
        if value.get(name) is None:
            yield f"{_below(where, name)} is missing"
    for name, member in schema.get("properties", {}).items():
        if value.get(name) is not None:
            yield from violations(member, value[name], _below(where, name))


def _below(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


_IS: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, Mapping),
    "null": lambda value: value is None,
}
_RULES: dict[str, Callable[[Schema, Any, str], Iterator[str]]] = {
    "string": _in_text,
    "integer": _in_number,
    "number": _in_number,
    "array": _in_array,
    "object": _in_object,
}
