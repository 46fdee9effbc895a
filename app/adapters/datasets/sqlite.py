"""Datasets as SQLite files in storage."""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from app.adapters.datasets.queries import QueryLimits, answer
from app.adapters.datasets.tables import Tables
from app.domain.datasets import Answer, Dataset, rows_of
from app.domain.errors import DomainError
from app.ports.datasets import DatasetError, Datasets, DatasetUnavailableError
from app.ports.storage import Storage, StorageError, StorageUnavailableError

TABLE_IN_KEY = 2
"""Where a stored document's key, `documents/<execution>/<data type>/...`, says what it holds."""
LIMITS = QueryLimits()


@dataclass(frozen=True, slots=True)
class SqliteDatasets(Datasets):
    """Builds a SQLite file of the documents below `documents/`, and asks it in a process without any rights."""

    storage: Storage
    limits: QueryLimits = LIMITS

    def build(self, documents: str, key: str) -> Dataset:
        with _port_errors(), TemporaryDirectory() as folder:
            file = Path(folder, "dataset.sqlite")
            with closing(sqlite3.connect(file)) as connection:
                tables = Tables(connection)
                for table, row in self._rows(f"documents/{documents}"):
                    tables.add(table, row)
                told = tables.finish()
            if not told:
                raise DatasetError(
                    f"The execution {documents!r} has stored no documents at "
                    f"{self.storage.locate(f'documents/{documents}')}; run the pipeline under this name first"
                )
            body = file.read_bytes()
            receipt = self.storage.put(key, body)
        return Dataset(key=key, size=receipt["size"], sha256=sha256(body).hexdigest(), tables=told)

    def query(self, dataset: Dataset, statement: str) -> Answer:
        with _port_errors(), TemporaryDirectory() as folder:
            file = Path(folder, "dataset.sqlite")
            with self.storage.open(dataset["key"]) as stored, file.open("wb") as copy:
                shutil.copyfileobj(stored, copy)
            with file.open("rb") as copy:
                if sha256(copy.read()).hexdigest() != dataset["sha256"]:
                    raise DatasetError(f"{self.storage.locate(dataset['key'])} is not the dataset that was built")
            return answer(file, statement, self.limits)

    def _rows(self, folder: str) -> Iterator[tuple[str, Mapping[str, object]]]:
        for key in self.storage.keys(folder):
            with self.storage.open(key) as document:
                for line in document:
                    yield from rows_of(key.split("/")[TABLE_IN_KEY], json.loads(line))


@contextmanager
def _port_errors() -> Iterator[None]:
    try:
        yield
    except StorageUnavailableError as error:
        raise DatasetUnavailableError(str(error)) from error
    except (StorageError, DomainError, json.JSONDecodeError, sqlite3.Error) as error:
        raise DatasetError(str(error)) from error
