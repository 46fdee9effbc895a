"""The opaque texts that the service hands out."""

import base64
import re
import secrets

_RANDOM_BYTES = 12
_CALLBACK_ID = re.compile("(?:[MNOYZ][A-Za-z0-9]{3}){16}")
"""48 hexadecimal digits in base64; no word of a text, and no hash, looks like that."""


def checkpoint_token(fence: int, sequence: int) -> str:
    """The right to make the next checkpoint of an invocation, once."""
    return _opaque(f"{fence}.{sequence}.{secrets.token_hex(_RANDOM_BYTES)}")


def callback_id() -> str:
    """The right to answer a callback: a secret that tells nothing."""
    return _opaque(secrets.token_hex(2 * _RANDOM_BYTES))


def concealed(text: str) -> str:
    """A text without callback ids, wherever they stand in it: functions hand them to others, who put them anywhere."""
    return _CALLBACK_ID.sub("(a callback id)", text)


def _opaque(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
