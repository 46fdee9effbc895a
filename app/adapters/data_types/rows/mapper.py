"""The mapper that all data types share: a pydantic model of the raw row does the work."""

from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from app.adapters.data_types.rows.json_text import parse
from app.domain.errors import RowRejectedError
from app.ports.data_mapper import DataMapper

Record = TypeVar("Record")


class Shape(BaseModel):
    """An object inside a row; a field that it does not know is refused, so that no data is lost unseen."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, str_max_length=10_000)


class Row(Shape, ABC, Generic[Record]):
    """The shape of one data type's rows, and how they become records."""

    @abstractmethod
    def to_record(self) -> Record:
        """The row's record; the record's own rules may still refuse it."""


class RowMapper(DataMapper[Record]):
    """Maps rows of one shape to records of one class; the row's id is its field `id_field`."""

    def __init__(self, row: type[Row[Record]], record: type[Record], id_field: str) -> None:
        self._row = row
        self._documents = TypeAdapter(record)
        self._id_field = id_field

    def identify(self, row: str) -> str:
        try:
            row_id = _fields(row).get(self._id_field)
        except ValueError:
            return ""
        return str(row_id) if type(row_id) in (str, int) else ""

    def map_to_domain(self, row: str) -> Record:
        try:
            shape = self._row.model_validate(_fields(row))
        except ValidationError as error:
            raise _rejected(error) from None
        except ValueError as error:
            raise RowRejectedError("row", f"is no JSON object: {error}") from None
        return shape.to_record()

    def map_to_document(self, record: Record) -> str:
        return self._documents.dump_json(record).decode()


def _fields(row: str) -> dict[str, Any]:
    match parse(row):
        case dict() as fields:
            return fields
        case other:
            raise ValueError(f"it is a {type(other).__name__}")


def _rejected(error: ValidationError) -> RowRejectedError:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = ".".join(str(part)[:64] for part in first["loc"])
    return RowRejectedError(field or "row", first["msg"])
