"""A serdes for pydantic models, dataclasses and whatever else pydantic knows the type of."""

from typing import TYPE_CHECKING, Generic, TypeVar

from durable.exceptions import SerDesError
from durable.serdes import SerDes, SerDesContext

if TYPE_CHECKING:  # pydantic is needed only by who uses this module
    from pydantic import TypeAdapter
    from typing_extensions import TypeForm

T = TypeVar("T")

_TOLD = 5
"""Faulty fields that an error names."""


class ModelSerDes(SerDes[T], Generic[T]):
    """Values of one type as the JSON of their fields; the text names no class.

    What would come back changed is refused when it is written: fields that are left out, an attribute of a subclass,
    NaN. So values need `==`, which dataclasses and models have.
    """

    def __init__(self, model: "TypeForm[T]") -> None:
        self._name = model.__name__ if isinstance(model, type) else str(model)
        self._adapter: TypeAdapter[T] = _adapter(model)

    def serialize(self, value: T, serdes_context: SerDesContext) -> str:
        """The value as JSON; SerDesError names the operation and what cannot be kept."""
        try:
            text = self._adapter.dump_json(value, by_alias=False, round_trip=True, warnings="error").decode()
        except ValueError as error:
            raise SerDesError(f"{self._about(serdes_context)} cannot be written: {error}") from error
        again = self.deserialize(text, serdes_context)
        if type(again) is not type(value) or again != value:
            raise SerDesError(
                f"{self._about(serdes_context)} would come back changed{_where(value, again)}; "
                "keep only what the type's fields say, in their types"
            )
        return text

    def deserialize(self, data: str, serdes_context: SerDesContext) -> T:
        """The value; SerDesError names the operation and the fields that do not fit."""
        from pydantic import ValidationError

        try:
            return self._adapter.validate_json(data, by_alias=False, by_name=True)
        except ValidationError as error:
            faults = [f"{'.'.join(map(str, each['loc'])) or 'value'}: {each['msg']}" for each in error.errors()]
            raise SerDesError(f"{self._about(serdes_context)} does not fit: {'; '.join(faults[:_TOLD])}") from error

    def _about(self, serdes_context: SerDesContext) -> str:
        return f"The {self._name} of operation {serdes_context.operation_id}"


def _adapter(model: "TypeForm[T]") -> "TypeAdapter[T]":
    from pydantic import TypeAdapter

    return TypeAdapter(model)


def _where(value: object, again: object) -> str:
    kind = type(value)
    names = getattr(kind, "__dataclass_fields__", None) or getattr(kind, "model_fields", {})
    changed = [name for name in names if getattr(value, name) != getattr(again, name, None)]
    return f" in {', '.join(changed)}" if changed else ""
