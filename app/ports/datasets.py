"""Stored documents as data that can be asked."""

from typing import Protocol

from app.domain.datasets import Answer, Dataset


class DatasetError(Exception):
    """The data cannot be had, and trying again will not help; the text says why."""


class DatasetUnavailableError(DatasetError):
    """The data cannot be had now; the same call may succeed later."""


class QueryRefusedError(DatasetError):
    """The query is not answered: it would do more than read, cost too much or has a mistake; the text says which."""


class Datasets(Protocol):
    """Makes datasets of stored documents, and lets anybody read them, and nobody change them."""

    def build(self, documents: str, key: str) -> Dataset:
        """Keep what an execution of the pipeline has stored as a dataset under the key, in place of the one there."""
        ...

    def query(self, dataset: Dataset, statement: str) -> Answer:
        """What one SQL query finds, within limits of time, rows and bytes; the query need not be trusted."""
        ...
