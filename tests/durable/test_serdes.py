import json
import math
from collections import OrderedDict, namedtuple
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from durable.completion import BatchItemStatus
from durable.concurrency.models import BatchItem, BatchResult, CompletionReason
from durable.exceptions import RetryableSerDesError, SerDesError
from durable.model import ErrorObject
from durable.serdes import (
    DEFAULT_JSON_SERDES,
    PASS_THROUGH_SERDES,
    SerDes,
    SerDesContext,
    deserialize,
    serialize,
)

ID = "12345678-1234-5678-1234-567812345678"
BATCH: BatchResult[int] = BatchResult(
    [
        BatchItem(0, BatchItemStatus.SUCCEEDED, 7),
        BatchItem(1, BatchItemStatus.FAILED, error=ErrorObject("boom", "ValueError")),
        BatchItem(2, BatchItemStatus.STARTED),
    ],
    CompletionReason.FAILURE_TOLERANCE_EXCEEDED,
)


class Colour(IntEnum):
    RED = 1


Point = namedtuple("Point", "x y")


def written(value: object) -> str:
    return serialize(None, value, "op", "arn")


def read(text: str) -> Any:
    return deserialize(None, text, "op", "arn")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (-0.0, "-0.0"),
        ("€\x00\U0001f600", '"\\u20ac\\u0000\\ud83d\\ude00"'),
        (10**400, "1" + "0" * 400),
        ([], "[]"),
        ([1, ["a", None], True], '[1,["a",null],true]'),
        ({"a": 1}, '{"t":"m","v":{"a":{"t":"i","v":1}}}'),
        ({}, '{"t":"m","v":{}}'),
        ((1, 2), '{"t":"t","v":[{"t":"i","v":1},{"t":"i","v":2}]}'),
        ([(1,)], '{"t":"l","v":[{"t":"t","v":[{"t":"i","v":1}]}]}'),
        ([{"a": None}], '{"t":"l","v":[{"t":"m","v":{"a":{"t":"n","v":null}}}]}'),
        (
            {"b": [False, 1.5, "s"]},
            '{"t":"m","v":{"b":{"t":"l","v":[{"t":"b","v":false},{"t":"f","v":1.5},{"t":"s","v":"s"}]}}}',
        ),
        (b"\x00\xff", '{"t":"B","v":"AP8="}'),
        (UUID(ID), f'{{"t":"u","v":"{ID}"}}'),
        (Decimal("1.10"), '{"t":"d","v":"1.10"}'),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), '{"t":"dt","v":"2026-01-02T03:04:05+00:00"}'),
        (datetime(2026, 1, 2, 3, 4, 5), '{"t":"dt","v":"2026-01-02T03:04:05"}'),  # noqa: DTZ001 - kept as it is
        (date(2026, 1, 2), '{"t":"D","v":"2026-01-02"}'),
        ({"t": "i", "v": 1}, '{"t":"m","v":{"t":{"t":"s","v":"i"},"v":{"t":"i","v":1}}}'),
    ],
)
def test_a_value_is_written_in_the_official_form_and_reads_back_equal(value: object, text: str) -> None:
    assert written(value) == text
    assert read(text) == value
    assert type(read(text)) is type(value)


def test_a_negative_zero_keeps_its_sign() -> None:
    assert math.copysign(1, read(written(-0.0))) == -1


@pytest.mark.parametrize("value", [bytearray(b"ab"), memoryview(b"ab")])
def test_all_kinds_of_bytes_come_back_as_bytes(value: object) -> None:
    assert read(written(value)) == b"ab"
    assert type(read(written(value))) is bytes


@pytest.mark.parametrize(
    ("value", "plain"),
    [(Point(1, 2), (1, 2)), (OrderedDict(a=1), {"a": 1}), (Colour.RED, 1), ({"c": Colour.RED}, {"c": 1})],
)
def test_subclasses_come_back_as_their_base(value: object, plain: object) -> None:
    assert read(written(value)) == plain


def test_a_moment_in_zulu_time_is_read() -> None:
    assert read('{"t":"dt","v":"2026-01-02T03:04:05Z"}') == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_batch_result_is_written_in_the_official_form() -> None:
    batch: BatchResult[int] = BatchResult([BatchItem(0, BatchItemStatus.SUCCEEDED, 7)], CompletionReason.ALL_COMPLETED)

    assert written(batch) == (
        '{"t":"br","v":{"all":{"t":"l","v":[{"t":"m","v":{"index":{"t":"i","v":0},"status":{"t":"s","v":"SUCCEEDED"},'
        '"result":{"t":"i","v":7},"error":{"t":"n","v":null}}}]},"completionReason":{"t":"s","v":"ALL_COMPLETED"}}}'
    )


def test_a_batch_result_reads_back_equal_within_other_values() -> None:
    assert read(written({"batch": BATCH, "when": (date(2026, 1, 2),)})) == {"batch": BATCH, "when": (date(2026, 1, 2),)}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (object(), "Unsupported type: <class 'object'>"),
        ({1, 2}, "Unsupported type: <class 'set'>"),
        ([timedelta(1)], "Unsupported type: <class 'datetime.timedelta'>"),
        (iter(()), "Unsupported type: <class 'tuple_iterator'>"),
        ({1: "a"}, "dictionary key 1 would come back as text"),
        ({None: "a"}, "dictionary key None would come back as text"),
        ({(1, 2): "a"}, r"dictionary key \(1, 2\) would come back as text"),
        (math.nan, "Serialization failed for id: op.*not JSON compliant"),
        ({"a": [math.inf]}, "Serialization failed for id: op.*not JSON compliant"),
    ],
)
def test_a_value_that_would_not_come_back_is_refused(value: object, reason: str) -> None:
    with pytest.raises(SerDesError, match=reason):
        written(value)


def test_a_list_that_holds_itself_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)

    with pytest.raises(SerDesError, match="Serialization failed for id: op"):
        written(endless)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a":1}', "Malformed envelope"),
        ('{"t":"i"}', "Malformed envelope"),
        ('{"t":"l","v":[1]}', "Malformed envelope"),
        ('{"t":"zz","v":1}', "Unknown type tag: 'zz'"),
        ('{"t":"u","v":"no"}', "Deserialization failed for id: op"),
        ("{", "Deserialization failed for id: op"),
    ],
)
def test_text_that_nobody_has_written_is_refused(text: str, reason: str) -> None:
    with pytest.raises(SerDesError, match=reason):
        read(text)


zones = st.sampled_from([None, UTC, timezone(timedelta(hours=5, minutes=30))])
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.binary()
    | st.uuids()
    | st.decimals(allow_nan=False)
    | st.dates()
    | st.datetimes(timezones=zones)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(values)
def test_any_value_reads_back_equal_and_of_the_same_types(value: object) -> None:
    again = read(written(value))

    assert again == value
    assert types_in(again) == types_in(value)


@given(values)
def test_what_is_written_is_ascii_json(value: object) -> None:
    text = written(value)

    assert text.isascii()
    json.loads(text, parse_constant=refuse_constant)


def refuse_constant(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


def types_in(value: object) -> object:
    if isinstance(value, dict):
        return dict, {key: types_in(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return type(value), [types_in(member) for member in value]
    return type(value)


@pytest.mark.parametrize("value", [{1: "a"}, {None: "a"}, [{"a": ({True: 1},)}], {1: "a", "1": "b"}])
def test_plain_json_refuses_keys_that_would_come_back_as_text(value: object) -> None:
    with pytest.raises(SerDesError, match=r"The dictionary key (1|None|True) would come back as text; use text keys"):
        DEFAULT_JSON_SERDES.serialize(value, SerDesContext())


@pytest.mark.parametrize("value", [math.nan, [math.inf], {"a": (-math.inf,)}])
def test_plain_json_refuses_numbers_that_json_does_not_know(value: object) -> None:
    with pytest.raises(SerDesError, match=r"The number (nan|-?inf) is not JSON compliant; use None, or text"):
        DEFAULT_JSON_SERDES.serialize(value, SerDesContext())


def test_plain_json_turns_tuples_into_lists() -> None:
    text = serialize(DEFAULT_JSON_SERDES, {"a": (1,)}, "op", "arn")

    assert text == '{"a": [1]}'
    assert deserialize(DEFAULT_JSON_SERDES, text, "op", "arn") == {"a": [1]}


def test_text_passes_through_unchanged() -> None:
    assert serialize(PASS_THROUGH_SERDES, '{"raw"', "op", "arn") == '{"raw"'
    assert deserialize(PASS_THROUGH_SERDES, '{"raw"', "op", "arn") == '{"raw"'


class Told(SerDes[Any]):
    """Keeps what it was told, and gives or raises what a test wants."""

    def __init__(self, outcome: object) -> None:
        self.outcome = outcome
        self.contexts: list[SerDesContext] = []

    def serialize(self, value: Any, serdes_context: SerDesContext) -> str:
        text: str = self._end(serdes_context)
        return text

    def deserialize(self, data: str, serdes_context: SerDesContext) -> Any:
        return self._end(serdes_context)

    def _end(self, serdes_context: SerDesContext) -> Any:
        self.contexts.append(serdes_context)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def test_a_serdes_is_told_whose_value_it_writes_and_reads() -> None:
    serdes = Told("x")

    serialize(serdes, 1, "op", "arn")
    deserialize(serdes, "1", "op", "arn")

    assert serdes.contexts == [SerDesContext("op", "arn")] * 2


@pytest.mark.parametrize("error", [SerDesError("mine"), RetryableSerDesError("mine")])
def test_the_errors_meant_for_serdes_pass_untouched(error: Exception) -> None:
    with pytest.raises(type(error)) as writing:
        serialize(Told(error), 1, "op", "arn")
    with pytest.raises(type(error)) as reading:
        deserialize(Told(error), "1", "op", "arn")

    assert writing.value is reading.value is error


def test_other_errors_of_a_serdes_name_the_operation() -> None:
    with pytest.raises(SerDesError, match=r"^Serialization failed for id: op, error: disk full$"):
        serialize(Told(OSError("disk full")), 1, "op", "arn")
    with pytest.raises(SerDesError, match=r"^Deserialization failed for id: op, error: disk full$"):
        deserialize(Told(OSError("disk full")), "1", "op", "arn")


@pytest.mark.parametrize("outcome", [b"bytes", None, 7])
def test_a_serdes_that_gives_no_text_is_refused(outcome: object) -> None:
    with pytest.raises(SerDesError, match="a serdes gives text, not"):
        serialize(Told(outcome), 1, "op", "arn")
