"""The cart reminder may be interrupted anywhere."""

import json
from pathlib import Path

import pytest

from durable_local.testing import assert_replay_safe
from tests.app.workflows.reminders import EVENT, Reminders
from tests.fakes.carts import MemoryCarts
from tests.fakes.moments import CountingClock
from tests.fakes.notifier import MemoryNotifier


def test_a_reminder_does_what_it_does_once_wherever_it_crashes() -> None:
    carts, notifier, clock = MemoryCarts(), MemoryNotifier(), CountingClock()
    calls = notifier.calls = carts.calls

    def handler(event: object, context: object) -> object:
        return Reminders(carts=carts, notifier=notifier, clock=clock).handler()(event, context)

    safety = assert_replay_safe(handler, EVENT, effects=lambda: calls)

    assert safety.tried == safety.points >= 8
    assert {call.partition(" ")[0] for call in calls} == {"add", "find", "notify"}


def test_the_reminder_as_it_is_deployed_resumes_in_a_new_sandbox(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("APP_STORAGE_ROOT", str(tmp_path))
    monkeypatch.setenv("APP_DATABASE", str(tmp_path / "app.sqlite"))

    safety = assert_replay_safe("app.entrypoints.cart_reminder.handler", EVENT, most=6)

    notices = [json.loads(path.read_text()) for path in tmp_path.glob("notices/*.json")]
    assert safety.tried > 0
    assert notices
    assert all(notice["recipient"] == "ada" for notice in notices)
