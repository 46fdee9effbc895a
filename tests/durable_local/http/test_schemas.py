from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import pytest

from durable.model import OperationUpdate
from durable.wire import decode, encode
from durable_local.http.schemas import Schema, members, object_schema, type_schema, violations


class Size(StrEnum):
    SMALL = "S"
    LARGE = "L"


@dataclass(frozen=True, slots=True)
class Inner:
    """Something inside."""

    size: Size


@dataclass(frozen=True, slots=True)
class Outer:
    """Something with a member of every kind."""

    id_: str = field(metadata={"wire": "Id"})
    numbers: Sequence[int]
    when: datetime | None = None
    inner: Inner | None = None
    noted: Annotated[bool, "a note"] = False
    details: Mapping[str, Any] = field(default_factory=dict)


def wrong(value: Any, schema: Schema | None = None) -> list[str]:
    return list(violations(schema or object_schema(Outer), value, ""))


def test_a_schema_has_the_names_and_types_of_json() -> None:
    assert object_schema(Outer) == {
        "type": "object",
        "required": ["Id", "Numbers"],
        "properties": {
            "Id": {"type": "string"},
            "Numbers": {"type": "array", "items": {"type": "integer"}},
            "When": {"type": ["number", "null"]},
            "Inner": {
                "type": ["object", "null"],
                "required": ["Size"],
                "properties": {"Size": {"type": "string", "enum": ["S", "L"]}},
            },
            "Noted": {"type": "boolean"},
            "Details": {"type": "object"},
        },
    }


def test_members_tell_what_annotations_add() -> None:
    assert [each.notes for each in members(Outer) if each.name == "Noted"] == [("a note",)]


def test_what_is_as_described_has_nothing_wrong() -> None:
    assert wrong({"Id": "a", "Numbers": [1, 2], "When": 1.5, "Inner": {"Size": "S"}, "More": object()}) == []


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ([], " must be of type object"),
        ({"Numbers": []}, "Id is missing"),
        ({"Id": None, "Numbers": []}, "Id is missing"),
        ({"Id": "a", "Numbers": [1, True]}, "Numbers[1] must be of type integer"),
        ({"Id": "a", "Numbers": [1.0]}, "Numbers[0] must be of type integer"),
        ({"Id": "a", "Numbers": [], "Inner": {"Size": "M"}}, "Inner.Size must be one of S, L"),
        ({"Id": "a", "Numbers": [], "Inner": []}, "Inner must be of type object or null"),
        ({"Id": "\ud800", "Numbers": []}, "Id is not Unicode text: it holds half of a surrogate pair"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(value: Any, complaint: str) -> None:
    assert wrong(value) == [complaint]


@pytest.mark.parametrize("text", ["", "Grüße", "\U0001f680", "\x00", "\u2028"])
def test_all_unicode_text_is_text(text: str) -> None:
    assert wrong(text, {"type": "string"}) == []


def test_limits_are_kept() -> None:
    text = {"type": "string", "minLength": 2, "maxLength": 3, "pattern": "a*"}

    assert wrong("aa", text) == []
    assert wrong("a", text) == [" must have 2 to 3 characters"]
    assert wrong("ab", text) == [" must match a*"]
    assert wrong(5, {"type": "integer", "minimum": 1, "maximum": 4}) == [" must lie between 1 and 4"]
    assert wrong([1], {"type": "array", "items": {}, "minItems": 2, "maxItems": 3}) == [" must have 2 to 3 elements"]


def test_a_schema_says_the_same_names_as_the_wire() -> None:
    update = {
        "Id": "s",
        "Type": "STEP",
        "Action": "RETRY",
        "Error": {"ErrorMessage": "no", "StackTrace": ["a"]},
        "StepOptions": {"NextAttemptDelaySeconds": 1},
    }

    assert encode(decode(OperationUpdate, update)) == update
    assert wrong(update, object_schema(OperationUpdate)) == []
    assert wrong({**update, "StepOptions": {"NextAttemptDelaySeconds": "1"}}, object_schema(OperationUpdate)) == [
        "StepOptions.NextAttemptDelaySeconds must be of type integer"
    ]
    assert type_schema(OperationUpdate) is object_schema(OperationUpdate)
