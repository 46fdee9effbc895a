"""The plain function that the tour invokes."""

from app.domain.greeting import greeting


def handler(event: object, _context: object) -> dict[str, str]:
    """Greet whom the event names."""
    return {"greeting": greeting(event)}
