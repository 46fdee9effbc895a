"""JSON that has come from outside."""

import json
from typing import Any

from app.domain.errors import InvalidRequestError


def parsed(text: str | bytes, what: str) -> Any:
    """The value that a text spells; one that is not JSON by the book is refused, NaN too."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError(f"{what} is not JSON: {error}") from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")
