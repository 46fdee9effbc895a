"""What every shipping promises; each test runs on all adapters."""

import pytest

from app.domain.placed_orders import Line
from app.ports.shipping import Shipping, ShippingError, ShippingUnavailableError

LINES = [Line(sku="tea-01", quantity=2)]


def test_a_repeated_shipment_is_the_same_parcel(shipping: Shipping) -> None:
    first = shipping.ship("c-1", LINES, "order-1")

    assert shipping.ship("c-1", LINES, "order-1") == first
    assert shipping.ship("c-1", LINES, "order-2") != first


def test_a_parcel_goes_when_it_is_confirmed_however_often(shipping: Shipping) -> None:
    parcel = shipping.ship("c-1", LINES, "order-1")

    assert shipping.confirm("order-1") == shipping.confirm("order-1") == parcel


def test_what_was_never_shipped_cannot_be_confirmed(shipping: Shipping) -> None:
    with pytest.raises(ShippingError) as refused:
        shipping.confirm("order-1")

    assert not isinstance(refused.value, ShippingUnavailableError)
