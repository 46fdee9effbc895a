"""How errors and moments stand in columns, and what is read of long ones."""

import json
from contextlib import suppress
from datetime import datetime

from durable.model import ErrorObject
from durable.wire import decode, encode, from_milliseconds, milliseconds

BEGINNING = 3_000
"""How many letters of an error's type and message are read where the whole is not asked for."""
ERROR_BEGINNING = f"substr(json_extract(error, '$.ErrorType', '$.ErrorMessage'), 1, {BEGINNING})"
"""As a query asks for them: a JSON array that may lack its end."""
_LONGEST_ESCAPE = 6


def error_text(error: ErrorObject | None) -> str | None:
    """An error as its column has it."""
    return None if error is None else json.dumps(encode(error))


def error_object(text: str | None) -> ErrorObject | None:
    """An error from its column."""
    return None if text is None else decode(ErrorObject, json.loads(text))


def error_beginning(text: str | None) -> ErrorObject | None:
    """An error from the beginning of its column."""
    if text is None:
        return None
    for cut in range(_LONGEST_ESCAPE + 1):
        for end in ("", '"]'):
            with suppress(ValueError):  # cut inside a text or one of its escapes
                type_, message = [*json.loads(text[: len(text) - cut] + end), None][:2]
                return ErrorObject(message, type_)
    return ErrorObject(text)


def stamp(value: datetime | None) -> int | None:
    """A moment as its column has it."""
    return None if value is None else milliseconds(value)


def moment(value: int | None) -> datetime | None:
    """A moment from its column."""
    return None if value is None else from_milliseconds(value)
