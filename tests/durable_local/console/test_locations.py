"""Where operations are called, in files and on pages."""

import os
from pathlib import Path
from typing import Any

import pytest

from durable.model import Operation, OperationStatus, OperationType
from durable_local.clock import SkippingClock
from durable_local.console.locations import locations
from durable_local.hosts.threads import ThreadHost
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import IN_MEMORY, Database
from tests.durable_local.console import functions
from tests.durable_local.console.conftest import Visit
from tests.durable_local.console.functions import doubles, maps
from tests.durable_local.console.test_operation import operation as address


def operation(name: str | None, sub_type: str | None = "Step", type_: OperationType = OperationType.STEP) -> Operation:
    return Operation("o", type_, OperationStatus.SUCCEEDED, None, name, sub_type=sub_type)


def runtime(code: Path | None) -> LocalRuntime:
    hosting = LocalRuntime(Database(IN_MEMORY), SkippingClock())
    hosting.functions["f"] = Function(ThreadHost(lambda: lambda *_: None, lambda event: event), code=code)
    return hosting


def found(code: Path, told: Operation) -> list[str]:
    return locations(runtime(code), "f").of(told)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package `shop` of a project, which an artifact links to."""
    monkeypatch.chdir(tmp_path)
    package = tmp_path / "src" / "shop"
    (package / "inner").mkdir(parents=True)
    (package / "orders.py").write_text("context.step(charge, 'charge')\ncontext.step(ship, f'ship-{order}')\n")
    (package / "inner" / "more.py").write_text("context.step(a, 'twice')\ncontext.step(b, 'twice')\n")
    (tmp_path / "artifact").mkdir()
    (tmp_path / "artifact" / "shop").symlink_to(package)
    return tmp_path / "artifact" / "shop"


@pytest.mark.parametrize(
    ("told", "places"),
    [
        (operation("charge"), ["src/shop/orders.py:1"]),
        (operation("ship-7"), ["src/shop/orders.py:2"]),
        (operation("twice"), ["src/shop/inner/more.py:1", "src/shop/inner/more.py:2"]),
        (operation("charge", "Saga"), ["src/shop/orders.py:1"]),
        (operation("charge", None), ["src/shop/orders.py:1"]),
        (operation("charge", "MapIteration", OperationType.CONTEXT), []),
        (operation("charge", "Wait", OperationType.WAIT), []),
        (operation("refund"), []),
        (operation(None), []),
    ],
)
def test_an_operation_is_found_by_its_name_and_its_kind(package: Path, told: Operation, places: list[str]) -> None:
    assert found(package, told) == places


def test_a_name_that_is_written_out_goes_before_a_pattern(package: Path) -> None:
    (package / "late.py").write_text("context.step(late, 'ship-late')\n")

    assert found(package, operation("ship-late")) == ["src/shop/late.py:1"]


def test_what_has_changed_is_read_anew(package: Path) -> None:
    orders = package / "orders.py"
    assert found(package, operation("charge")) == ["src/shop/orders.py:1"]

    orders.write_text("\ncontext.step(charge, 'charge')\n")
    os.utime(orders, (1, 1))

    assert found(package, operation("charge")) == ["src/shop/orders.py:2"]


def test_what_is_no_python_is_left_out(package: Path) -> None:
    (package / "broken.py").write_text("def")
    (package / "gone.py").symlink_to("nowhere")

    assert found(package, operation("charge")) == ["src/shop/orders.py:1"]


def test_a_module_is_read_with_those_beside_it(package: Path) -> None:
    outside = package.resolve() / "inner"

    assert found(outside / "handler.py", operation("twice"))
    assert found(outside / "handler.py", operation("charge")) == []


def test_outside_of_the_project_a_path_begins_with_the_package(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = package.resolve()
    monkeypatch.chdir("/")
    shown = found(code, operation("charge"))
    monkeypatch.chdir(code)

    assert shown == [str(code.relative_to("/") / "orders.py:1")]
    assert found(code.parent / "shop", operation("charge")) == ["orders.py:1"]
    monkeypatch.chdir(code / "inner")
    assert found(code, operation("charge")) == ["shop/orders.py:1"]


def test_a_function_whose_code_is_not_known_has_no_places() -> None:
    assert locations(runtime(None), "f").of(operation("charge")) == []
    assert locations(runtime(None), "g").of(operation("charge")) == []


def host(visit: Visit, name: str, handler: Any) -> None:
    visit.served.host(name, handler, code=Path(functions.__file__))


def test_pages_tell_where_an_operation_is_called(visit: Visit) -> None:
    host(visit, "maps", maps)
    visit.ended("maps", 1, "monday")
    path = Path(functions.__file__).relative_to(Path.cwd())
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if 'name="store"' in text)

    assert f'<code class="place">{path}:{line}</code>' in visit.page("executions/monday")
    assert f"Called at {path}:{line}" in visit.text(address(visit, "monday", "store"))


def test_the_page_of_an_operation_tells_all_places_that_may_be_meant(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "f.py").write_text(2 * "context.step(f, name='double')\n")
    visit.served.host("doubles", doubles, code=tmp_path / "f.py")
    visit.ended("doubles", 21, "monday")

    assert "f.py:1" not in visit.page("executions/monday")
    told = visit.text(address(visit, "monday", "double"))
    assert "Called at one of" in told
    assert "f.py:1 , " in told
