import json

import pytest

from app.adapters.data_types.rows.documents import CsvDocument, JsonLinesDocument
from app.adapters.storage.memory import MemoryStorage
from app.ports.data_source import SourceError, SourceUnavailableError
from app.ports.storage import StorageError, StorageUnavailableError
from tests.fakes.storage import TroubledStorage


def json_lines(body: bytes) -> list[str]:
    documents = MemoryStorage()
    documents.put("orders.jsonl", body)
    return list(JsonLinesDocument(documents, "orders.jsonl").fetch())


def csv_rows(body: bytes) -> list[dict[str, object]]:
    documents = MemoryStorage()
    documents.put("products.csv", body)
    return [json.loads(row) for row in CsvDocument(documents, "products.csv").fetch()]


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (b"", []),
        (b"\n\n", []),
        (b'{"a": 1.10}\n{"b": 2}\n', ['{"a": 1.10}', '{"b": 2}']),
        (b'{"a": 1}\r\n\r\n{"b": 2}', ['{"a": 1}', '{"b": 2}']),
        (b'\xef\xbb\xbf{"a": 1}\n', ['{"a": 1}']),
        (b'{"a": \n', ['{"a":']),
        (b'{"a": "\xff"}\n', ['{"a": "\udcff"}']),
        ('{"a": "\u2028"}\n'.encode(), ['{"a": "\u2028"}']),
    ],
)
def test_every_line_is_a_row_as_it_came_and_blank_lines_are_none(body: bytes, rows: list[str]) -> None:
    assert json_lines(body) == rows


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (b"", []),
        (b"sku,name\n", []),
        (b"sku,name\na,Assam\n", [{"sku": "a", "name": "Assam"}]),
        (b"\xef\xbb\xbfsku,name\r\na,Assam\r\n", [{"sku": "a", "name": "Assam"}]),
        (b'sku,name\na,"Tin, ""blue""\nlarge"\n', [{"sku": "a", "name": 'Tin, "blue"\nlarge'}]),
        (b"sku,name\na\n", [{"sku": "a", "name": None}]),
        (b"sku,name\na,b,c,d\n", [{"sku": "a", "name": "b", "cells beyond the header": ["c", "d"]}]),
        (b"sku,name\na,\xff\n", [{"sku": "a", "name": "\udcff"}]),
    ],
)
def test_every_csv_record_is_a_row_under_the_names_of_the_header(body: bytes, rows: list[dict[str, object]]) -> None:
    assert csv_rows(body) == rows


def test_csv_that_cannot_be_cut_into_records_is_a_final_error_that_names_the_line() -> None:
    with pytest.raises(SourceError, match=r"Cannot read memory:products.csv line 2: .*; correct the document"):
        csv_rows(b'sku,name\na,"b"c\n')


@pytest.mark.parametrize("document", [CsvDocument, JsonLinesDocument])
def test_rows_are_read_while_they_are_taken(document: type[CsvDocument | JsonLinesDocument]) -> None:
    documents = MemoryStorage()
    source = document(documents, "rows")
    documents.put("rows", b'sku\n"1"\n"2"\n')

    rows = source.fetch()

    assert next(rows)
    assert next(rows)


@pytest.mark.parametrize("document", [CsvDocument, JsonLinesDocument])
def test_a_missing_document_is_final_and_named_by_its_address(document: type[CsvDocument | JsonLinesDocument]) -> None:
    with pytest.raises(SourceError, match=r"memory:missing\.csv") as error:
        list(document(MemoryStorage(), "missing.csv").fetch())

    assert not isinstance(error.value, SourceUnavailableError)


@pytest.mark.parametrize("document", [CsvDocument, JsonLinesDocument])
@pytest.mark.parametrize(
    ("trouble", "told"), [(StorageUnavailableError("later"), SourceUnavailableError), (StorageError("no"), SourceError)]
)
def test_trouble_of_storage_is_told_as_the_sources_own(
    document: type[CsvDocument | JsonLinesDocument], trouble: StorageError, told: type[SourceError]
) -> None:
    with pytest.raises(SourceError, match=str(trouble)) as error:
        list(document(TroubledStorage(MemoryStorage(), [trouble]), "rows").fetch())

    assert type(error.value) is told
