"""Rows that their source could not read: they travel as JSON like any other, and the mapper rejects them."""

import json
from collections.abc import Mapping
from typing import Any

MOST_CHARACTERS = 1_048_576
"""What one row may have, so that no row costs more memory than a page of them."""
KEPT_CHARACTERS = 1_000
"""What is kept of a longer one."""
TOO_LONG = f"has more than {MOST_CHARACTERS} characters; only its first {KEPT_CHARACTERS} are kept here"

REASON = "unreadable row"


def unreadable(reason: str, text: str) -> str:
    """A row that stands for a text of which no fields could be made."""
    return json.dumps({REASON: reason, "text": text[:KEPT_CHARACTERS] if len(text) > MOST_CHARACTERS else text})


def bounded(row: str) -> str:
    """The row, or what stands for it where it is too long."""
    return row if len(row) <= MOST_CHARACTERS else unreadable(TOO_LONG, row)


def reason_of(fields: Mapping[str, Any]) -> str | None:
    """Why the row of these fields could not be read, if it could not."""
    reason = fields.get(REASON)
    return None if reason is None else str(reason)[:200]
