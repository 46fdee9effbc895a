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
        if page and (len(page) >= page_rows or size + len(row) + 1 > page_bytes):
            yield Page(number, tuple(page))
            number, size, page = number + 1, 0, []
        page.append(row)
        size += len(row) + 1
    if page:
        yield Page(number, tuple(page))


def to_lines(texts: Sequence[str]) -> bytes:
    """One document of one text a line."""
    return "\n".join([*texts, ""]).encode(errors=ANY_BYTES)


def from_lines(body: bytes) -> list[str]:
    """The texts of a document."""
    texts = body.decode(errors=ANY_BYTES).split("\n")
    return texts if texts[-1] else texts[:-1]
