from pathlib import Path

from app.adapters.shipping.ledger import LedgerShipping
from app.domain.placed_orders import Line

LINES = [Line(sku="tea-01", quantity=2)]


def test_parcels_outlive_the_process_that_has_kept_them(tmp_path: Path) -> None:
    LedgerShipping(tmp_path / "below" / "shipping.sqlite").ship("c-1", LINES, "order-1")

    assert LedgerShipping(tmp_path / "below" / "shipping.sqlite").confirm("order-1")
