"""JSON as it came: exact numbers, and the members of an array without reformatting them."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

SPACE = re.compile(r"[ \t\r\n]*")
LINE_BREAKS = re.compile(r"[\r\n]+")


MOST_DIGITS = 1_000
"""Beyond this, turning a decimal into a whole number would cost more than any row is worth."""


def _exact(number: str) -> Decimal:
    try:
        decimal = Decimal(number)
    except InvalidOperation:
        raise ValueError(f"{number[:40]} is out of range") from None
    if abs(decimal.adjusted()) > MOST_DIGITS:
        raise ValueError(f"{number[:40]} is out of range")
    return decimal


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a JSON number")


EXACT = json.JSONDecoder(parse_float=_exact, parse_constant=_refuse)
BLIND = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
"""Finds where values end, and judges no number."""


def parse(text: str) -> Any:
    """The value of a JSON text, with decimals exact; `ValueError` says what is wrong, however deep the text nests."""
    try:
        return EXACT.decode(text)
    except RecursionError:
        raise ValueError("nests too deeply") from None


def array_members(text: str) -> Iterator[str]:
    """Each member of a JSON array as its own text on one line, digit for digit; `ValueError` where it is no array."""
    position = _after(text, 0, "[")
    while not text.startswith("]", position):
        _, end = BLIND.raw_decode(text, position)
        yield LINE_BREAKS.sub(" ", text[position:end])
        position = _skip_space(text, end)
        if not text.startswith("]", position):
            position = _after(text, position, ",")


def _after(text: str, position: int, sign: str) -> int:
    position = _skip_space(text, position)
    if not text.startswith(sign, position):
        raise ValueError(f"expected {sign!r} at character {position}, not {text[position : position + 20]!r}")
    return _skip_space(text, position + 1)


def _skip_space(text: str, position: int) -> int:
    space = SPACE.match(text, position)
    return space.end() if space else position
