"""The members of a request: which part of it holds each, and how a request is read into its dataclass."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, NoReturn, TypeVar

from durable.wire import decode, milliseconds
from durable_local.errors import InvalidParameterValueError
from durable_local.http.errors import InvalidRequestContentError
from durable_local.http.schemas import Member, Schema, members, or_null, required, type_schema, violations

T = TypeVar("T")

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_BOOLEANS = {"true": True, "false": False}


class Place(StrEnum):
    """Which part of a request holds a member."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    BODY = "body"
    """A member of the JSON object that is the body."""
    PAYLOAD = "payload"
    """The whole body: JSON for an object, text for a text."""


@dataclass(frozen=True, slots=True)
class Given:
    """A request as it came: the texts of its parts by the names that these have there."""

    path: Mapping[str, str]
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, eq=False)  # typing hashes what `Annotated` adds, and limits have no hash
class Part:
    """Where a member stands, under which name if not its own, and within which limits, as a schema says them."""

    place: Place
    name: str | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)


def path(**limits: Any) -> Part:
    """In the path."""
    return Part(Place.PATH, limits=limits)


def query(**limits: Any) -> Part:
    """In the query."""
    return Part(Place.QUERY, limits=limits)


def header(name: str, **limits: Any) -> Part:
    """In a header."""
    return Part(Place.HEADER, name, limits)


def body(**limits: Any) -> Part:
    """Among the members of the body."""
    return Part(Place.BODY, limits=limits)


PAYLOAD = Part(Place.PAYLOAD)


def part_of(member: Member) -> Part:
    """Where a member of a request stands; in the body if nothing else is said."""
    return next((note for note in member.notes if isinstance(note, Part)), body())


def members_at(cls: type, *places: Place) -> list[Member]:
    """The members of a request that stand at some places."""
    return [each for each in members(cls) if part_of(each).place in places]


def member_schema(member: Member) -> Schema:
    """The schema of a member, as it is checked once it has been read."""
    part = part_of(member)
    schema = type_schema(member.type) | dict(part.limits)
    return or_null(schema) if member.may_be_null and part.place is Place.BODY else schema


def read(cls: type[T], given: Given) -> T:
    """The request that a dataclass describes. Raises InvalidParameterValueError with all that is wrong with it."""
    asked: type = cls
    found = _document(given.body) if members_at(asked, Place.BODY) else {}
    for member in members(asked):
        if part_of(member).place is not Place.BODY:
            found[member.name] = _value(member, given)
    if wrong := list(violations(_schema(asked), found, "")):
        raise InvalidParameterValueError("; ".join(wrong))
    return decode(cls, found)


@cache
def _schema(cls: type) -> Schema:
    properties = {each.name: member_schema(each) for each in members(cls)}
    return {"type": "object", "properties": properties, "required": required(members(cls))}


def _value(member: Member, given: Given) -> Any:
    part = part_of(member)
    name = part.name or member.name
    match part.place:
        case Place.PATH:
            return given.path[name]
        case Place.QUERY:
            texts = given.query.get(name)
            return _from_query(member.type, texts, name) if texts else None
        case Place.HEADER:
            return given.headers.get(name)
    if not given.body:
        return None
    return _text(given.body) if member.type is str else _document(given.body)


def _from_query(kind: Any, texts: Sequence[str], name: str) -> Any:
    if kind not in {str, int, bool, datetime}:
        return list(texts)
    (text, *further) = texts
    if further:
        raise InvalidParameterValueError(f"{name} is given {len(texts)} times; once is enough")
    if kind is int and _INTEGER.fullmatch(text):
        return int(text)
    if kind is bool and text in _BOOLEANS:
        return _BOOLEANS[text]
    return _milliseconds(text, name) if kind is datetime else text


def _milliseconds(text: str, name: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
        return milliseconds((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise InvalidParameterValueError(f"{name} must be a moment in ISO 8601, like 2026-11-21T09:30:00Z") from error


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise InvalidRequestContentError(f"The body is not UTF-8: {error.reason} at byte {error.start}") from error


def _document(content: bytes) -> dict[str, Any]:
    document = parsed(_text(content)) if content else {}
    if not isinstance(document, dict):
        raise InvalidParameterValueError("The body must be a JSON object")
    return document


def parsed(text: str) -> Any:
    """What a JSON text says. Raises InvalidRequestContentError if it is none."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise InvalidRequestContentError("Could not parse request body into json: it is nested too deeply") from error
    except ValueError as error:
        raise InvalidRequestContentError(f"Could not parse request body into json: {error}") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
