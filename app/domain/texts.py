"""Texts that people read: names and ids."""

import re

from app.domain.errors import RowRejectedError, shown

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def check_text(field: str, text: str) -> None:
    """Refuse a text that is blank, or holds a control character other than tab and line ends; markup is a text."""
    if not text.strip():
        raise RowRejectedError(field, f"{shown(text)} is blank; give it a text")
    if found := CONTROL.search(text):
        raise RowRejectedError(field, f"{shown(text)} holds the control character {found[0]!r}; leave it out")
