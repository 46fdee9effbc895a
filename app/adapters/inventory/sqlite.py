"""Stock in SQLite."""

import csv
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from app.adapters.technologies.embedded import EmbeddedStore
from app.domain.fulfilment import Reservation
from app.domain.placed_orders import Line
from app.domain.refusals import OrderUndoneError, OutOfStockError, UnknownSkuError
from app.ports.inventory import Inventory, InventoryError, InventoryUnavailableError

STOCK = """
CREATE TABLE IF NOT EXISTS stock (
    sku TEXT NOT NULL PRIMARY KEY,
    available INTEGER NOT NULL CHECK (available >= 0)
) STRICT
"""
RESERVATIONS = """
CREATE TABLE IF NOT EXISTS reservations (
    key TEXT NOT NULL PRIMARY KEY,
    lines TEXT NOT NULL,
    released INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1))
) STRICT
"""
FILL = "INSERT INTO stock VALUES (?, ?)"
AVAILABLE = "SELECT available FROM stock WHERE sku = ?"
TAKE = "UPDATE stock SET available = available - ? WHERE sku = ?"
FIND = "SELECT lines, released FROM reservations WHERE key = ?"
RESERVE = "INSERT INTO reservations (key, lines) VALUES (?, ?)"
RELEASE = "INSERT INTO reservations VALUES (?, '[]', 1) ON CONFLICT (key) DO UPDATE SET released = 1"


class SqliteInventory(Inventory):
    """Keeps a row for each SKU and for each reservation; begins with the stock in a CSV document."""

    def __init__(self, path: Path, first_stock: Path) -> None:
        self._store = EmbeddedStore(path, "the stock", [STOCK, RESERVATIONS], InventoryError, InventoryUnavailableError)
        self._first_stock = first_stock

    def reserve(self, lines: Sequence[Line], key: str) -> Reservation:
        with self._store.transaction() as database:
            self._fill(database)
            reserved = _reserved(database, key)
            if reserved is None:
                _check(database, lines)
                database.executemany(TAKE, [(line["quantity"], line["sku"]) for line in lines])
                database.execute(RESERVE, (key, json.dumps(lines)))
        return _reservation(key, reserved or lines)

    def release(self, key: str) -> Reservation:
        with self._store.transaction() as database:
            text, released = database.execute(FIND, (key,)).fetchone() or ("[]", 0)
            lines = json.loads(text)
            if not released:
                database.executemany(TAKE, [(-line["quantity"], line["sku"]) for line in lines])
                database.execute(RELEASE, (key,))
        return _reservation(key, lines)

    def _fill(self, database: sqlite3.Connection) -> None:
        """Begin with the document's stock where there is none at all."""
        if database.execute("SELECT 1 FROM stock").fetchone():
            return
        with self._first_stock.open(newline="", encoding="utf-8") as document:
            database.executemany(FILL, [(row["sku"], int(row["available"])) for row in csv.DictReader(document)])


def _reserved(database: sqlite3.Connection, key: str) -> Sequence[Line] | None:
    found = database.execute(FIND, (key,)).fetchone()
    if found is None:
        return None
    text, released = found
    if released:
        raise OrderUndoneError(f"the reservation {key} was released before")
    lines: list[Line] = json.loads(text)
    return lines


def _check(database: sqlite3.Connection, lines: Sequence[Line]) -> None:
    found = {line["sku"]: database.execute(AVAILABLE, (line["sku"],)).fetchone() for line in lines}
    if unknown := [sku for sku, row in found.items() if row is None]:
        raise UnknownSkuError(f"the shop does not have {', '.join(unknown)}")
    short = [line for line in lines if found[line["sku"]][0] < line["quantity"]]
    if short:
        told = ", ".join(f"{found[line['sku']][0]} of {line['quantity']} {line['sku']}" for line in short)
        raise OutOfStockError(f"in stock are only {told}")


def _reservation(key: str, lines: Sequence[Line]) -> Reservation:
    return Reservation(reservation_id=key, pieces=sum(line["quantity"] for line in lines))
