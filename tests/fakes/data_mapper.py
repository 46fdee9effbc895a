"""A data mapper for rows that are plain words."""

from app.domain.errors import RowRejectedError
from app.ports.data_mapper import DataMapper


class WordMapper(DataMapper[str]):
    """A row is its own id, record and document; words that start with `bad` are rejected."""

    def identify(self, row: str) -> str:
        return row

    def map_to_domain(self, row: str) -> str:
        if row.startswith("bad"):
            raise RowRejectedError("word", "is bad")
        return row

    def map_to_document(self, record: str) -> str:
        return record
