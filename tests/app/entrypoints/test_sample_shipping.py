import json
from pathlib import Path

import pytest

from durable_local.hosts.loading import load

SHIPMENT = {
    "rawPath": "/shipments",
    "headers": {"idempotency-key": "order-1"},
    "body": '{"customer_id": "c-1", "lines": [{"sku": "tea-01", "quantity": 1}]}',
}


@pytest.mark.usefixtures("modules")
def test_a_parcel_is_kept_and_told_by_its_id(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("APP_DATABASE", str(tmp_path / "app.sqlite"))
    handler = load("app.entrypoints.sample_shipping.handler")

    answer = handler(SHIPMENT, None)

    assert (answer["statusCode"], json.loads(answer["body"])) == (201, {"tracking_id": "parcel-order-1"})
