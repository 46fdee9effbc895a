"""An order may be interrupted anywhere on any of its paths: the ledgers balance, and nobody is told twice."""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.ports.inventory import InventoryError, InventoryUnavailableError
from app.ports.payments import PaymentsUnavailableError
from app.ports.shipping import ShippingUnavailableError
from durable_local.testing import assert_replay_safe
from tests.app.workflows.shops import APPROVE, FULFILLED, NOTHING_LEFT, REJECT, REVIEW, Balance, Shop, order
from tests.fakes.troubles import Troubles

SILENCE: Mapping[str, object] = {}


def shipping_down() -> Troubles:
    return Troubles({"ship": itertools.repeat(ShippingUnavailableError("all roads closed"))})


def charge_unheard() -> Troubles:
    return Troubles(after={"charge": itertools.repeat(PaymentsUnavailableError("lost"))})


def compensations_late() -> Troubles:
    return Troubles({"release": [InventoryUnavailableError("busy")], "refund": [PaymentsUnavailableError("busy")] * 2})


def unexpected() -> Troubles:
    return Troubles({"reserve": itertools.repeat(InventoryError("a bug"))})


PATHS: list[Any] = [
    pytest.param(order(), {REVIEW: APPROVE}, Troubles, FULFILLED, id="fulfilled"),
    pytest.param(order("card-declined"), SILENCE, Troubles, NOTHING_LEFT, id="declined"),
    pytest.param(order("teacup"), SILENCE, Troubles, NOTHING_LEFT, id="invalid card"),
    pytest.param(order(cup_01=2), SILENCE, Troubles, NOTHING_LEFT, id="stock-out"),
    pytest.param(order(gold=1), SILENCE, Troubles, NOTHING_LEFT, id="unknown SKU"),
    pytest.param(order(), {REVIEW: REJECT}, Troubles, NOTHING_LEFT, id="rejected"),
    pytest.param(order(), SILENCE, Troubles, NOTHING_LEFT, id="silence"),
    pytest.param(order(), {REVIEW: APPROVE}, shipping_down, NOTHING_LEFT, id="shipping down for good"),
    pytest.param(order(), SILENCE, charge_unheard, NOTHING_LEFT, id="charge unheard"),
    pytest.param(order(), SILENCE, unexpected, NOTHING_LEFT, id="an unexpected error"),
    pytest.param(order(), {REVIEW: REJECT}, compensations_late, NOTHING_LEFT, id="compensations fail at first"),
]


@pytest.mark.parametrize(("event", "callbacks", "troubles", "left"), PATHS)
def test_the_ledgers_balance_wherever_it_crashes(
    tmp_path: Path,
    event: object,
    callbacks: Mapping[str, object],
    troubles: Callable[[], Troubles],
    left: Balance,
) -> None:
    shop = Shop(tmp_path, troubles=troubles)

    def effects() -> object:
        return shop.opened and (shop.balance(), sorted(shop.told.delivered))

    safety = assert_replay_safe(shop.handler(), event, effects=effects, callbacks=callbacks)

    # Two undisturbed ones, one that was resumed for nothing, and one for each crash.
    assert safety.tried == safety.points == len(shop.left) + 1 - 3
    # Compared here as well, because what differed between the undisturbed ones was not compared there.
    assert all(each == left for each in [*shop.left, shop.balance()])
