import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from durable_local.hosts.loading import HandlerNotFoundError, cold, load, warm


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package whose handler counts its calls in a module beside it."""
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "counter.py").write_text("calls = []\n")
    (package / "orders.py").write_text(
        "from shop import counter\n\n\ndef handler(event, context):\n    counter.calls.append(event)\n"
        "    return len(counter.calls)\n\n\nnothing = None\n"
    )
    (package / "broken.py").write_text("import no_such_library\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield package
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]


def test_a_handler_is_found_by_module_and_function(shop: Path) -> None:
    assert load("shop.orders.handler")("e", None) == 1
    assert load("shop/orders.handler")("e", None) == 2


def test_a_warm_handler_keeps_its_modules(shop: Path) -> None:
    loader = warm(load("shop.orders.handler"))

    assert [loader()("e", None), loader()("e", None)] == [1, 2]


def test_a_cold_handler_finds_none_of_its_packages_state_left(shop: Path) -> None:
    loader = cold("shop.orders.handler")

    assert [loader()("e", None), loader()("e", None)] == [1, 1]


def test_a_cold_handler_leaves_other_packages_alone(shop: Path) -> None:
    before = sys.modules["durable_local"]

    cold("shop.orders.handler")()

    assert sys.modules["durable_local"] is before


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("handler", "write module.function"),
        ("shop.orders.missing", "shop.orders has no function missing"),
        ("shop.orders.nothing", "shop.orders has no function nothing"),
        ("shop.missing.handler", "no module shop.missing"),
        ("missing_shop.orders.handler", "no module missing_shop"),
    ],
)
def test_a_handler_that_is_not_there_is_named(shop: Path, path: str, told: str) -> None:
    with pytest.raises(HandlerNotFoundError, match=told):
        load(path)


def test_a_library_that_the_handler_lacks_is_not_taken_for_the_handler(shop: Path) -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        load("shop.broken.handler")
