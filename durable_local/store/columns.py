"""How errors and moments stand in columns."""

import json
from datetime import datetime

from durable.model import ErrorObject
from durable.wire import decode, encode, from_milliseconds, milliseconds


def error_text(error: ErrorObject | None) -> str | None:
    """An error as its column has it."""
    return None if error is None else json.dumps(encode(error))


def error_object(text: str | None) -> ErrorObject | None:
    """An error from its column."""
    return None if text is None else decode(ErrorObject, json.loads(text))


def stamp(value: datetime | None) -> int | None:
    """A moment as its column has it."""
    return None if value is None else milliseconds(value)


def moment(value: int | None) -> datetime | None:
    """A moment from its column."""
    return None if value is None else from_milliseconds(value)
