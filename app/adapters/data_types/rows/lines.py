"""Lines of a document: decoded without losing a byte, and none longer than a row may be."""

import io
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import BinaryIO

from app.adapters.data_types.rows.unreadable import MOST_CHARACTERS

ANY_BYTES = "surrogateescape"
"""A byte that is not UTF-8 becomes one character of U+DC80 to U+DCFF, and that byte again where it is written."""
UTF_8 = "utf-8-sig"
"""Without a byte order mark, if there is one."""
UTF_16_MARKS = tuple(mark.decode(errors=ANY_BYTES) for mark in (b"\xff\xfe", b"\xfe\xff"))


class UnreadableDocumentError(ValueError):
    """A document whose rows cannot be told apart; the text says why."""


def text_lines(stream: BinaryIO, newline: str) -> Iterator[str]:
    """Each line with its end, read while they are taken; one that is too long is cut after `MOST_CHARACTERS` + 1.

    `newline` is as `open` has it: "" ends lines at LF, CR LF and CR, "\\n" at LF alone.
    """
    with io.TextIOWrapper(stream, UTF_8, ANY_BYTES, newline) as text:
        lines = iter(partial(text.readline, MOST_CHARACTERS + 1), "")
        first = check_encoding(next(lines, ""))
        for line in chain(filter(None, [first]), lines):
            yield line
            _skip_rest(line, lines, ends=newline or "\r\n")


def _skip_rest(line: str, lines: Iterator[str], ends: str) -> None:
    while len(line) > MOST_CHARACTERS and line[-1] not in ends:
        line = next(lines, "")


def check_encoding(text: str) -> str:
    """The text, unless it begins like one of UTF-16 or UTF-32."""
    if text.startswith(UTF_16_MARKS):
        raise UnreadableDocumentError("it is UTF-16 or UTF-32; save it as UTF-8")
    return text
