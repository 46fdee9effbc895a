import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.adapters.inventory.sqlite import SqliteInventory
from app.domain.placed_orders import Line
from app.ports.inventory import InventoryError

LINES = [Line(sku="tea-01", quantity=2)]
KILLED = """
import os, signal, sys
from pathlib import Path
from app.adapters.inventory.sqlite import RESERVATIONS, TAKE, SqliteInventory
from app.adapters.technologies.sqlite import transaction
path, first_stock = map(Path, sys.argv[1:])
SqliteInventory(path, first_stock).reserve([{"sku": "tea-01", "quantity": 2}], "order-1")
with transaction(path, RESERVATIONS) as database:
    database.execute(TAKE, (3, "tea-01"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def first_stock(tmp_path: Path) -> Path:
    document = tmp_path / "stock.csv"
    document.write_text("sku,available\ntea-01,5\n")
    return document


def test_a_kill_leaves_what_was_acknowledged_and_nothing_half_done(tmp_path: Path, first_stock: Path) -> None:
    path = tmp_path / "inventory.sqlite"

    killed = subprocess.run([sys.executable, "-c", KILLED, str(path), str(first_stock)], check=False)

    assert killed.returncode == -signal.SIGKILL
    assert SqliteInventory(path, first_stock).reserve([Line(sku="tea-01", quantity=3)], "order-2")["pieces"] == 3


def test_the_first_stock_is_filled_in_once(tmp_path: Path, first_stock: Path) -> None:
    path = tmp_path / "inventory.sqlite"
    SqliteInventory(path, first_stock).reserve(LINES, "order-1")
    first_stock.unlink()

    assert SqliteInventory(path, first_stock).release("order-1")["pieces"] == 2
    assert SqliteInventory(path, first_stock).reserve([Line(sku="tea-01", quantity=5)], "order-2")["pieces"] == 5


def test_a_first_stock_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(InventoryError, match=r"Cannot use the stock in .*stock\.csv"):
        SqliteInventory(tmp_path / "inventory.sqlite", tmp_path / "stock.csv").reserve(LINES, "order-1")


def test_nothing_is_written_before_the_first_call(tmp_path: Path, first_stock: Path) -> None:
    SqliteInventory(tmp_path / "inventory.sqlite", first_stock)

    assert list(tmp_path.iterdir()) == [first_stock]
