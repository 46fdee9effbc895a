"""What every source and mapper promises; each test runs on every data type that the container knows."""

import json
from collections.abc import Iterator

import pytest

from app.container import Container, build_container
from app.domain.errors import RowRejectedError
from app.ports.data_type import DataType
from app.settings import Settings

NAMES = sorted(Container.data_types.kwargs)
HOPELESS_ROWS = ["", "{", "[]", "null", "NaN", '"text"', "[" * 100_000, '{"id": "\udcff"}', '{"\\udcff": 1}']


@pytest.fixture(params=NAMES)
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


def mapped_or_rejected(data_type: DataType, row: str) -> object:
    try:
        return data_type.mapper.map_to_domain(row)
    except RowRejectedError as rejected:
        return rejected
