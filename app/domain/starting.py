"""Executions that events begin: of which workflow, under which name, with what payload."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.carts import cart_added
from app.domain.errors import InvalidRequestError, UnknownEventError, shown
from app.domain.placed_orders import placed_order

LONGEST_NAME = 64
HASH_CHARACTERS = 24
"""96 bits of SHA-256: two keys of one hash would take more carts than there will ever be."""
LEGAL = re.compile(r"[A-Za-z0-9_-]+")
ILLEGAL = re.compile(r"[^A-Za-z0-9_-]+")
LIKE_HASHED = re.compile(rf".*--[0-9a-f]{{{HASH_CHARACTERS}}}")


@dataclass(frozen=True, slots=True)
class BusinessEvent:
    """Something that has happened: its kind, and what it tells."""

    kind: str
    detail: object


@dataclass(frozen=True, slots=True)
class Start:
    """An execution to begin."""

    workflow: str
    name: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Beginning:
    """What events of one kind begin: `key` is the member with the business key, `payload` makes the workflow's event.

    What no workflow could do anything with is refused by `payload`: an execution that fails at once would take the
    name from the event that comes corrected.
    """

    workflow: str
    key: str
    payload: Callable[[Mapping[str, Any]], Mapping[str, Any]]


def start_of(event: BusinessEvent) -> Start:
    """The execution that an event begins; the same business key always gives the same name."""
    beginning = BEGINNINGS.get(event.kind)
    if beginning is None:
        raise UnknownEventError(
            f"No workflow begins with {shown(event.kind)}; known are {', '.join(sorted(BEGINNINGS))}"
        )
    if not isinstance(event.detail, dict):
        raise InvalidRequestError(f"The detail of {event.kind} must be an object, not {shown(event.detail)}")
    key = event.detail.get(beginning.key)
    if not isinstance(key, str) or not key.strip():
        raise InvalidRequestError(f"{event.kind} needs {beginning.key}, a text that is not blank, and has {shown(key)}")
    return Start(beginning.workflow, name_of(beginning.workflow, key), beginning.payload(event.detail))


def name_of(workflow: str, key: str) -> str:
    """The name of an execution: 1 to 64 of `A-Za-z0-9-_`, the same for the same key and another for another.

    A short plain key stands in it as it is. Of any other, what is legal stands before a hash of the whole; so does a
    plain one that looks as if it had been hashed.
    """
    plain = f"{workflow}-{key}"
    if len(plain) <= LONGEST_NAME and LEGAL.fullmatch(plain) and not LIKE_HASHED.fullmatch(plain):
        return plain
    # A text from JSON may hold half of a surrogate pair, which only this way has bytes.
    hashed = hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_CHARACTERS]
    readable = ILLEGAL.sub("-", plain)[: LONGEST_NAME - HASH_CHARACTERS - len("--")]
    return f"{readable}--{hashed}"


def _without_its_run(detail: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in detail.items() if name != "run"}


def _placed(detail: Mapping[str, Any]) -> Mapping[str, Any]:
    placed_order(detail)
    return detail


BEGINNINGS: Mapping[str, Beginning] = {
    "cart-added": Beginning("cart-reminder", "cart_id", cart_added),
    "order-placed": Beginning("fulfilment", "order_id", _placed),
    "data-requested": Beginning("pipeline", "run", _without_its_run),
    "tour-requested": Beginning("tour", "run", _without_its_run),
}
"""By kind of event. No workflow's name and a dash begin another one's, so that no two of them share a name."""
