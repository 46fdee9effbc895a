import pytest

from app.adapters.shipping.http import HttpShipping
from app.domain.placed_orders import Line
from app.ports.shipping import ShippingUnavailableError
from tests.fakes.providers import Provider

LINES = [Line(sku="tea-01", quantity=2)]


def test_a_parcel_whose_answer_was_lost_is_made_up_once(http: HttpShipping, provider: Provider) -> None:
    provider.lost += ["/shipments", "/confirmations"]

    with pytest.raises(ShippingUnavailableError, match="Cannot reach "):
        http.ship("c-1", LINES, "order-1")
    with pytest.raises(ShippingUnavailableError, match="Cannot reach "):
        http.confirm("order-1")

    assert http.ship("c-1", LINES, "order-1") == http.confirm("order-1") == {"tracking_id": "track-order-1"}
    assert [asked.key for asked in provider.asked] == ["order-1", "confirm-order-1"] * 2
