import csv
import io
import json
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.adapters.data_types.rows.documents import CsvDocument, JsonLinesDocument
from app.adapters.storage.memory import MemoryStorage
from app.ports.data_source import SourceError, SourceUnavailableError
from app.ports.storage import StorageError, StorageUnavailableError
from tests.fakes.storage import TroubledStorage


def json_lines(body: bytes) -> list[str]:
    documents = MemoryStorage()
    documents.put("orders.jsonl", body)
    return list(JsonLinesDocument(documents, "orders.jsonl").fetch())


def as_csv(record: list[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(record)
    return text.getvalue()


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
        (b"sku, name \na,b\n", [{"sku": "a", "name": "b"}]),
        (b"sku,name\n\n \na,b\n\n", [{"sku": "a", "name": "b"}]),
        (b"sku,name\ra,b\r", [{"sku": "a", "name": "b"}]),
        (b"sku,name\na\n", [{"sku": "a"}]),
        (b"sku,name\na,b,c,d\n", [{"sku": "a", "name": "b", "cells beyond the header": ["c", "d"]}]),
        (b"sku,name\na,\xff\n", [{"sku": "a", "name": "\udcff"}]),
    ],
)
def test_every_csv_record_is_a_row_under_the_names_of_the_header(body: bytes, rows: list[dict[str, object]]) -> None:
    assert csv_rows(body) == rows


def test_a_line_that_is_no_record_is_a_row_with_its_text_and_the_reason() -> None:
    assert csv_rows(b'sku,name\na,"b"c\r\nd,e\n') == [
        {
            "unreadable row": "has text after a closing quote; double a quote that is part of a cell",
            "text": 'a,"b"c',
        },
        {"sku": "d", "name": "e"},
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("sku,name\n".encode("utf-16"), "it is UTF-16 or UTF-32; save it as UTF-8"),
        ("sku,name\n".encode("utf-32"), "it is UTF-16 or UTF-32; save it as UTF-8"),
        (b"sku,name,sku\n", "its header names the column 'sku' twice; name each once"),
        (b'sku,"name\n', "its header 'sku,\"name' has a quote that is never closed"),
        (b"s" * 2_000_000, f"its header '{'s' * 40}'... has more than 1048576 characters"),
    ],
)
def test_a_document_whose_rows_cannot_be_told_apart_is_a_final_error(body: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=re.escape(f"Cannot read memory:products.csv: {reason}")) as error:
        csv_rows(body)

    assert not isinstance(error.value, SourceUnavailableError)


@given(st.binary() | st.binary().map(lambda tail: b"{}\n\r\n" + tail))
def test_whatever_json_lines_hold_every_line_that_is_not_blank_is_a_row(body: bytes) -> None:
    assume(not body.startswith((b"\xff\xfe", b"\xfe\xff")))

    rows = json_lines(body)

    assert len(rows) == sum(1 for line in body.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip(b" \t\r"))


@given(st.lists(st.sampled_from([b'"', b'""', b",", b"\n", b"\r\n", b"\r", b"a", b" ", b"\xff", b"\0"]) | st.binary()))
def test_whatever_a_csv_document_holds_it_becomes_rows_or_a_final_error(parts: list[bytes]) -> None:
    body = b"".join(parts)
    try:
        rows = csv_rows(b"sku,name\n" + body)
    except SourceError:
        rows = []

    assert len(rows) <= len(body.splitlines())
    if b'"' not in body:
        assert len(rows) == sum(1 for line in body.splitlines() if line.decode(errors="surrogateescape").strip())


@given(st.lists(st.lists(st.text().map(lambda cell: f"x{cell}"), min_size=2, max_size=2)), st.integers(0, 10))
def test_one_line_that_is_no_record_costs_no_record_around_it(records: list[list[str]], place: int) -> None:
    written = [as_csv(record) for record in records]
    place = min(place, len(written))
    body = "".join(["sku,name\n", *written[:place], 'a,"b"c\n', *written[place:]])

    rows = csv_rows(body.encode())

    assert [list(row.values()) for row in rows[:place] + rows[place + 1 :]] == records
    assert rows[place]["text"] == 'a,"b"c'


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
