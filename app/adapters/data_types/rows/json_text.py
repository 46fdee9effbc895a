"""JSON as it came: exact numbers, and the members of an array without reformatting them."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from app.domain.errors import shown

SPACE = re.compile(r"[ \t\r\n]*")
LINE_BREAKS = re.compile(r"[\r\n]+")
MARKS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
"""Brackets, and texts whole, also one that never ends: nothing is tried twice or remembered to be tried again."""

MOST_DIGITS = 1_000
"""Beyond this, turning a decimal into a whole number would cost more than any row is worth."""


def _exact(number: str) -> Decimal:
    try:
        decimal = Decimal(number)
    except InvalidOperation:
        raise ValueError(_out_of_range(number)) from None
    if abs(decimal.adjusted()) > MOST_DIGITS:
        raise ValueError(_out_of_range(number))
    return decimal


def _whole(number: str) -> int:
    if len(number) > MOST_DIGITS:
        raise ValueError(_out_of_range(number))
    return int(number)


def _out_of_range(number: str) -> str:
    told = number[:40] + "..." * (len(number) > 40)
    return f"{told} is out of range; numbers have at most {MOST_DIGITS} digits"


def _distinct(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these members, unless a name comes twice: no reader could tell which one is meant."""
    fields = dict(members)
    if len(fields) < len(members):
        ((repeated, _),) = Counter(name for name, _ in members).most_common(1)
        raise ValueError(f"{shown(repeated)} is there twice; name each field once")
    return fields


EXACT = json.JSONDecoder(parse_float=_exact, parse_int=_whole, parse_constant=Decimal, object_pairs_hook=_distinct)
"""NaN and Infinity, which are no JSON, pass as decimals, so that a rejection can name their field."""
BLIND = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
"""Finds where values end, and judges no number."""


def parse(text: str) -> Any:
    """The value of a JSON text, with decimals exact; `ValueError` says what is wrong, however deep the text nests."""
    try:
        return EXACT.decode(text)
    except RecursionError:
        raise ValueError("nests too deeply") from None
    except json.JSONDecodeError as error:
        place = f"at character {error.pos}, {shown(text[error.pos :])}"
        raise ValueError(f"{error.msg.removesuffix(' at')} {place}") from None


def array_members(text: str) -> Iterator[str]:
    """Each member of a JSON array as its own text on one line, digit for digit; `ValueError` where it is no array."""
    position = _after(text, 0, "[")
    while not text.startswith("]", position):
        end = _end_of_value(text, position)
        yield LINE_BREAKS.sub(" ", text[position:end])
        position = _skip_space(text, end)
        if not text.startswith("]", position):
            position = _after(text, position, ",")


def _end_of_value(text: str, position: int) -> int:
    try:
        return BLIND.raw_decode(text, position)[1]
    except RecursionError:
        return _end_of_nested(text, position)


def _end_of_nested(text: str, position: int) -> int:
    """Where brackets that are too deep for the decoder are closed again; the mapper will say what is within."""
    depth = 0
    for mark in MARKS.finditer(text, position):
        depth += (mark[0] in "[{") - (mark[0] in "]}")
        if depth == 0:
            return mark.end()
    raise ValueError(f"expected the bracket at character {position} to be closed")


def _after(text: str, position: int, sign: str) -> int:
    position = _skip_space(text, position)
    if not text.startswith(sign, position):
        raise ValueError(f"expected {sign!r} at character {position}, not {text[position : position + 20]!r}")
    return _skip_space(text, position + 1)


def _skip_space(text: str, position: int) -> int:
    space = SPACE.match(text, position)
    return space.end() if space else position
