import json
from pathlib import Path

import pytest

from durable_local.hosts.loading import load
from tests.app.entrypoints.conftest import ROOT

EVENT = json.loads((ROOT / "events" / "checkout.json").read_text())


@pytest.mark.usefixtures("modules")
def test_the_sample_event_closes_its_cart_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("APP_DATABASE", str(tmp_path / "app.sqlite"))
    handler = load("app.entrypoints.checkout.handler")

    first = handler(EVENT, None)
    second = handler(EVENT, None)

    assert first == second
    assert first["order_id"] == EVENT["order_id"]
