"""Parcels in a ledger on this machine, which nobody carries."""

import json
from collections.abc import Sequence
from pathlib import Path

from app.adapters.technologies.embedded import EmbeddedStore
from app.domain.fulfilment import Shipment
from app.domain.placed_orders import Line
from app.ports.shipping import Shipping, ShippingError, ShippingUnavailableError

PARCELS = """
CREATE TABLE IF NOT EXISTS parcels (
    key TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL,
    lines TEXT NOT NULL,
    confirmed INTEGER NOT NULL DEFAULT 0 CHECK (confirmed IN (0, 1))
) STRICT
"""
SHIP = "INSERT INTO parcels (key, customer_id, lines) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING"
CONFIRM = "UPDATE parcels SET confirmed = 1 WHERE key = ?"


class LedgerShipping(Shipping):
    """Keeps each parcel in a row."""

    def __init__(self, path: Path) -> None:
        self._store = EmbeddedStore(path, "parcels", [PARCELS], ShippingError, ShippingUnavailableError)

    def ship(self, customer_id: str, lines: Sequence[Line], key: str) -> Shipment:
        with self._store.transaction() as database:
            database.execute(SHIP, (key, customer_id, json.dumps(lines)))
        return _shipment(key)

    def confirm(self, key: str) -> Shipment:
        with self._store.transaction() as database:
            if not database.execute(CONFIRM, (key,)).rowcount:
                raise ShippingError(f"There is no parcel {key}; ship it before it is confirmed")
        return _shipment(key)


def _shipment(key: str) -> Shipment:
    return Shipment(tracking_id=f"parcel-{key}")
