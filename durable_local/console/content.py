"""Inputs, results and errors as pages show them: laid out, cut to a length, and without callback ids."""

import json
from contextlib import suppress
from dataclasses import dataclass

from durable.model import ErrorObject
from durable_local.tokens import concealed

MOST_LETTERS = 100_000
"""How much of one payload a page shows; a result may have 6 MB."""


@dataclass(frozen=True, slots=True)
class Content:
    """A text, and how many letters more there are."""

    text: str
    omitted: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """An error with the place that it came from."""

    type: str
    message: Content
    trace: Content
    data: Content | None


def content(payload: str | None) -> Content | None:
    """A payload; JSON is indented, anything else stands as it is."""
    if payload is None:
        return None
    with suppress(ValueError, RecursionError):  # it may be the words of a serdes of the user's own
        payload = json.dumps(json.loads(payload), indent=2, ensure_ascii=False)
    return _cut(payload)


def failure(error: ErrorObject | None) -> Failure | None:
    """An error, with its stack trace if it has one."""
    if error is None:
        return None
    trace = _cut("\n".join(line.rstrip("\n") for line in error.stack_trace or ()))
    return Failure(concealed(error.type or "Error"), _cut(error.message or ""), trace, content(error.data))


def _cut(text: str) -> Content:
    # Concealed first: most of a callback id is almost as good as all of it.
    text = concealed(text)
    return Content(text[:MOST_LETTERS], max(len(text) - MOST_LETTERS, 0))
