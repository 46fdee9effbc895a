"""Starting executions in a browser, by keyboard alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Locator, Route, expect

from durable_local.clock import SystemClock
from durable_local.console.samples import Samples
from tests.browser.conftest import Enter
from tests.browser.look import Look
from tests.browser.reader import Reader
from tests.durable_local.console.functions import asks, doubles
from tests.durable_local.http.serving import Served, serving

pytestmark = pytest.mark.slow

SAMPLES = {"doubles": "21", "doubles-more": "42", "asks": '{"question": "why?"}'}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A server with two functions and a few sample events."""
    for name, event in SAMPLES.items():
        (tmp_path / f"{name}.json").write_text(event)
    handlers = {"Asks": "shop.asks.handler", "Doubles": "shop.doubles.handler"}
    with serving(SystemClock(), samples=Samples(tmp_path, handlers)) as served:
        served.host("Asks", asks)
        served.host("Doubles", doubles)
        yield served


@pytest.fixture
def starting(reader: Reader) -> Reader:
    """Somebody who is about to start an execution of Doubles."""
    reader.open("start?function=Doubles")
    return reader


def event(reader: Reader) -> Locator:
    return reader.page.get_by_role("textbox", name="Event")


def write(reader: Reader, field: Locator, text: str) -> None:
    reader.tab_to(field)
    reader.page.keyboard.press("ControlOrMeta+A")
    reader.page.keyboard.insert_text(text)


def choose(reader: Reader, label: str, letters: str) -> None:
    reader.tab_to(reader.page.get_by_role("combobox", name=label))
    reader.page.keyboard.type(letters)


def hold(reader: Reader, address: str) -> list[Route]:
    """The requests for something that are kept waiting from now on."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    reader.page.route(address, keep)
    return held


def ask(reader: Reader) -> Locator:
    """Press Start; the dialog that asks."""
    reader.tab_to(reader.page.get_by_role("main").get_by_role("button", name="Start"))
    reader.page.keyboard.press("Enter")
    return reader.page.get_by_role("dialog")


def expect_started(reader: Reader, name: str, said: str) -> None:
    reader.page.wait_for_url(f"**/console/executions/{name}")
    line = reader.page.locator("#said")
    expect(line).to_have_text(said)
    expect(line).to_be_focused()


def test_one_starts_an_execution_from_a_sample_with_the_keyboard_alone(reader: Reader) -> None:
    reader.open()
    reader.follow(reader.page.get_by_role("main").get_by_role("link", name="Start an execution"))
    choose(reader, "Function", "Dou")
    expect(event(reader)).to_have_value("21")
    write(reader, reader.page.get_by_role("textbox", name="Name"), "monday")
    dialog = ask(reader)
    expect(dialog).to_contain_text("Doubles:$LATEST as monday begins with the event as it is written.")
    expect(dialog.get_by_role("button", name="Start")).to_be_focused()
    reader.page.keyboard.press("Enter")

    expect_started(reader, "monday", "Execution monday has started.")
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("succeeded")
    expect(reader.page.get_by_role("region", name="Result")).to_contain_text("42")
    reader.page.reload()
    expect(reader.page.locator("#said")).to_be_empty()


def test_a_used_name_with_the_same_event_leads_to_its_execution(starting: Reader) -> None:
    starting.served.start("Doubles", 21, "monday")
    write(starting, starting.page.get_by_role("textbox", name="Name"), "monday")
    starting.page.keyboard.press("Enter")
    expect(starting.page.get_by_role("dialog")).to_be_visible()
    starting.page.keyboard.press("Enter")

    expect_started(starting, "monday", "Execution monday was started before with the same event: this is it.")


def test_a_used_name_with_another_event_is_told_and_nothing_typed_is_lost(starting: Reader) -> None:
    starting.served.start("Doubles", 1, "monday")
    starting.foreseen.append("status of 409")
    name = starting.page.get_by_role("textbox", name="Name")
    write(starting, name, "monday")
    write(starting, event(starting), "22")
    dialog = ask(starting)
    starting.page.keyboard.press("Enter")

    expect(dialog.get_by_role("alert")).to_contain_text("Execution monday was started with another payload")
    starting.page.keyboard.press("Escape")
    expect(name).to_have_value("monday")
    expect(event(starting)).to_have_value("22")


def test_escape_starts_nothing_and_gives_the_focus_back(starting: Reader) -> None:
    dialog = ask(starting)
    expect(dialog).to_be_visible()

    starting.page.keyboard.press("Escape")

    expect(dialog).to_have_count(0)
    expect(starting.page.get_by_role("main").get_by_role("button", name="Start")).to_be_focused()
    assert starting.served.runtime.executions.newest(1) == []


def test_an_event_that_is_no_json_is_not_sent_and_its_mistake_is_selected(starting: Reader) -> None:
    write(starting, event(starting), '{\n  "a": 1,\n}')
    dialog = ask(starting)

    expect(starting.page.locator("#mistake")).to_have_text(
        "Line 3, column 1: a name in double quotes is expected, not }."
    )
    expect(dialog).to_have_count(0)
    expect(event(starting)).to_be_focused()
    starting.page.keyboard.insert_text('"b": 2}')
    expect(ask(starting)).to_be_visible()
    expect(starting.page.locator("#mistake")).to_be_empty()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", [1, 1, "the text ends where a value is expected"]),
        ("{", [1, 2, "the text ends where a name in double quotes or } is expected"]),
        ("[1, 2", [1, 6, "the text ends where a comma or ] is expected"]),
        ('{"a" 1}', [1, 6, "a colon is expected, not 1"]),
        ("{'a': 1}", [1, 2, "a name in double quotes or } is expected, not '"]),
        ('["a\n"]', [1, 2, "a text begins here that does not end, or holds a letter that must be escaped"]),
        ("[1]\n😀", [2, 1, "the end is expected, not 😀"]),
        ("[01]", [1, 3, "a comma or ] is expected, not 1"]),
        ("NaN", [1, 1, "a value is expected, not N"]),
    ],
)
def test_a_mistake_is_told_in_words(starting: Reader, text: str, told: list[object]) -> None:
    found = starting.page.evaluate(
        "async (text) => { const { mistake } = await import('/console/assets/json.js'); return mistake(text) }", text
    )

    assert [found["line"], found["column"], found["words"]] == told


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """JSON with a few letters taken out, put in or exchanged; now and then none."""
    text = json.dumps(draw(JSON), ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 1])))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(text)))
        text = (
            text[:at]
            + draw(st.sampled_from(["", *'{}[],:"\\0-.eE +tn\n\t/\x01']))
            + text[at + draw(st.integers(0, 1)) :]
        )
    return text


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(text=damaged())
def test_a_mistake_is_found_exactly_where_the_browser_finds_one(starting: Reader, text: str) -> None:
    is_json, found = starting.page.evaluate(
        """async (text) => {
          const { mistake } = await import('/console/assets/json.js');
          let isJson = true;
          try { JSON.parse(text) } catch { isJson = false }
          return [isJson, mistake(text)];
        }""",
        text,
    )

    assert is_json == (found is None)


def test_another_function_brings_its_own_sample(starting: Reader) -> None:
    choose(starting, "Function", "Ask")

    expect(event(starting)).to_have_value(SAMPLES["asks"])
    expect(starting.page.get_by_role("combobox", name="Sample event")).to_have_value("asks")


def test_a_function_that_was_chosen_before_the_script_came_has_its_own_sample_too(starting: Reader) -> None:
    scripts = "**/assets/start.js"
    held = hold(starting, scripts)
    with starting.page.expect_request(scripts):
        starting.page.goto(starting.page.url, wait_until="commit")
    starting.page.get_by_role("combobox", name="Function").select_option("Asks")
    expect(event(starting)).to_have_value("21")

    held[0].continue_()

    expect(event(starting)).to_have_value(SAMPLES["asks"])


def test_start_waits_for_the_sample_of_the_function_that_was_chosen(starting: Reader) -> None:
    held = hold(starting, "**/console/start?*")
    with starting.page.expect_request("**/console/start?*"):
        choose(starting, "Function", "Ask")
    dialog = ask(starting)
    expect(dialog).to_have_count(0)

    held[0].continue_()

    expect(dialog).to_contain_text("Asks:$LATEST")
    expect(event(starting)).to_have_value(SAMPLES["asks"])


def test_another_function_leaves_an_event_alone_that_somebody_has_written(starting: Reader) -> None:
    write(starting, event(starting), "7")
    starting.page.keyboard.press("Shift+Tab")
    choose(starting, "Function", "Ask")

    expect(starting.page.get_by_role("combobox", name="Sample event").locator("option").first).to_have_text("asks")
    expect(starting.page.get_by_role("combobox", name="Sample event")).to_have_value("")
    expect(event(starting)).to_have_value("7")


@pytest.mark.parametrize(("verb", "left"), [("Replace", "42"), ("Keep mine", "7")])
def test_a_sample_replaces_what_somebody_has_written_if_they_say_so(starting: Reader, verb: str, left: str) -> None:
    write(starting, event(starting), "7")
    choose(starting, "Sample event", "doubles-")
    dialog = starting.page.get_by_role("dialog")
    expect(dialog).to_contain_text("gives way to the sample doubles-more")
    button = dialog.get_by_role("button", name=verb)
    button.focus()
    starting.page.keyboard.press("Enter")

    expect(event(starting)).to_have_value(left)
    expect(starting.page.get_by_role("combobox", name="Sample event")).to_be_focused()


def test_without_scripts_the_page_shows_samples_and_says_what_it_cannot_do(enter: Enter) -> None:
    reader = enter(Look(scripts=False))
    reader.open("start?function=Doubles")

    expect(reader.page.get_by_role("main")).to_contain_text("need scripts")
    expect(reader.page.get_by_role("button", name="Start")).to_have_count(0)
    reader.page.get_by_role("combobox", name="Sample event").select_option("doubles-more")
    reader.page.get_by_role("button", name="Show").click()
    expect(event(reader)).to_have_value("42")
