"""Datasets: stored documents as tables that can be asked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypedDict

from app.domain.errors import InvalidDocumentError, shown

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")

Row = Mapping[str, object]


class Dataset(TypedDict):
    """Proof that a database of `size` bytes lies under `key`; `tables` tells what is in it, for people and models."""

    key: str
    size: int
    sha256: str
    tables: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows that a query found, or the first of them where there are more than may be told."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    complete: bool


def rows_of(table: str, document: object) -> Iterator[tuple[str, Row]]:
    """A document as rows, each with its table: its own, then one for everything that it lists.

    What is listed goes into the table `<table>_<member>`, with the document's first member, which names it.
    """
    if not isinstance(document, dict):
        raise InvalidDocumentError(f"A document of {shown(table)} is {shown(document)}, not an object")
    listed = {member: value for member, value in document.items() if isinstance(value, list)}
    own = {member: value for member, value in document.items() if member not in listed}
    if not own:
        raise InvalidDocumentError(f"A document of {shown(table)} holds nothing but lists; give it an id")
    yield table, own
    name, owner = next(iter(own.items()))
    for member, values in listed.items():
        for value in values:
            yield (
                f"{table}_{member}",
                {f"{table}_{name}": owner} | (value if isinstance(value, dict) else {"value": value}),
            )


def checked_name(name: str) -> str:
    """The name, if it can be that of a table or a column."""
    if not IDENTIFIER.fullmatch(name):
        raise InvalidDocumentError(f"{shown(name)} cannot name a table or a column; use letters, digits and '_'")
    return name
