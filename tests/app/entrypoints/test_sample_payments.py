import json
from pathlib import Path

import pytest

from durable_local.hosts.loading import load

CHARGE = {
    "rawPath": "/charges",
    "headers": {"idempotency-key": "order-1"},
    "body": '{"card": "card-7", "amount": "48.35"}',
}


@pytest.mark.usefixtures("modules")
def test_a_charge_is_kept_and_proved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("APP_DATABASE", str(tmp_path / "app.sqlite"))
    handler = load("app.entrypoints.sample_payments.handler")

    first, again = handler(CHARGE, None), handler(CHARGE, None)

    assert first == again
    assert json.loads(first["body"]) == {"charge_id": "charge-order-1", "amount": "48.35"}
