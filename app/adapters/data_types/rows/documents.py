"""Rows that come as a document in storage."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from app.adapters.data_types.rows.csv_records import BrokenLine, csv_records
from app.adapters.data_types.rows.lines import UnreadableDocumentError, text_lines
from app.adapters.data_types.rows.unreadable import bounded, unreadable
from app.domain.errors import shown
from app.ports.data_source import DataSource, SourceError, SourceUnavailableError
from app.ports.storage import Storage, StorageError, StorageUnavailableError

JSON_SPACE = " \t\r\n"
BEYOND = "cells beyond the header"


@dataclass(frozen=True, slots=True)
class JsonLinesDocument(DataSource):
    """One row a line; blank lines are no rows, and a line that is not JSON is left to the mapper."""

    documents: Storage
    key: str

    def fetch(self) -> Iterator[str]:
        with _opened(self.documents, self.key) as stream:
            for line in text_lines(stream, newline="\n"):
                if row := line.strip(JSON_SPACE):
                    yield bounded(row)


@dataclass(frozen=True, slots=True)
class CsvDocument(DataSource):
    """One row a record of comma-separated values, under the names of the first line; every value is a text."""

    documents: Storage
    key: str

    def fetch(self) -> Iterator[str]:
        with _opened(self.documents, self.key) as stream:
            records = csv_records(text_lines(stream, newline=""))
            header = _header(next(records, []))
            yield from map(partial(_row, header), records)


def _header(record: list[str] | BrokenLine) -> list[str]:
    if isinstance(record, BrokenLine):
        raise UnreadableDocumentError(f"its header {shown(record.text)} {record.reason}")
    names = [name.strip() for name in record]
    if repeated := [name for name, count in Counter(names).items() if count > 1]:
        raise UnreadableDocumentError(f"its header names the column {shown(repeated[0])} twice; name each once")
    return names


def _row(header: Sequence[str], record: list[str] | BrokenLine) -> str:
    """A record as JSON; a cell that is not there is a field that is not there."""
    if isinstance(record, BrokenLine):
        return unreadable(record.reason, record.text)
    fields: dict[str, object] = dict(zip(header, record, strict=False))
    if len(record) > len(header):
        fields[BEYOND] = record[len(header) :]
    return bounded(json.dumps(fields))


@contextmanager
def _opened(documents: Storage, key: str) -> Iterator[BinaryIO]:
    """The document's stream, with every trouble told as the source's."""
    try:
        with documents.open(key) as stream:
            yield stream
    except StorageUnavailableError as error:
        raise SourceUnavailableError(str(error)) from error
    except StorageError as error:
        raise SourceError(str(error)) from error
    except UnreadableDocumentError as error:
        raise SourceError(f"Cannot read {documents.locate(key)}: {error}") from None
