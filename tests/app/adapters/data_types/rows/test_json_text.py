import json
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.data_types.rows.json_text import array_members, parse

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=10,
)


def test_decimals_stay_exact() -> None:
    assert parse('{"total": 0.1000000000000000000001}') == {"total": Decimal("0.1000000000000000000001")}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Expecting value"),
        ('{"a": ', "Expecting value"),
        ("[" * 100_000, "nests too deeply"),
        ("1" * 5_000, r"^1{40}\.\.\. is out of range; numbers have at most 1000 digits"),
        ('{"a": 1, "b": 2, "a": 1}', "'a' is there twice; name each field once"),
        ('[{"a": {"b": 1, "b": 2}}]', "'b' is there twice"),
        ('{"a": "x', "Unterminated string starting at character 6, '\"x'"),
        ("{}\r{}", "Extra data at character 3, '{}'"),
        ("1e1001", "1e1001 is out of range"),
        ("1e-999999999", "1e-999999999 is out of range"),
        ("1e99999999999999999999", "1e99999999999999999999 is out of range"),
    ],
)
def test_what_is_no_json_is_a_value_error(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse(text)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_json_number_passes_as_a_decimal_for_the_fields_rule_to_refuse(number: str) -> None:
    assert str(parse(number)) == number


def test_members_come_apart_however_deep_they_nest() -> None:
    deep = '{"a]":' * 100_000 + r'"\"]}"' + "}" * 100_000

    assert list(array_members(f"[1, {deep} , 2]")) == ["1", deep, "2"]


@pytest.mark.parametrize("end", ["", "\\"])
def test_a_text_that_never_ends_below_deep_brackets_is_read_once(end: str) -> None:
    began = time.process_time()

    with pytest.raises(ValueError, match="expected the bracket at character 1 to be closed"):
        list(array_members("[" * 100_000 + '"' + '\\"' * 40_000 + end))

    assert time.process_time() - began < 2


@given(st.lists(values, max_size=5), st.sampled_from([None, 1]))
def test_members_come_apart_however_the_array_is_laid_out(members: list[object], indent: int | None) -> None:
    texts = list(array_members(json.dumps(members, indent=indent, ensure_ascii=False)))

    assert [json.loads(text) for text in texts] == members
    assert not any("\n" in text for text in texts)


def test_members_keep_their_digits_and_spelling() -> None:
    assert list(array_members(f"[1e99999999999999999999, {'1' * 5_000}, NaN]"))[1:] == ["1" * 5_000, "NaN"]
    assert list(array_members(' [ 1.500 , {"b":1e400,\n"a": "\\u00e9"} ] ')) == ["1.500", '{"b":1e400, "a": "\\u00e9"}']


@pytest.mark.parametrize("text", ["[]", " [ \n ] "])
def test_an_empty_array_has_no_members(text: str) -> None:
    assert list(array_members(text)) == []


@pytest.mark.parametrize("text", ["", "{}", "[", "[1", "[1,", "[1 2]", "[,]", "[nothing]", "null", "[" * 100_000])
def test_what_is_no_array_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|Expecting"):
        list(array_members(text))
