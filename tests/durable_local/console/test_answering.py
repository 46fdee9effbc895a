"""Answering callbacks, over HTTP."""

import pytest

from durable.model import ErrorObject, OperationStatus
from durable_local.clock import SystemClock
from durable_local.console.answering import Waiting, waiting
from tests.durable_local.console.conftest import Visit, entered
from tests.durable_local.console.functions import MARKUP, approves, asks, doubles, patient
from tests.durable_local.http.serving import PATIENCE, serving


@pytest.fixture
def asking(visit: Visit) -> Visit:
    """An execution named monday that waits for its callback."""
    visit.served.host("asks", asks)
    visit.served.start_and_ask("asks", {}, "monday")
    return visit


def action(visit: Visit, how: str, name: str = "approval") -> str:
    return f"executions/monday/operations/{operation_id(visit, name)}/{how}"


def operation_id(visit: Visit, name: str) -> str:
    operations = visit.served.runtime.executions.operations("monday")
    return next(each.operation_id for each in operations if each.name == name)


def end(visit: Visit) -> tuple[str, str | None, ErrorObject | None]:
    arn = visit.served.runtime.executions.get("monday").arn
    ended = visit.served.dispatcher.wait(arn, PATIENCE)
    return ended.status, ended.result, ended.error


@pytest.mark.parametrize(
    ("written", "handed_over"),
    [('{"ok": true}', '{"ok": true}'), (' "ü" \n', ' "ü" \n'), ("", None), ("null", "null")],
)
def test_a_result_is_handed_over_as_it_is_written(asking: Visit, written: str, handed_over: str | None) -> None:
    said = asking.act(action(asking, "succeed"), result=written)
    end(asking)

    (approval,) = [each for each in asking.served.runtime.executions.operations("monday") if each.name == "approval"]
    assert said == "approval is answered; the execution goes on."
    assert (approval.status, approval.result) == (OperationStatus.SUCCEEDED, handed_over)


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"type": "Declined", "message": "no cover"}, ErrorObject("no cover", "Declined")),
        ({"type": "", "message": ""}, ErrorObject()),
        ({}, ErrorObject()),
    ],
)
def test_a_failure_has_a_type_and_a_message_or_neither(
    asking: Visit, members: dict[str, str], error: ErrorObject
) -> None:
    answer = asking.ask(action(asking, "fail"), members)

    assert answer.json()["message"] == "approval is answered with a failure; the execution goes on."
    assert end(asking)[0] == "FAILED"
    (approval,) = [each for each in asking.served.runtime.executions.operations("monday") if each.name == "approval"]
    assert approval.error == error


def test_a_heartbeat_keeps_a_callback_open() -> None:
    with serving(SystemClock()) as served, served.http(None) as browser:
        visit = entered(served, browser)
        served.host("patient", patient)
        served.start_and_ask("patient", {"heartbeat": 3_600}, "monday")

        said = visit.act(action(visit, "heartbeat"))

        assert said == "approval is kept open: its heartbeat timeout of 3600 s begins anew."


def test_a_heartbeat_of_a_callback_that_needs_none_changes_nothing_and_says_so(asking: Visit) -> None:
    assert asking.act(action(asking, "heartbeat")) == "approval waits on as before: it has no heartbeat timeout."


def test_a_result_that_is_no_json_is_refused_and_the_callback_waits_on(asking: Visit) -> None:
    said = asking.act(action(asking, "succeed"), 400, result="{nope}")

    assert said.startswith("The result is not JSON: line 1, column 2: ")
    assert asking.act(action(asking, "succeed"), result="1")


@pytest.mark.parametrize(
    ("first", "told"),
    [("succeed", "answered before, with a result"), ("fail", "answered before, with a failure")],
)
@pytest.mark.parametrize("second", ["succeed", "fail", "heartbeat"])
def test_a_callback_is_answered_once(asking: Visit, first: str, second: str, told: str) -> None:
    asking.act(action(asking, first))

    assert asking.act(action(asking, second), 400) == f"approval has been {told}. Nothing has changed."


def test_a_callback_that_has_expired_is_not_answered(visit: Visit) -> None:
    visit.served.host("patient", patient)
    visit.ended("patient", {"seconds": 60}, "monday")

    assert visit.act(action(visit, "succeed"), 400) == "approval has expired. Nothing has changed."


def test_a_callback_of_an_execution_that_is_over_is_not_answered(asking: Visit) -> None:
    asking.act("executions/monday/stop")

    said = asking.act(action(asking, "succeed"), 400)

    assert said == "approval waits no longer: its execution is over, stopped. Nothing has changed."


@pytest.mark.parametrize("how", ["succeed", "fail", "heartbeat"])
def test_only_callbacks_are_answered(visit: Visit, how: str) -> None:
    visit.served.host("doubles", doubles)
    visit.ended("doubles", 21, "monday")

    assert visit.act(action(visit, how, "double"), 400) == "Operation double is no callback, so it waits for no answer"
    assert visit.act(f"executions/monday/operations/nothing/{how}", 404) == "Execution monday has no operation nothing"
    assert visit.act(f"executions/nobody/operations/x/{how}", 404) == "There is no execution nobody"


def test_a_callback_is_called_by_the_context_that_was_made_for_it(visit: Visit) -> None:
    visit.served.host("approves", approves)
    visit.served.start_and_ask("approves", "order", "monday")
    executions = visit.served.runtime.executions
    (called,) = waiting(executions.get("monday"), executions.operations("monday"))

    said = visit.act(f"executions/monday/operations/{called.operation_id}/heartbeat")

    assert called == Waiting(operation_id(visit, "order create callback id"), "order", operation_id(visit, "order"))
    assert said == "order waits on as before: it has no heartbeat timeout."


def test_pages_offer_answers_as_long_as_a_callback_waits(visit: Visit) -> None:
    visit.served.host("approves", approves)
    visit.served.start_and_ask("approves", "order", "monday")
    callback, context = (operation_id(visit, name) for name in ("order create callback id", "order"))
    pages = ["executions/monday", *(f"executions/monday/operations/{each}" for each in (callback, context))]
    offers = [f"/console/actions/executions/monday/operations/{callback}/{how}" for how in ("succeed", "fail")]

    assert all(f'data-action="{offer}"' in visit.page(page) for page in pages for offer in offers)
    assert all("need scripts" in visit.text(page) for page in pages)
    visit.act(f"executions/monday/operations/{callback}/succeed", result="1")
    end(visit)
    assert not any("data-action" in visit.page(page) or "<dialog" in visit.page(page) for page in pages)


def test_of_many_callbacks_some_are_answered_on_the_page_of_their_execution(visit: Visit) -> None:
    visit.served.host("patient", patient)
    visit.served.start_and_ask("patient", {"callbacks": 12}, "monday")
    visit.served.dispatcher.close(PATIENCE)  # the invocation that asks has ended

    told = visit.text("executions/monday")

    assert "… and 2 more; the page of each answers it." in told
    assert visit.page("executions/monday").count("/heartbeat") == 10


def test_markup_in_a_callbacks_name_is_text_in_its_buttons(visit: Visit) -> None:
    visit.served.host("approves", approves)
    visit.served.start_and_ask("approves", MARKUP, "monday")

    assert "<img" not in visit.page("executions/monday")


def test_callback_ids_are_neither_in_pages_nor_in_what_is_said(visit: Visit) -> None:
    visit.served.host("asks", asks)
    _, secret = visit.served.start_and_ask("asks", {}, "monday")
    address = action(visit, "heartbeat")
    pages = [visit.page("executions/monday"), visit.page(address.rpartition("/")[0])]

    said = [visit.ask(address, {}).text, visit.ask(action(visit, "succeed"), {"result": f'"{secret}"'}).text]

    assert not any(secret[:32] in text for text in [*pages, *said, address])


def test_a_plain_execution_offers_no_answer(visit: Visit) -> None:
    visit.served.host("doubles", doubles)
    visit.ended("doubles", 21, "monday")

    assert "Waiting for an answer" not in visit.text("executions/monday")
