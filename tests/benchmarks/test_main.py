"""A run from its command line to its page."""

from pathlib import Path

import pytest

from benchmarks.__main__ import PAGE, main, planned
from benchmarks.rows import ROWS
from benchmarks.work import OURS, Measurement, Work


def twice_as_fast(root: str, _work: Work) -> Measurement:
    """Half a second with our core, one with the other SDK."""
    return Measurement(wall=0.5 if root == OURS else 1.0, cpu=0.5)


def test_the_page_has_every_row_and_marks_those_that_miss_a_target(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"

    main(["--repeat", "1", "--page", str(page)], twice_as_fast)

    text = page.read_text()
    table = [line.split(" | ") for line in text.splitlines() if line.startswith(("| map-100-", "| steps-5 "))]
    assert all(f"| {row.key} | " in text for row in ROWS)
    assert {line[0][2:]: line[-1] for line in table if len(line) == 10} == {
        "map-100-none": "**missed** |",
        "map-100-10": "reached |",
        "map-100-50": "**missed** |",
        "steps-5": "**missed** |",
    }
    assert "### map-100-none" in text
    assert "### map-100-10" not in text


def test_the_page_names_versions_and_no_machine(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"

    main(["step", "--repeat", "1", "--page", str(page)], twice_as_fast)

    text = page.read_text()
    assert "- AWS's SDK: 3." in text
    assert str(Path.cwd()) not in text


def test_the_tables_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["step", "--repeat", "1"], twice_as_fast)

    printed = capsys.readouterr()
    assert "one step  0 ms        1,000.0 ms  500.0 ms  0.500  0.05" in printed.out
    assert "reached" not in printed.out
    assert "**missed**" in printed.err


def test_rows_are_chosen_by_key_or_by_how_keys_begin() -> None:
    assert [row.key for row in planned(["step", "map-100"]).rows] == [
        "step",
        "map-100-none",
        "map-100-10",
        "map-100-50",
    ]


def test_only_a_full_run_writes_the_page_unasked() -> None:
    assert planned([]).page == PAGE
    assert planned(["waits"]).page is None
    assert planned(["--scale", "0.1"]).page is None


def test_an_unknown_row_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        planned(["map-1"])

    assert "No row begins with map-1; there are import, step" in capsys.readouterr().err


def test_sizes_are_scaled_down_to_one() -> None:
    sizes = {row.key: row.work.size for row in planned(["--scale", "0.001"]).rows}

    assert (sizes["map-10000-none"], sizes["map-100-none"]) == (10, 1)
