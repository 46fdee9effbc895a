"""Carts in an SQLite file."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.adapters.technologies.sqlite import transaction
from app.domain.carts import Cart
from app.ports.carts import CartNotFoundError, Carts, CartsError, CartsUnavailableError

SCHEMA = """
CREATE TABLE IF NOT EXISTS carts (
    cart_id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL,
    added_at TEXT NOT NULL,
    order_id TEXT,
    checked_out_at TEXT
) STRICT
"""
ADD = "INSERT INTO carts VALUES (?, ?, ?, ?, ?) ON CONFLICT (cart_id) DO NOTHING"
FIND = "SELECT cart_id, customer_id, added_at, order_id, checked_out_at FROM carts WHERE cart_id = ?"
CHECK_OUT = "UPDATE carts SET order_id = ?, checked_out_at = ? WHERE cart_id = ?"


class SqliteCarts(Carts):
    """Keeps each cart in a row; a kill at any instant leaves the row as it was or as it should be."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, cart: Cart) -> Cart:
        with self._transaction() as database:
            database.execute(ADD, (cart.cart_id, cart.customer_id, cart.added_at, cart.order_id, cart.checked_out_at))
            return _find(database, cart.cart_id) or cart

    def find(self, cart_id: str) -> Cart | None:
        with self._transaction() as database:
            return _find(database, cart_id)

    def check_out(self, cart_id: str, order_id: str, at: str) -> Cart:
        with self._transaction() as database:
            cart = _find(database, cart_id)
            if cart is None:
                raise CartNotFoundError(f"No cart {cart_id!r} in {self._path}; it has to be added first")
            closed = cart.checked_out(order_id, at)
            database.execute(CHECK_OUT, (closed.order_id, closed.checked_out_at, cart_id))
            return closed

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with transaction(self._path, SCHEMA) as database:
                yield database
        except sqlite3.OperationalError as error:  # locked, full, not to be opened: another moment may be better
            raise CartsUnavailableError(f"Cannot use carts in {self._path}: {error}") from error
        except (sqlite3.Error, OSError, ValueError) as error:
            raise CartsError(f"Cannot use carts in {self._path}: {error}") from error


def _find(database: sqlite3.Connection, cart_id: str) -> Cart | None:
    row = database.execute(FIND, (cart_id,)).fetchone()
    return Cart(*row) if row else None
