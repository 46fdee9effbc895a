"""The tour may be interrupted anywhere."""

from pathlib import Path
from typing import Any

import pytest

from app.adapters.storage.memory import MemoryStorage
from app.entrypoints import greeting
from durable_local.testing import assert_replay_safe
from tests.app.workflows.tours import CALLBACK, EVENT, GREETING, Tours
from tests.fakes.storage import TroubledStorage


def test_the_tour_leaves_the_same_documents_wherever_it_crashes() -> None:
    storage = TroubledStorage(MemoryStorage())
    tours = Tours(storage=storage)

    def cold(event: Any, context: Any) -> Any:
        return tours.handler()(event, context)

    safety = assert_replay_safe(
        cold,
        EVENT,
        effects=lambda: storage.calls,
        callbacks={CALLBACK: "yes"},
        functions={GREETING: greeting.handler},
    )

    assert safety.tried == safety.points > 20


def test_the_tour_as_it_is_deployed_resumes_in_a_new_sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("APP_STORAGE_ROOT", str(tmp_path))

    assert_replay_safe(
        "app.entrypoints.tour.handler",
        EVENT,
        effects=lambda: {path.name: path.read_text() for path in tmp_path.rglob("*.txt")},
        callbacks={CALLBACK: "yes"},
        functions={"GreetingFunction": greeting.handler},
        most=2,
    )

    assert len(list(tmp_path.rglob("*.txt"))) == len(["question", "report", *EVENT["items"][:3]])
