"""Payments in a ledger on this machine, where nobody's money moves."""

from decimal import Decimal
from pathlib import Path

from app.adapters.payments.charges import Charge, new_charge
from app.adapters.technologies.embedded import EmbeddedStore
from app.domain.fulfilment import ChargeReceipt, RefundReceipt
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


class LedgerPayments(Payments):
    """Keeps each charge in a row, with its refund."""

    def __init__(self, path: Path) -> None:
        self._store = EmbeddedStore(path, "the ledger", [LEDGER], PaymentsError, PaymentsUnavailableError)

    def charge(self, card: str, amount: Decimal, key: str) -> ChargeReceipt:
        with self._store.transaction() as database:
            if row := database.execute(FIND, (key,)).fetchone():
                return Charge(key, row[0], bool(row[1])).receipt(amount)
            charge = new_charge(card, amount, key)
            database.execute(CHARGE, (key, card, charge.amount))
        return charge.receipt(amount)

    def refund(self, key: str) -> RefundReceipt:
        with self._store.transaction() as database:
            (refunded,) = database.execute(REFUND, (key,)).fetchone()
        return RefundReceipt(refunded=refunded)
