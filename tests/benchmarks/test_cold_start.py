import re
from pathlib import Path

import pytest

from benchmarks.cold_start.importing import Importing
from benchmarks.cold_start.measuring import DURABLE, PLAIN, ROOT, ColdStart, sample
from benchmarks.cold_start.page import MOST_RATIO, page, ratio, sizes
from tools import python313

PAGE = ROOT / "docs" / "benchmarks-cold-start.md"
LIBRARIES = ColdStart("", 0.2, 0.1, {"botocore": 0.5})
STARTER = ColdStart("starter", 0.12, 0.06, {"pydantic": 0.4, "app": 0.1}, 0.9)
TOUR = ColdStart("tour", 0.2, 0.1, {"pydantic": 0.4, "app": 0.1, "durable": 0.2}, 1.2, 0.8)


@pytest.fixture
def python() -> Path:
    found = python313.find()
    if found is None:
        pytest.skip(python313.MISSING)
    return found


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    """Two packages, one of which needs the other."""
    for name, code in {"shop": "import stock\nrows = [n for n in range(2_000_000)]", "stock": "left = 3"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(code)
    return tmp_path


def test_an_import_is_timed_and_told_by_package(python: Path, artifact: Path) -> None:
    importing = Importing(python, artifact)

    assert importing.seconds("import shop") > 0
    assert "shop" in importing.parts("import shop")
    assert {path.name for path in artifact.rglob("*")} == {"shop", "stock", "__init__.py"}


def test_an_import_that_fails_is_not_timed(python: Path, artifact: Path) -> None:
    with pytest.raises(Exception, match="returned non-zero"):
        Importing(python, artifact).seconds("import nowhere")


def test_a_page_has_a_row_for_each_function_and_tells_what_dominates() -> None:
    text = page([LIBRARIES, STARTER, TOUR], {"botocore": 20_000_000, "app": 300_000}, {"Measured": "today"})

    assert "| `starter` | 120 | 0.60 | 60 | 900 | - | pydantic 40%, app 10% |" in text
    assert "| `tour` | 200 | 1.00 | 100 | 1,200 | 800 | pydantic 40%, app 10%, durable 20% |" in text
    assert "takes 2.0 times as long as with it" in text
    assert "are 30% of a durable handler's import" in text
    assert (
        "one artifact of 20.3 MB, unpacked; Lambda takes 250 MB. The largest in it:\nbotocore 20.0 MB, app 0.3 MB; app"
        in text
    )


def test_the_ratio_is_that_of_the_imports() -> None:
    assert ratio(STARTER, LIBRARIES) == pytest.approx(0.6)


def test_sizes_are_those_of_files_and_folders_the_largest_first(tmp_path: Path) -> None:
    (tmp_path / "six.py").write_bytes(b"12345")
    (tmp_path / "shop" / "stock").mkdir(parents=True)
    (tmp_path / "shop" / "stock" / "rows").write_bytes(b"1234567")

    assert [*sizes(tmp_path).items()] == [("shop", 7), ("six.py", 5)]


def test_every_function_that_is_invoked_has_a_sample_event() -> None:
    assert all(isinstance(sample(file), dict) for file in [*DURABLE.values(), *PLAIN.values()])


def test_on_the_page_no_handler_takes_longer_to_import_than_it_may() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [\d,]+ \| ([\d.]+) \|", PAGE.read_text(), flags=re.MULTILINE)
    entrypoints = {path.stem for path in (ROOT / "app" / "entrypoints").glob("[a-z]*.py")}

    assert {name for name, _ in rows} == entrypoints
    assert not {name: told for name, told in rows if float(told) > MOST_RATIO}
