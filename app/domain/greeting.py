"""How somebody is greeted."""

from app.domain.errors import InvalidRequestError, shown

LONGEST_NAME = 100


def greeting(event: object) -> str:
    """The greeting for whom an event names."""
    if not isinstance(event, dict) or set(event) != {"name"}:
        raise InvalidRequestError('The event must be an object with the one member "name"')
    return f"Hello, {checked_name(event['name'])}!"


def checked_name(name: object) -> str:
    """The name, if somebody may be greeted by it."""
    if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
        raise InvalidRequestError(f'"name" must be 1 to {LONGEST_NAME} printable characters, not {shown(name)}')
    return name.strip()
