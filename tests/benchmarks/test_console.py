from pathlib import Path

import httpx

from benchmarks.console.browsing import Look
from benchmarks.console.executions import console
from benchmarks.console.page import Case, page


def test_large_executions_are_served_among_as_many_as_asked_for(tmp_path: Path) -> None:
    with console(tmp_path, 25, operations=4) as server, httpx.Client(base_url=server.url) as browser:
        browser.get(server.console)

        assert 'All <span class="count">25</span>' in browser.get("/console/").text
        assert browser.get("/console/executions/large?all").text.count("store-transformed-item") == 2 * 4
        goes_on = browser.get("/console/executions/goes-on?all").text
        assert goes_on.count("store-transformed-item") == 2 * 4
        assert 'data-live="' in goes_on


def test_the_page_tells_medians_and_the_worst_and_what_was_missed() -> None:
    quick, slow = Look(300, 60, 0, 80), Look(400, 70, 201, 90)

    told = page({Case("large", 100): [quick, quick, slow], Case("list", 1_000): [Look(9, 0, 0, None)]}, {"Cores": "2"})

    assert "| large | 100 | 300 ms, worst 400 | 60 ms, worst 70 | 0 ms, worst 201 | 80 ms, worst 90 | missed |" in told
    assert "| list | 1,000 | 9 ms, worst 9 | 0 ms, worst 0 | 0 ms, worst 0 |  |  |" in told
    assert "- Cores: 2" in told
