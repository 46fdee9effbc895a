"""Answering callbacks and stopping executions in a browser, by keyboard alone."""

import pytest
from playwright.sync_api import Locator, Route, expect

from durable.model import ErrorObject, OperationStatus
from durable_local.executions import Execution
from tests.browser.reader import Reader
from tests.browser.sights import operation
from tests.durable_local.console.functions import approves, asks, patient
from tests.durable_local.http.serving import PATIENCE

pytestmark = pytest.mark.slow


@pytest.fixture
def asking(reader: Reader) -> Reader:
    """Somebody who looks at an execution named monday, which waits for two callbacks, one after the other."""
    reader.served.host("patient", patient)
    reader.served.start_and_ask("patient", {"callbacks": 2}, "monday")
    reader.open("executions/monday")
    expect(reader.page.get_by_role("button", name="Complete")).to_have_count(2)
    return reader


def button(reader: Reader, name: str) -> Locator:
    return reader.page.get_by_role("main").get_by_role("button", name=name).last


def press(reader: Reader, target: Locator) -> None:
    reader.tab_to(target)
    reader.page.keyboard.press("Enter")


def type_in(reader: Reader, label: str, text: str) -> None:
    field = dialog(reader).get_by_label(label)
    if not field.evaluate("each => each === document.activeElement"):
        reader.tab_to(field)
    reader.page.keyboard.insert_text(text)


def dialog(reader: Reader) -> Locator:
    return reader.page.get_by_role("dialog")


def end(reader: Reader) -> Execution:
    arn = reader.served.runtime.executions.get("monday").arn
    return reader.served.dispatcher.wait(arn, PATIENCE)


def expect_said(reader: Reader, text: str) -> None:
    line = reader.page.locator("#said")
    expect(line).to_have_text(text)
    expect(line).to_have_role("status")
    expect(line).to_be_focused()


def expect_back_at(reader: Reader, target: Locator) -> None:
    expect(dialog(reader)).to_have_count(0)
    expect(target).to_be_focused()
    assert reader.served.runtime.executions.get("monday").ended is None


def test_a_callback_is_completed_and_the_page_says_and_shows_it(asking: Reader) -> None:
    press(asking, button(asking, "Complete approval"))
    expect(dialog(asking)).to_contain_text("A callback is answered once.")
    type_in(asking, "Result", '{"ok": true}')
    press(asking, dialog(asking).get_by_role("button", name="Complete"))

    expect_said(asking, "approval is answered; the execution goes on.")
    expect(asking.page.get_by_role("heading", level=1)).to_contain_text("succeeded")
    expect(asking.page.get_by_role("button", name="Complete")).to_have_count(0)
    assert end(asking).result == '"{\\"ok\\": true}"'


def test_a_callback_fails_with_a_type_and_a_message(asking: Reader) -> None:
    press(asking, button(asking, "Fail approval"))
    type_in(asking, "Type", "Declined")
    type_in(asking, "Message", "no cover")
    press(asking, dialog(asking).get_by_role("button", name="Fail"))

    expect_said(asking, "approval is answered with a failure; the execution goes on.")
    ended = end(asking)
    assert ended.status == "FAILED"
    assert ErrorObject("no cover", "Declined") in [
        each.error for each in asking.served.runtime.executions.operations("monday")
    ]


def test_a_heartbeat_is_sent_and_the_callback_stays_open(asking: Reader) -> None:
    press(asking, button(asking, "Heartbeat approval"))
    press(asking, dialog(asking).get_by_role("button", name="Cancel"))
    expect_back_at(asking, button(asking, "Heartbeat approval"))
    asking.page.keyboard.press("Enter")
    expect(dialog(asking).get_by_role("button", name="Send")).to_be_focused()
    asking.page.keyboard.press("Enter")

    expect_said(asking, "approval waits on as before: it has no heartbeat timeout.")
    expect(asking.page.get_by_role("button", name="Complete")).to_have_count(2)


@pytest.mark.parametrize("shown", ["order", "order create callback id"])
def test_a_callback_is_answered_on_its_own_page_and_on_that_of_its_context(reader: Reader, shown: str) -> None:
    reader.served.host("approves", approves)
    reader.served.start_and_ask("approves", "order", "monday")
    reader.open(operation(reader.served, "monday", shown))

    press(reader, button(reader, "Complete order"))
    press(reader, dialog(reader).get_by_role("button", name="Complete"))

    expect_said(reader, "order is answered; the execution goes on.")
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("succeeded")
    expect(reader.page.get_by_role("button", name="Complete")).to_have_count(0)


def test_an_execution_is_stopped_for_a_reason(asking: Reader) -> None:
    press(asking, button(asking, "Stop"))
    expect(dialog(asking)).to_contain_text("monday ends at once and for good.")
    type_in(asking, "Reason", "wrong customer")
    press(asking, dialog(asking).get_by_role("button", name="Stop"))

    expect_said(asking, "Execution monday is stopped.")
    expect(asking.page.get_by_role("heading", level=1)).to_contain_text("stopped")
    expect(asking.page.locator("[data-action]")).to_have_count(0)
    assert end(asking).error == ErrorObject("wrong customer")


@pytest.mark.parametrize("name", ["Complete approval", "Fail approval", "Heartbeat approval", "Stop"])
def test_escape_cancels_and_gives_the_focus_back(asking: Reader, name: str) -> None:
    press(asking, button(asking, name))
    expect(dialog(asking)).to_be_visible()

    asking.page.keyboard.press("Escape")

    expect_back_at(asking, button(asking, name))


def test_a_dialog_holds_the_focus(asking: Reader) -> None:
    press(asking, button(asking, "Fail approval"))
    expect(dialog(asking)).to_be_visible()

    for _ in range(12):
        asking.page.keyboard.press("Tab")
        assert asking.page.evaluate("document.activeElement.closest('dialog, body').matches('dialog, :has(> dialog)')")
        assert not asking.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_result_that_is_no_json_is_not_sent_and_its_mistake_is_shown(asking: Reader) -> None:
    press(asking, button(asking, "Complete approval"))
    type_in(asking, "Result", '{"ok": yes}')
    press(asking, dialog(asking).get_by_role("button", name="Complete"))

    expect(dialog(asking).get_by_role("alert")).to_have_text("Line 1, column 8: a value is expected, not y.")
    field = dialog(asking).get_by_label("Result")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert asking.page.evaluate("getSelection().toString()") == "y"
    asking.page.keyboard.insert_text("true || ")
    assert field.input_value() == '{"ok": true || es}'


def test_what_was_answered_meanwhile_is_told_and_nothing_typed_is_lost(asking: Reader) -> None:
    press(asking, button(asking, "Complete approval"))
    type_in(asking, "Result", "1")
    asking.foreseen.append("status of 400")
    for each in asking.served.runtime.executions.operations("monday"):
        if each.callback_details:
            asking.served.runtime.callbacks.succeed(each.callback_details.callback_id, "2")
    press(asking, dialog(asking).get_by_role("button", name="Complete"))

    expect(dialog(asking).get_by_role("alert")).to_have_text(
        "approval has been answered before, with a result. Nothing has changed."
    )
    expect(dialog(asking).get_by_label("Result")).to_have_value("1")
    asking.page.keyboard.press("Escape")
    expect(dialog(asking)).to_have_count(0)


def test_what_has_ended_meanwhile_is_told(asking: Reader) -> None:
    press(asking, button(asking, "Stop"))
    expect(dialog(asking)).to_be_visible()
    asking.foreseen.append("status of 409")
    asking.served.runtime.executions.stop(asking.served.runtime.executions.get("monday").arn)
    press(asking, dialog(asking).get_by_role("button", name="Stop"))

    expect(dialog(asking).get_by_role("alert")).to_have_text(
        "Execution monday was over before: stopped. Nothing has changed."
    )


def test_a_page_that_renews_itself_leaves_an_open_dialog_alone(asking: Reader) -> None:
    press(asking, button(asking, "Complete approval"))
    type_in(asking, "Result", "1")
    first = next(
        each
        for each in asking.served.runtime.executions.operations("monday")
        if each.status == OperationStatus.STARTED and each.callback_details
    )
    assert first.callback_details
    asking.served.runtime.callbacks.succeed(first.callback_details.callback_id)

    expect(asking.page.locator("main button", has_text="Complete")).to_have_count(1)
    expect(dialog(asking).get_by_label("Result")).to_have_value("1")
    asking.page.keyboard.press("Escape")
    expect_back_at(asking, button(asking, "Complete approval"))


def test_what_is_being_done_is_done_once_and_waited_for(asking: Reader) -> None:
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    asking.page.route("**/console/actions/**", keep)
    press(asking, button(asking, "Stop"))
    type_in(asking, "Reason", "wrong customer")
    with asking.page.expect_request("**/console/actions/**"):
        asking.page.keyboard.press("Enter")
    for key in ("Enter", "Escape"):
        asking.page.keyboard.press(key)
    expect(dialog(asking)).to_be_visible()
    assert len(held) == 1
    held[0].continue_()

    expect_said(asking, "Execution monday is stopped.")


def test_a_server_that_is_gone_is_told(asking: Reader) -> None:
    asking.foreseen.append("ERR_CONNECTION_REFUSED")
    press(asking, button(asking, "Stop"))
    asking.served.server.close()
    press(asking, dialog(asking).get_by_role("button", name="Stop"))

    expect(dialog(asking).get_by_role("alert")).to_contain_text("No answer has come")


def test_actions_hold_no_callback_id(reader: Reader) -> None:
    reader.served.host("asks", asks)
    _, callback_id = reader.served.start_and_ask("asks", {}, "monday")
    sent: list[str] = []
    reader.page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    reader.open("executions/monday")

    press(reader, button(reader, "Complete approval"))
    type_in(reader, "Result", "1")
    press(reader, dialog(reader).get_by_role("button", name="Complete"))
    expect_said(reader, "approval is answered; the execution goes on.")

    assert any('{"result":"1"}' in each for each in sent)
    assert not any(callback_id in each for each in [*sent, reader.page.content()])
