"""What every source and mapper promises; each test runs on every data type that the container knows."""

import json
from collections.abc import Iterator
from functools import reduce
from operator import getitem
from typing import Any

import pytest

from app.container import Container, build_container
from app.domain.errors import RowRejectedError
from app.ports.data_type import DataType
from app.settings import Settings

NAMES = sorted(Container.data_types.kwargs)
HOPELESS_ROWS = ["", "{", "[]", "null", "NaN", '"text"', "[" * 100_000, '{"id": "\udcff"}', '{"\\udcff": 1}']

HOSTILE_VALUES = [
    *("null", "true", "[]", "{}", "-1", "-0.0", "1.5", "NaN", "Infinity", "1e400", "1e-400", "1e999999999"),
    *("1e99999999999999999999", "1" * 5_000, '""', '" "', '"\\udcff"', '"\\u0000"', '"NaN"', '"sNaN"', '"Infinity"'),
    *('"1e400"', '"1e999999999"', '"1e99999999999999999999"', f'"{"9" * 5_000}"', f'"{"x" * 20_000}"'),
]


@pytest.fixture(params=NAMES, scope="module")
def data_type(request: pytest.FixtureRequest) -> Iterator[DataType]:
    """A data type as the application has it, on the sample data."""
    container = build_container(Settings(storage="memory"))
    yield container.data_types()[request.param]
    container.sample_customers().close()
    container.http().close()


def test_rows_come_raw_one_a_line_and_in_the_same_order_again(data_type: DataType) -> None:
    rows = list(data_type.source.fetch())

    assert rows
    assert all(isinstance(row, str) and "\n" not in row for row in rows)
    assert list(data_type.source.fetch()) == rows


def test_rows_become_records_or_rejections_and_nothing_else(data_type: DataType) -> None:
    mapped = [mapped_or_rejected(data_type, row) for row in data_type.source.fetch()]

    rejections = [outcome for outcome in mapped if isinstance(outcome, RowRejectedError)]
    assert 0 < len(rejections) < len(mapped) / 4
    assert all(rejected.field and rejected.reason for rejected in rejections)


def test_mapping_the_same_row_again_gives_an_equal_record(data_type: DataType) -> None:
    rows = list(data_type.source.fetch())

    first = [mapped_or_rejected(data_type, row) for row in rows]
    second = [mapped_or_rejected(data_type, row) for row in rows]

    assert [str(outcome) for outcome in first] == [str(outcome) for outcome in second]


def test_a_document_is_one_line_of_json_with_the_rows_own_id(data_type: DataType) -> None:
    for row in data_type.source.fetch():
        record = mapped_or_rejected(data_type, row)
        if not isinstance(record, RowRejectedError):
            document = data_type.mapper.map_to_document(record)
            assert "\n" not in document
            assert data_type.mapper.identify(row) in json.loads(document).values()


@pytest.mark.parametrize("row", HOPELESS_ROWS)
def test_a_hopeless_row_is_rejected_and_has_no_id_that_raises(data_type: DataType, row: str) -> None:
    assert isinstance(data_type.mapper.identify(row), str)
    assert isinstance(mapped_or_rejected(data_type, row), RowRejectedError)


@pytest.mark.parametrize("value", HOSTILE_VALUES, ids=lambda value: value[:24])
def test_a_hostile_value_in_any_field_is_kept_or_rejected_in_few_words(data_type: DataType, value: str) -> None:
    row = next(data_type.source.fetch())

    for hostile in with_each_field_as(value, json.loads(row)):
        outcome = mapped_or_rejected(data_type, hostile)
        if isinstance(outcome, RowRejectedError):
            assert len(str(outcome)) < 300
        else:
            assert json.loads(data_type.mapper.map_to_document(outcome))


def with_each_field_as(value: str, row: Any) -> Iterator[str]:
    """The row as JSON texts, with one field or nested field after the other replaced by the value."""
    marked = json.dumps(row)
    for path in paths(row):
        copy = json.loads(marked)
        reduce(getitem, path[:-1], copy)[path[-1]] = "@"
        yield json.dumps(copy).replace('"@"', value)


def paths(row: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = row.items() if isinstance(row, dict) else enumerate(row) if isinstance(row, list) else ()
    for name, member in members:
        yield (*above, name)
        yield from paths(member, (*above, name))


def mapped_or_rejected(data_type: DataType, row: str) -> object:
    try:
        return data_type.mapper.map_to_domain(row)
    except RowRejectedError as rejected:
        return rejected
