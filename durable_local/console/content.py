"""Inputs, results and errors as pages show them: laid out, cut to a length, and without callback ids."""

import json
import re
from contextlib import suppress
from dataclasses import dataclass

from durable.model import ErrorObject
from durable_local.store.payloads import Beginning
from durable_local.tokens import concealed

MOST_LETTERS = 100_000
"""How much of one payload a page shows; a result may have 6 MB."""

_HIDDEN = re.compile(r"\\u00([2-7][0-9a-fA-F])")
"""A letter of ASCII as an escape of JSON; callback ids could be written so."""
_LONGEST_PART = 64
"""How much of a callback id can stand where a reading ended."""


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


def beginning(told: Beginning | None) -> Content | None:
    """As much of a payload as was read; one that was not read to its end stands as it is."""
    if told is None or not told.omitted:
        return content(told.text if told else None)
    plain = concealed(_HIDDEN.sub(lambda found: chr(int(found[1], 16)), told.text))[:-_LONGEST_PART]
    return Content(plain[:MOST_LETTERS], told.omitted + len(told.text) - len(plain[:MOST_LETTERS]))


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
