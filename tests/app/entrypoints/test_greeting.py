import json

from app.entrypoints.greeting import handler
from tests.app.entrypoints.conftest import ROOT


def test_the_sample_event_is_greeted() -> None:
    event = json.loads((ROOT / "events" / "greeting.json").read_text())

    assert handler(event, None) == {"greeting": "Hello, Ada!"}
