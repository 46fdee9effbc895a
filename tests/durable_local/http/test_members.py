from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import pytest

from durable.model import ErrorObject
from durable_local.errors import InvalidParameterValueError
from durable_local.http.errors import InvalidRequestContentError
from durable_local.http.members import PAYLOAD, Given, body, header, path, query, read


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with a member at every place but the whole body."""

    name: Annotated[str, path(pattern="[a-z]+")]
    count: Annotated[int, query(minimum=0, maximum=9)] = 1
    loud: Annotated[bool, query()] = False
    since: Annotated[datetime, query()] | None = None
    colours: Annotated[Sequence[Colour], query(maxItems=2)] = ()
    mode: Annotated[Colour, header("X-Mode")] = Colour.RED
    token: Annotated[str, body(minLength=2)] | None = None
    errors: Sequence[ErrorObject] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A request whose body is a text."""

    text: Annotated[str, PAYLOAD] | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A request whose body is an object."""

    error: Annotated[ErrorObject, PAYLOAD] | None = None


def asked(
    content: bytes = b"",
    name: str = "f",
    headers: dict[str, str] | None = None,
    queried: dict[str, list[str]] | None = None,
) -> Asked:
    return read(Asked, Given({"Name": name}, queried or {}, headers or {}, content))


def told(content: bytes) -> Told:
    return read(Told, Given({}, {}, {}, content))


def failed(content: bytes) -> Failed:
    return read(Failed, Given({}, {}, {}, content))


def test_what_is_not_there_has_its_default() -> None:
    assert asked() == Asked("f")


def test_members_stand_in_the_path_the_query_a_header_and_the_body() -> None:
    read_members = asked(
        b'{"Token": "ab", "Errors": [{"ErrorType": "E"}], "Unknown": 1}',
        headers={"X-Mode": "blue"},
        queried={"Count": ["7"], "Loud": ["true"], "Colours": ["red", "blue"]},
    )

    assert read_members == Asked(
        "f", 7, True, None, [Colour.RED, Colour.BLUE], Colour.BLUE, "ab", [ErrorObject(type="E")]
    )


@pytest.mark.parametrize(
    "text", ["2026-11-21T01:52:36.353Z", "2026-11-21T02:52:36.353+01:00", "2026-11-21T01:52:36.353"]
)
def test_a_moment_in_a_query_is_iso_8601_and_of_utc_unless_it_says_otherwise(text: str) -> None:
    assert asked(queried={"Since": [text]}).since == datetime(2026, 11, 21, 1, 52, 36, 353_000, UTC)


def test_null_in_a_body_is_as_if_it_were_not_there() -> None:
    assert asked(b'{"Token": null, "Errors": null}') == Asked("f")


@pytest.mark.parametrize(
    ("queried", "complaint"),
    [
        ({"Count": ["10"]}, "Count must lie between 0 and 9"),
        ({"Count": ["-1"]}, "Count must lie between 0 and 9"),
        ({"Count": ["1.5"]}, "Count must be of type integer"),
        ({"Count": ["1_0"]}, "Count must be of type integer"),
        ({"Count": ["\u0661"]}, "Count must be of type integer"),
        ({"Count": ["9" * 5_000]}, "Count must be of type integer"),
        ({"Count": ["1", "2"]}, "Count is given 2 times; once is enough"),
        ({"Loud": ["True"]}, "Loud must be of type boolean"),
        ({"Since": ["yesterday"]}, "Since must be a moment in ISO 8601"),
        ({"Since": ["0001-01-01T00:00:00+23:00"]}, "Since must be a moment in ISO 8601"),
        ({"Colours": ["red", "green"]}, r"Colours\[1\] must be one of red, blue"),
        ({"Colours": ["red"] * 3}, "Colours must have 0 to 2 elements"),
    ],
)
def test_what_is_wrong_in_a_query_is_told_by_name(queried: dict[str, list[str]], complaint: str) -> None:
    with pytest.raises(InvalidParameterValueError, match=complaint):
        asked(queried=queried)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(
        InvalidParameterValueError,
        match=r"Name must match \[a-z\]\+; Mode must be one of red, blue; Token must be of type string or null",
    ):
        asked(b'{"Token": 7}', name="F", headers={"X-Mode": "green"})


def test_what_is_wrong_is_told_without_the_value_which_may_be_secret() -> None:
    with pytest.raises(InvalidParameterValueError) as error:
        asked(name="SECRET-OF-A-CALLBACK")

    assert "SECRET" not in error.value.message


@pytest.mark.parametrize("content", [b'"text"', b"7", b"{", "Grüße \U0001f680".encode(), b"\x00"])
def test_a_body_that_is_a_text_is_taken_as_it_is(content: bytes) -> None:
    assert told(content).text == content.decode()


def test_an_empty_body_is_none() -> None:
    assert (told(b""), failed(b"")) == (Told(None), Failed(None))


def test_a_body_that_is_an_object_is_read_as_one() -> None:
    assert failed(b'{"ErrorMessage": "no", "StackTrace": ["a"]}').error == ErrorObject("no", stack_trace=["a"])


def test_a_text_that_is_not_utf_8_is_refused_by_the_place() -> None:
    with pytest.raises(InvalidRequestContentError, match="The body is not UTF-8: invalid start byte at byte 1"):
        told(b"a\xff")


@pytest.mark.parametrize("content", [b"[]", b"7", b"null"])
def test_an_object_is_not_anything_else(content: bytes) -> None:
    with pytest.raises(InvalidParameterValueError, match="The body must be a JSON object"):
        failed(content)


@pytest.mark.parametrize(
    "content", [b"{", b'{"a": NaN}', b'{"a": -Infinity}', b'{"a":' * 100_000, b'{"a":' + b"1" * 5000]
)
def test_what_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidRequestContentError, match="Could not parse request body into json"):
        failed(content)
