"""The pipeline may be interrupted anywhere."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.adapters.storage.memory import MemoryStorage
from app.domain.limits import Limits
from durable_local.testing import assert_replay_safe
from tests.app.workflows.conftest import handler_of, pipeline, words
from tests.fakes.storage import TroubledStorage

ROOT = Path(__file__).parents[3]


def test_the_pipeline_stores_the_same_documents_wherever_it_crashes() -> None:
    storage = TroubledStorage(MemoryStorage())
    make_workflow = pipeline(storage, Limits(page_rows=2), verbs=words("go", "run", "sit"), nouns=words("cat", "dog"))

    def handler(event: Any, context: Any) -> Any:
        return handler_of(make_workflow())(event, context)

    safety = assert_replay_safe(handler, {"event_contexts": ["verbs", "nouns"]}, effects=lambda: storage.calls)

    assert safety.tried == safety.points > 6
    assert {call for call in storage.calls if "documents/" in call}


def test_the_pipeline_as_it_is_deployed_resumes_in_a_new_sandbox(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("APP_STORAGE_ROOT", str(tmp_path))
    monkeypatch.setenv("APP_SOURCE_ROOT", str(ROOT / "data"))

    assert_replay_safe(
        "app.entrypoints.pipeline.handler",
        {"event_contexts": ["products"]},
        effects=lambda: {path.name: json.loads(path.read_text()) for path in tmp_path.rglob("documents/**/*.json")},
        most=6,
    )

    assert len(list(tmp_path.rglob("documents/**/*.json"))) == 57
