"""The pipeline's request, and what its steps hand to each other: plain JSON, because it crosses checkpoints."""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from typing import TypedDict

from app.domain.errors import InvalidRequestError, RowRejectedError

SPELLINGS = ("event_contexts", "eventContexts")


class Receipt(TypedDict):
    """Proof that a document of `size` bytes lies under `key`: what a step returns instead of the document."""

    key: str
    size: int


class Content(TypedDict, total=False):
    """One document handed to the next step: its text while that is small, else the receipt of its staged copy."""

    text: str
    staged: Receipt


class Transformed(TypedDict):
    """A batch after `transform-data`: how many records and rejections, and where they are."""

    stored: int
    rejected: int
    documents: Content | None
    rejections: Content | None


class Counts(TypedDict):
    """What became of some rows."""

    stored: int
    rejected: int


class Stored(Counts):
    """A batch after `store-transformed-item`: the counts, and the receipts of what was written."""

    document: Receipt | None
    rejection: Receipt | None


class BranchSummary(Counts):
    """What became of one data type's rows, or of a shard's; `documents` is the address of the data type's records."""

    documents: str


def requested_contexts(event: object, known: Collection[str]) -> list[str]:
    """The event contexts an event asks for: at least one, each once, each among the known ones."""
    names = _listed_names(event)
    if not names:
        raise InvalidRequestError(f"The list of event contexts is empty; name one or more of {_listing(known)}")
    if repeated := [name for name, count in Counter(names).items() if count > 1]:
        raise InvalidRequestError(f"Event contexts are named twice: {_listing(repeated)}; name each once")
    if unknown := set(names).difference(known):
        raise InvalidRequestError(f"Unknown event contexts: {_listing(unknown)}; known are {_listing(known)}")
    return names


def _listed_names(event: object) -> list[str]:
    if not isinstance(event, dict) or len(event) != 1 or not set(event).intersection(SPELLINGS):
        raise InvalidRequestError('The event must be an object with the one member "event_contexts"')
    (names,) = event.values()
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InvalidRequestError(f'"event_contexts" must be a list of names, not {str(names)[:80]}')
    return names


def _listing(names: Iterable[str]) -> str:
    return ", ".join(repr(name[:64]) for name in sorted(names)[:20])


def rejection(row_number: int, row: str, rejected: RowRejectedError) -> str:
    """A refused row as one line of JSON: where and why, with the row as it came."""
    return json.dumps({"row": row_number, "field": rejected.field, "reason": rejected.reason, "raw": row})


def summary(documents: str, parts: Iterable[Counts]) -> BranchSummary:
    """The sum of a branch's batches or shards."""
    counts = [(part["stored"], part["rejected"]) for part in parts]
    return BranchSummary(
        stored=sum(stored for stored, _ in counts),
        rejected=sum(rejected for _, rejected in counts),
        documents=documents,
    )
