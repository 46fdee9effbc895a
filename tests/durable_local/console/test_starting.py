"""Starting executions, over HTTP."""

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from durable_local.clock import SkippingClock
from durable_local.console.samples import Samples
from tests.durable_local.console.conftest import Visit, entered
from tests.durable_local.console.functions import doubles
from tests.durable_local.http.serving import PATIENCE, serving


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    """A server with two durable functions, a plain one, and sample events."""
    for name, event in (("doubles", "\n21"), ("doubles-more", "42"), ("other", '"</textarea><b>"')):
        (tmp_path / f"{name}.json").write_text(f"{event}\n")
    samples = Samples(tmp_path, {"Doubles": "shop.doubles.handler"})
    with serving(SkippingClock(), samples=samples) as served, served.http(None) as browser:
        served.host("Doubles", doubles)
        served.host("Also", doubles)
        served.call("Plain", lambda event, _context: event)
        yield entered(served, browser)


def event(visit: Visit, query: str) -> str:
    """What the field for the event holds."""
    field = visit.page(f"start{query}").partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]
    return unescape(field.removeprefix("\n"))


def test_the_page_offers_durable_functions_by_their_qualified_names(visit: Visit) -> None:
    page = visit.page("start")

    assert '<option value="Also" selected>Also:$LATEST</option>' in page
    assert '<option value="Doubles">Doubles:$LATEST</option>' in page
    assert "Plain" not in page


def test_a_function_has_its_own_samples_first_and_the_first_one_chosen(visit: Visit) -> None:
    page = visit.page("start?function=Doubles")

    assert "For this function Others" not in page
    assert page.index('label="For this function"') < page.index(">doubles-more<") < page.index('label="Others"')
    assert '<option value="doubles" selected>' in page
    assert event(visit, "?function=Doubles") == "\n21"


def test_the_sample_that_is_asked_for_is_shown(visit: Visit) -> None:
    assert event(visit, "?function=Also") == "{}"
    assert event(visit, "?function=Also&sample=doubles-more") == "42"


def test_markup_in_a_sample_is_text(visit: Visit) -> None:
    assert event(visit, "?sample=other") == '"</textarea><b>"'
    assert "<b>" not in visit.page("start?sample=other")


@pytest.mark.parametrize("query", ["?sample=nothing", "?sample=..%2Fsecret", "?function=Plain", "?function=Nobody"])
def test_what_there_is_not_cannot_be_chosen(visit: Visit, query: str) -> None:
    assert "This cannot be shown" in visit.text(f"start{query}", 404)


def test_the_list_leads_to_the_page(visit: Visit) -> None:
    assert visit.page().count('href="/console/start"') == 2


def test_a_server_without_durable_functions_says_so(visit: Visit) -> None:
    visit.served.runtime.functions.clear()

    assert "This server hosts no durable function" in visit.text("start")


def test_an_execution_is_started_under_a_name(visit: Visit) -> None:
    answer = visit.ask("start", {"function": "Doubles:$LATEST", "name": " monday ", "event": "21"})

    assert answer.json() == {"message": "Execution monday has started.", "to": "/console/executions/monday"}
    monday = visit.served.runtime.executions.get("monday")
    assert visit.served.dispatcher.wait(monday.arn, PATIENCE).result == "42"


def test_without_a_name_the_service_makes_one_up(visit: Visit) -> None:
    told = visit.ask("start", {"function": "Doubles:$LATEST", "name": "", "event": "21"}).json()

    (started,) = visit.served.runtime.executions.newest(2)
    assert told == {
        "message": f"Execution {started.name} has started.",
        "to": f"/console/executions/{started.name}",
    }


def test_an_event_is_recorded_as_the_command_line_writes_it(visit: Visit) -> None:
    visit.act("start", function="Doubles", name="monday", event='\n{"größe":\n [1,2]}')

    recorded = visit.served.runtime.executions.get("monday").input_payload
    assert recorded == json.dumps({"größe": [1, 2]})


def test_the_same_name_and_event_lead_to_the_execution_that_there_is(visit: Visit) -> None:
    visit.ended("Doubles", {"n": 1}, "monday")

    answer = visit.ask("start", {"function": "Doubles:$LATEST", "name": "monday", "event": '{"n":1}'})

    assert answer.json() == {
        "message": "Execution monday was started before with the same event: this is it.",
        "to": "/console/executions/monday",
    }
    assert len(visit.served.runtime.executions.newest(2)) == 1


@pytest.mark.parametrize(
    ("changed", "status", "told"),
    [
        ({"event": "22"}, 409, "Execution monday was started with another payload; use another name or the same"),
        ({"function": "Also:$LATEST"}, 409, "Execution monday belongs to function Doubles, not Also"),
        ({"function": "Plain:$LATEST"}, 404, "Function Plain is not known here"),
        ({"function": ""}, 404, "is not known here"),
        ({"name": "two words"}, 400, "it must be 1 to 64 of a-z A-Z 0-9 - _"),
        ({"name": "x" * 65}, 400, "it must be 1 to 64 of a-z A-Z 0-9 - _"),
        ({"event": ""}, 400, "The event is not JSON: line 1, column 1"),
        ({"event": "{,}"}, 400, "The event is not JSON: line 1, column 2"),
        ({"event": "1e999"}, 400, "a number that is too large for JSON"),
        ({"event": f'"{"x" * 6_291_456}"'}, 400, "at most 6291456 are allowed"),
    ],
)
def test_what_the_service_refuses_is_told(visit: Visit, changed: dict[str, str], status: int, told: str) -> None:
    visit.ended("Doubles", 21, "monday")
    members = {"function": "Doubles:$LATEST", "name": "monday", "event": "21"} | changed

    assert told in visit.act("start", status, **members)
    assert len(visit.served.runtime.executions.newest(2)) == 1
