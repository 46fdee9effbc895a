"""The opaque texts that the service hands out."""

import base64
import secrets

_RANDOM_BYTES = 12


def checkpoint_token(fence: int, sequence: int) -> str:
    """The right to make the next checkpoint of an invocation, once."""
    return _opaque(f"{fence}.{sequence}.{secrets.token_hex(_RANDOM_BYTES)}")


def callback_id() -> str:
    """The right to answer a callback: a secret that tells nothing."""
    return _opaque(secrets.token_hex(2 * _RANDOM_BYTES))


def _opaque(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
