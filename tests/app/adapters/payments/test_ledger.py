import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from app.adapters.payments.ledger import LedgerPayments
from app.ports.payments import PaymentsError

KILLED = """
import os, signal, sys
from decimal import Decimal
from pathlib import Path
from app.adapters.payments.ledger import CHARGE, LEDGER, LedgerPayments
from app.adapters.technologies.sqlite import transaction
path = Path(sys.argv[1])
LedgerPayments(path).charge("card-7", Decimal("48.35"), "order-1")
with transaction(path, LEDGER) as database:
    database.execute(CHARGE, ("order-2", "card-7", "7.00"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_leaves_what_was_acknowledged_and_nothing_half_done(tmp_path: Path) -> None:
    path = tmp_path / "payments.sqlite"

    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)

    assert killed.returncode == -signal.SIGKILL
    assert LedgerPayments(path).refund("order-1") == {"refunded": "48.35"}
    assert LedgerPayments(path).refund("order-2") == {"refunded": "0.00"}


def test_nothing_is_written_before_the_first_call(tmp_path: Path) -> None:
    LedgerPayments(tmp_path / "payments.sqlite")

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_ledger_is_named(tmp_path: Path) -> None:
    path = tmp_path / "payments.sqlite"
    path.write_text("a shopping list, and no database at all")

    with pytest.raises(PaymentsError, match=rf"Cannot use the ledger in {path}: file is not a database"):
        LedgerPayments(path).charge("card-7", Decimal("1.00"), "order-1")
