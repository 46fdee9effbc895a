"""Pages: rows grouped into documents of JSON Lines, whose bytes survive whatever they are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

ANY_BYTES = "surrogateescape"


@dataclass(frozen=True, slots=True)
class Page:
    """Consecutive rows that are staged as one document."""

    number: int
    rows: tuple[str, ...]

    @property
    def body(self) -> bytes:
        """The document: one row a line."""
        return to_lines(self.rows)


def paged(rows: Iterable[str], page_rows: int, page_bytes: int) -> Iterator[Page]:
    """Group rows in their order; a page closes before it exceeds either limit, and holds at least one row."""
    number, size, page = 0, 0, list[str]()
    for row in rows:
        line = line_bytes(row)
        if page and (len(page) >= page_rows or size + line > page_bytes):
            yield Page(number, tuple(page))
            number, size, page = number + 1, 0, []
        page.append(row)
        size += line
    if page:
        yield Page(number, tuple(page))


def line_bytes(text: str) -> int:
    """How many bytes a text takes as a line; to ask whether it is ASCII costs nothing, and mostly it is."""
    return (len(text) if text.isascii() else len(text.encode(errors=ANY_BYTES))) + 1


def to_lines(texts: Sequence[str]) -> bytes:
    """One document of one text a line."""
    return "\n".join([*texts, ""]).encode(errors=ANY_BYTES)


def from_lines(body: bytes) -> list[str]:
    """The texts of a document."""
    texts = body.decode(errors=ANY_BYTES).split("\n")
    return texts if texts[-1] else texts[:-1]
