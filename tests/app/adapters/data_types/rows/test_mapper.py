from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.data_types.rows.mapper import Row, RowMapper
from app.adapters.data_types.rows.numbers import Amount
from app.adapters.data_types.rows.unreadable import unreadable
from app.domain.errors import RowRejectedError


@dataclass(frozen=True, slots=True)
class Coin:
    id: str
    worth: Decimal

    def __post_init__(self) -> None:
        if self.worth < 0:
            raise RowRejectedError("worth", "is negative")


class CoinRow(Row[Coin]):
    id: str
    worth: Amount

    def to_record(self) -> Coin:
        return Coin(self.id, self.worth)


MAPPER = RowMapper(CoinRow, Coin, id_field="id")


def test_a_row_becomes_its_record_with_exact_numbers() -> None:
    record = MAPPER.map_to_domain('{"id": " a ", "worth": 0.1000000000000000000001}')

    assert record == Coin("a", Decimal("0.1000000000000000000001"))


def test_a_record_becomes_one_line_of_json_with_amounts_as_texts() -> None:
    assert MAPPER.map_to_document(Coin("é\n", Decimal("1.50"))) == '{"id":"é\\n","worth":"1.50"}'


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ('{"id": "a"}', "worth", "is missing; give it a value"),
        ('{"id": "a", "worth": "much"}', "worth", "'much' is no number of plain digits"),
        ('{"id": "a", "worth": 1, "colour": "red"}', "colour", "'red' is in a field that this data type does not know"),
        ('{"id": null, "worth": 1}', "id", "null is no text"),
        ('{"id": "\\udcff", "worth": 1}', "id", r"'\udcff' is no Unicode text"),
        ('{"id": "\udcff", "worth": 1}', "id", r"'\udcff' is no Unicode text"),
        ('{"id": "a", "worth": -1}', "worth", "is negative"),
        ('{"id": "a", "worth": NaN}', "worth", "NaN is no finite number"),
        ('{"id": "a", "worth": true}', "worth", "true is no number"),
        ('{"id": "a", "worth": "1_0"}', "worth", "'1_0' is no number of plain digits"),
        ('{"id": "a", "worth": "1e99999999999999999999"}', "worth", "is no number of plain digits"),
        (unreadable("is torn", "a;1"), "row", "is torn"),
        ('{"id": "a", "wor', "row", "is no JSON object: Unterminated string"),
        ("[]", "row", "is no JSON object: it is a list"),
        ('"a"', "row", "is no JSON object: it is 'a'"),
        ("", "row", "is no JSON object: Expecting value"),
        ("[" * 100_000, "row", "is no JSON object: nests too deeply"),
        ('{"id": "' + "x" * 10_001 + '", "worth": 1}', "id", "has more than 10000 characters"),
    ],
)
def test_a_row_that_does_not_fit_is_rejected_with_field_and_reason(row: str, field: str, reason: str) -> None:
    with pytest.raises(RowRejectedError) as rejected:
        MAPPER.map_to_domain(row)

    assert rejected.value.field == field
    assert reason in rejected.value.reason


def test_a_rejection_stays_short_however_many_columns_are_unknown() -> None:
    row = "{" + ",".join(f'"{"c" * 1_000}{number}": 1' for number in range(10_000)) + "}"

    with pytest.raises(RowRejectedError) as rejected:
        MAPPER.map_to_domain(row)

    assert len(str(rejected.value)) < 200


@pytest.mark.parametrize(
    ("row", "row_id"),
    [
        ('{"id": "a-1", "worth": "anything"}', "a-1"),
        ('{"id": " a "}', "a"),
        ('{"id": 17}', "17"),
        ('{"id": true}', ""),
        ('{"id": 1.5}', ""),
        ('{"id": null}', ""),
        ('{"id": ["a"]}', ""),
        ('{"ID": "a"}', ""),
        ('{"id": "a"', ""),
        ("[" * 100_000, ""),
        ("", ""),
        ("7", ""),
    ],
)
def test_a_row_is_identified_by_its_own_id_or_not_at_all(row: str, row_id: str) -> None:
    assert MAPPER.identify(row) == row_id


@given(st.text() | st.binary().map(lambda body: body.decode(errors="surrogateescape")))
def test_identifying_never_raises(row: str) -> None:
    assert isinstance(MAPPER.identify(row), str)
