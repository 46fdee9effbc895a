"""Numbers as rows spell them: JSON's, or a text of plain digits as in a CSV cell."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

PLAIN = re.compile(r"\s*[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\s*", re.ASCII)
WHOLE = re.compile(r"\s*[+-]?\d{1,1000}\s*", re.ASCII)


def _plain(value: object) -> object:
    """Refuses what Python would read too: `1_000`, and the digits of other scripts."""
    if isinstance(value, str) and not PLAIN.fullmatch(value):
        raise PydanticCustomError("decimal_parsing", "no number")
    return value


def _whole(value: object) -> object:
    if isinstance(value, bool) or (isinstance(value, str) and not WHOLE.fullmatch(value)):
        raise PydanticCustomError("int_parsing", "no whole number")
    return value


Amount = Annotated[Decimal, BeforeValidator(_plain)]
"""A decimal, exact."""
Count = Annotated[int, BeforeValidator(_whole)]
"""A whole number, also where it comes as a text."""
