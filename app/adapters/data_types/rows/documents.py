"""Rows that come as a document in storage."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from app.ports.data_source import DataSource, SourceError, SourceUnavailableError
from app.ports.storage import Storage, StorageError, StorageUnavailableError

BYTE_ORDER_MARK = "\ufeff"
ANY_BYTES = "surrogateescape"


@dataclass(frozen=True, slots=True)
class JsonLinesDocument(DataSource):
    """One row a line; blank lines are no rows, and a line that is not JSON is left to the mapper."""

    documents: Storage
    key: str

    def fetch(self) -> Iterator[str]:
        with _opened(self.documents, self.key) as stream:
            for number, line in enumerate(stream):
                row = line.decode(errors=ANY_BYTES).strip()
                if number == 0:
                    row = row.removeprefix(BYTE_ORDER_MARK)
                if row:
                    yield row


@dataclass(frozen=True, slots=True)
class CsvDocument(DataSource):
    """One row a record of comma-separated values, under the names of the first line; every value is a text."""

    documents: Storage
    key: str

    def fetch(self) -> Iterator[str]:
        with _opened(self.documents, self.key) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors=ANY_BYTES, newline="")
            reader = csv.DictReader(text, restkey="cells beyond the header", strict=True)
            try:
                yield from map(json.dumps, reader)
            except csv.Error as error:
                place = f"{self.documents.locate(self.key)} line {reader.reader.line_num}"
                raise SourceError(f"Cannot read {place}: {error}; correct the document") from error


@contextmanager
def _opened(documents: Storage, key: str) -> Iterator[BinaryIO]:
    """The document's stream, with storage's errors told as the source's."""
    try:
        with documents.open(key) as stream:
            yield stream
    except StorageUnavailableError as error:
        raise SourceUnavailableError(str(error)) from error
    except StorageError as error:
        raise SourceError(str(error)) from error
