"""Carts in an SQLite file."""

import sqlite3
from dataclasses import astuple
from pathlib import Path

from app.adapters.technologies.embedded import EmbeddedStore
from app.adapters.technologies.sqlite import PATIENCE_SECONDS
from app.domain.carts import Cart
from app.ports.carts import Carts, CartsError, CartsUnavailableError

SCHEMA = """
CREATE TABLE IF NOT EXISTS carts (
    cart_id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT,
    added_at TEXT,
    order_id TEXT,
    checked_out_at TEXT
) STRICT
"""
FIND = "SELECT cart_id, customer_id, added_at, order_id, checked_out_at FROM carts WHERE cart_id = ?"
KEEP = "INSERT OR REPLACE INTO carts VALUES (?, ?, ?, ?, ?)"


class SqliteCarts(Carts):
    """Keeps each cart in a row; a kill at any instant leaves the row as it was or as it should be."""

    def __init__(self, path: Path, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._store = EmbeddedStore(path, "carts", [SCHEMA], CartsError, CartsUnavailableError, patience_seconds)

    def add(self, cart_id: str, customer_id: str, at: str) -> Cart:
        with self._store.transaction() as database:
            return _keep(database, (_find(database, cart_id) or Cart(cart_id)).added(customer_id, at))

    def find(self, cart_id: str) -> Cart | None:
        with self._store.transaction() as database:
            return _find(database, cart_id)

    def check_out(self, cart_id: str, order_id: str, at: str) -> Cart:
        with self._store.transaction() as database:
            return _keep(database, (_find(database, cart_id) or Cart(cart_id)).checked_out(order_id, at))


def _find(database: sqlite3.Connection, cart_id: str) -> Cart | None:
    row = database.execute(FIND, (cart_id,)).fetchone()
    return Cart(*row) if row else None


def _keep(database: sqlite3.Connection, cart: Cart) -> Cart:
    database.execute(KEEP, astuple(cart))
    return cart
