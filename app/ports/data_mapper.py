"""What rows mean."""

from typing import Protocol, TypeVar

Record = TypeVar("Record")


class DataMapper(Protocol[Record]):
    """Turns a raw row into a record, and a record into its document; pure."""

    def identify(self, row: str) -> str:
        """The row's own id, or an empty text; never raises, whatever the row holds."""
        ...

    def map_to_domain(self, row: str) -> Record:
        """The row's record; `RowRejectedError` names the field and the reason where a rule is broken."""
        ...

    def map_to_document(self, record: Record) -> str:
        """The record as one line of JSON; amounts are texts, so that they stay exact."""
        ...
