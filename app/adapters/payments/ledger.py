"""Payments in a ledger on this machine, where nobody's money moves."""

import sqlite3
from decimal import Decimal
from pathlib import Path

from app.adapters.technologies.embedded import EmbeddedStore
from app.domain.fulfilment import ChargeReceipt, RefundReceipt
from app.domain.refusals import CardDeclinedError, InvalidCardError, OrderUndoneError
from app.ports.payments import Payments, PaymentsError, PaymentsUnavailableError

LEDGER = """
CREATE TABLE IF NOT EXISTS charges (
    key TEXT NOT NULL PRIMARY KEY,
    card TEXT,
    amount TEXT NOT NULL,
    refunded INTEGER NOT NULL CHECK (refunded IN (0, 1))
) STRICT
"""
FIND = "SELECT amount, refunded FROM charges WHERE key = ?"
CHARGE = "INSERT INTO charges (key, card, amount, refunded) VALUES (?, ?, ?, 0)"
REFUND = """
INSERT INTO charges (key, amount, refunded) VALUES (?, '0.00', 1)
ON CONFLICT (key) DO UPDATE SET refunded = 1
RETURNING amount
"""
CARD, DECLINED = "card-", "card-declined"


class LedgerPayments(Payments):
    """Keeps each charge in a row, with its refund; `card-declined` is declined, and other cards begin with `card-`."""

    def __init__(self, path: Path) -> None:
        self._store = EmbeddedStore(path, "the ledger", [LEDGER], PaymentsError, PaymentsUnavailableError)

    def charge(self, card: str, amount: Decimal, key: str) -> ChargeReceipt:
        with self._store.transaction() as database:
            if not _is_charged(database, amount, key):
                _check(card)
                database.execute(CHARGE, (key, card, str(amount)))
        return ChargeReceipt(charge_id=f"charge-{key}", amount=str(amount))

    def refund(self, key: str) -> RefundReceipt:
        with self._store.transaction() as database:
            (refunded,) = database.execute(REFUND, (key,)).fetchone()
        return RefundReceipt(refunded=refunded)


def _is_charged(database: sqlite3.Connection, amount: Decimal, key: str) -> bool:
    match database.execute(FIND, (key,)).fetchone():
        case None:
            return False
        case (_, 1):
            raise OrderUndoneError(f"the charge {key} was refunded before")
        case (charged, _) if charged != str(amount):
            raise PaymentsError(f"{key} has charged {charged} before, not {amount}; another charge needs another key")
    return True


def _check(card: str) -> None:
    if not card.startswith(CARD):
        raise InvalidCardError(f"{card} is no card")
    if card == DECLINED:
        raise CardDeclinedError(f"the bank of {card} does not pay")
