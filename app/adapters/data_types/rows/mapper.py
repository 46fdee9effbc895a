"""The mapper that all data types share: a pydantic model of the raw row does the work."""

from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, TypeAdapter, ValidationError, create_model

from app.adapters.data_types.rows.json_text import parse
from app.adapters.data_types.rows.unreadable import reason_of
from app.domain.errors import RowRejectedError, shown
from app.ports.data_mapper import DataMapper

Record = TypeVar("Record")

LONGEST_TEXT = 10_000
NO_NUMBER = "is no number of plain digits"
NO_WHOLE_NUMBER = "is no whole number"
RULES = {
    "extra_forbidden": "is in a field that this data type does not know",
    "string_type": "is no text",
    "string_too_long": f"has more than {LONGEST_TEXT} characters",
    "string_unicode": "is no Unicode text: a byte is not UTF-8, or half a surrogate pair stands alone",
    "decimal_type": NO_NUMBER,
    "decimal_parsing": NO_NUMBER,
    "finite_number": "is no finite number",
    "int_type": NO_WHOLE_NUMBER,
    "int_parsing": NO_WHOLE_NUMBER,
    "int_from_float": NO_WHOLE_NUMBER,
    "list_type": "is no list",
    "model_type": "is no object",
}
"""What pydantic finds wrong with a value, in the words of a rejection."""


class Shape(BaseModel):
    """An object inside a row; a field that it does not know is refused, so that no data is lost unseen."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, str_max_length=LONGEST_TEXT)


class Row(Shape, ABC, Generic[Record]):
    """The shape of one data type's rows, and how they become records."""

    @abstractmethod
    def to_record(self) -> Record:
        """The row's record; the record's own rules may still refuse it."""


class Identity(BaseModel):
    """The id of a row, read without judging the rest: every row's id is asked for before any row is mapped."""

    model_config = ConfigDict(str_strip_whitespace=True, str_max_length=LONGEST_TEXT)

    id: str | int


class RowMapper(DataMapper[Record]):
    """Maps rows of one shape to records of one class; the row's id is its field `id_field`."""

    def __init__(self, row: type[Row[Record]], record: type[Record], id_field: str) -> None:
        self._row = row
        self._documents = TypeAdapter(record)
        self._identity = create_model("Identity", __base__=Identity, id=(StrictStr | StrictInt, Field(alias=id_field)))

    def identify(self, row: str) -> str:
        try:
            return str(self._identity.model_validate_json(row).id)
        except ValueError:
            return ""

    def map_to_domain(self, row: str) -> Record:
        try:
            fields = _fields(row)
            if reason := reason_of(fields):
                raise RowRejectedError("row", reason)
            shape = self._row.model_validate(fields)
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
            raise ValueError(f"it is {shown(other)}")


def _rejected(error: ValidationError) -> RowRejectedError:
    first = error.errors(include_url=False, include_context=False)[0]
    field = ".".join(str(part)[:64] for part in first["loc"])
    if first["type"] == "missing":
        return RowRejectedError(field, "is missing; give it a value")
    return RowRejectedError(field or "row", f"{shown(first['input'])} {RULES.get(first['type'], first['msg'])}")
