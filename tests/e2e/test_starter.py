"""The functions of the template in processes of their own: an event comes in, an execution begins and ends."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.durable_local.cli.conftest import ROOT, Shop
from tests.durable_local.cli.serving import Served, started

pytestmark = pytest.mark.slow

CART = {"cart_id": "c-1", "customer_id": "ada", "remind_after_seconds": 1}
REQUEST = json.loads((ROOT / "events/starter/http.json").read_text()) | {"body": json.dumps(CART)}


def answer(served: Served, function: str, event: Any, **members: str) -> Any:
    told = served.client().invoke(FunctionName=function, Payload=json.dumps(event).encode(), **members)
    return json.loads(told["Payload"].read())


def outcome(served: Served) -> Any:
    """What became of the cart's reminder: the same event under the same name waits for its end."""
    return answer(served, "CartReminderFunction:live", CART, DurableExecutionName="cart-reminder-c-1")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A folder for what the functions leave; their code is that of this repository."""
    for name in ("template.yaml", "local.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("artifact", "data"):
        (tmp_path / name).symlink_to(ROOT / name)
    return Shop(tmp_path)


def test_an_event_reminds_of_its_cart_once_however_often_it_comes(shop: Shop, tmp_path: Path) -> None:
    with started(shop, "--host", "processes", errors=tmp_path / "errors.txt") as served:
        begun = [answer(served, "StarterFunction", REQUEST) for _ in range(3)]
        told = outcome(served)

    assert [each["statusCode"] for each in begun] == [202] * 3
    assert len({each["body"] for each in begun}) == 1
    assert told["outcome"] == "reminded"
    assert [path.name for path in (tmp_path / ".durable/storage/notices").iterdir()] == ["cart-reminder-c-1.json"]


def test_an_order_that_comes_before_its_cart_keeps_the_reminder_from_being_sent(shop: Shop, tmp_path: Path) -> None:
    with started(shop, "--host", "processes", errors=tmp_path / "errors.txt") as served:
        closed = answer(served, "CheckoutFunction", {"cart_id": "c-1", "order_id": "o-7"})
        answer(served, "StarterFunction", REQUEST)
        told = outcome(served)

    assert (told["outcome"], told["at"]) == ("checked-out", closed["checked_out_at"])
    assert not (tmp_path / ".durable/storage/notices").exists()
