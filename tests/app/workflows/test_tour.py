"""The tour on this project's core; where it is interrupted is in `test_tour_replay_safety.py`."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from app.adapters.storage.memory import MemoryStorage
from app.ports.readiness import ReadinessError, ReadinessUnavailableError
from app.ports.storage import StorageError, StorageUnavailableError
from durable.model import ErrorObject
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner
from tests.app.workflows.tours import CALLBACK, EVENT, Tours, agree
from tests.fakes.readiness import WrittenReadiness
from tests.fakes.storage import TroubledStorage

MakeTours = Callable[..., Tours]

KINDS = {
    "process-input": "Step",
    "wait-for-external-callback": "WaitForCallback",
    "wait-five-seconds": "Wait",
    "find-out": "Parallel",
    "label-items": "Map",
    "wait-until-ready": "WaitForCondition",
    "greeting": "ChainedInvoke",
    "report": "RunInChildContext",
}


@pytest.fixture(params=["warm", "cold"])
def tours(request: pytest.FixtureRequest) -> MakeTours:
    return partial(Tours, request.param)


def lasted(result: DurableFunctionTestResult, name: str) -> timedelta:
    """From an operation's start to its end."""
    operation = result.operation(name)
    assert operation.start_timestamp
    assert operation.end_timestamp
    return operation.end_timestamp - operation.start_timestamp


def failure(result: DurableFunctionTestResult) -> tuple[str, str | None]:
    assert result.error
    return result.status, result.error.message


def test_it_uses_every_operation_once_in_the_order_told(tours: MakeTours) -> None:
    result = tours().run(agree)

    assert {each.name: each.operation.sub_type for each in result.children} == KINDS
    assert [each.name for each in result.children] == list(KINDS)
    assert {each.status for each in result.get_all_operations()} == {"SUCCEEDED"}


def test_its_result_tells_what_each_operation_came_to(tours: MakeTours) -> None:
    result = tours().run(agree)

    assert result.result == {
        "greeting": "Hello, Ada!",
        "answer": "yes",
        "found": {"count-letters": 16, "find-longest": "apples", "sort-items": ["apples", "pears", "plums"]},
        "labels": [f"tour/first/item-{number}.txt" for number in (1, 2, 3)],
        "polls": 3,
        "report": "memory:tour/first/report.txt",
    }


def test_it_leaves_a_question_labels_and_a_report_to_look_at(tours: MakeTours) -> None:
    storage = MemoryStorage()

    tours(storage=storage).run(agree)

    assert storage.get("tour/first/question.txt") == b"May these 3 be labelled? plums, apples, pears\n"
    assert storage.get("tour/first/item-2.txt") == b"item-2: apples\n"
    assert b"answer: 'yes'\n" in storage.get("tour/first/report.txt")


def test_branches_items_and_the_child_context_have_names(tours: MakeTours) -> None:
    result = tours().run(agree)

    inside = {each.name: [child.name for child in each.children] for each in result.children if each.children}
    assert inside == {
        CALLBACK: [f"{CALLBACK} create callback id", f"{CALLBACK} submitter"],
        "find-out": ["count-letters", "find-longest", "sort-items"],
        "label-items": ["item-1", "item-2", "item-3"],
        "report": ["write-report", "store-report"],
    }


def test_it_waits_five_seconds_and_polls_every_three(tours: MakeTours) -> None:
    result = tours().run(agree)

    assert lasted(result, "wait-five-seconds").total_seconds() == pytest.approx(5, abs=0.9)
    assert lasted(result, "wait-until-ready").total_seconds() == pytest.approx(2 * 3, abs=0.9)


def test_a_wrong_event_fails_it_before_anything_is_recorded(tours: MakeTours) -> None:
    result = tours().run(event={"name": "Ada", "items": []})

    assert failure(result) == ("FAILED", '"items" must be a list of 1 to 50 texts, not a list')
    assert result.operations == []


def test_a_refusal_from_outside_fails_it_with_the_reason(tours: MakeTours) -> None:
    def refuse(runner: DurableFunctionTestRunner, callback_id: str) -> None:
        runner.send_callback_failure(callback_id, ErrorObject("not these", "Refused"))

    result = tours().run(refuse)

    assert failure(result) == ("FAILED", "not these")
    assert result.get_context(CALLBACK).status == "FAILED"
    assert [each.name for each in result.children] == ["process-input", CALLBACK]


def test_it_fails_when_nobody_has_answered_for_an_hour(tours: MakeTours) -> None:
    result = tours().run()

    assert result.status == "FAILED"
    assert result.get_callback(f"{CALLBACK} create callback id").status == "TIMED_OUT"
    assert lasted(result, CALLBACK).total_seconds() == pytest.approx(3600, abs=0.9)


def test_what_is_answered_need_not_be_json(tours: MakeTours) -> None:
    def type_in(runner: DurableFunctionTestRunner, callback_id: str) -> None:
        runner.runtime.callbacks.succeed(callback_id, "yes, please")

    assert tours().run(type_in).result["answer"] == "yes, please"


def test_it_gives_up_when_nothing_is_ready_after_twenty_polls(tours: MakeTours) -> None:
    readiness = WrittenReadiness(False)

    result = tours(readiness=readiness).run(agree)

    assert result.status == "FAILED"
    assert result.operation("wait-until-ready").status == "FAILED"
    assert readiness.polls == [("first", number) for number in range(1, 21)]
    assert lasted(result, "wait-until-ready").total_seconds() == pytest.approx(19 * 3, abs=0.9)


def test_a_poll_that_hears_nothing_is_one_more_poll(tours: MakeTours) -> None:
    readiness = WrittenReadiness(ReadinessUnavailableError("busy"), False, True)

    result = tours(readiness=readiness).run(agree)

    assert (result.status, result.result["polls"]) == ("SUCCEEDED", 3)


def test_a_poll_that_is_refused_ends_it_at_once(tours: MakeTours) -> None:
    readiness = WrittenReadiness(ReadinessError("no access"))

    result = tours(readiness=readiness).run(agree)

    assert failure(result) == ("FAILED", "no access")
    assert readiness.polls == [("first", 1)]


def test_a_greeting_that_fails_ends_it_with_the_functions_error(tours: MakeTours) -> None:
    def rude(event: object, context: object) -> object:
        raise ValueError("no manners")

    result = tours(greeting=rude).run(agree)

    assert failure(result) == ("FAILED", "no manners")


@pytest.mark.parametrize("document", ["question", "item-2", "report"])
def test_a_storage_in_trouble_is_tried_again(tours: MakeTours, document: str) -> None:
    busy = [StorageUnavailableError("busy")] * 2
    storage = TroubledStorage(MemoryStorage(), busy, at=f"put tour/first/{document}.txt")

    result = tours(storage=storage).run(agree)

    assert result.status == "SUCCEEDED"
    assert storage.calls.count(f"put tour/first/{document}.txt") == 3


@pytest.mark.parametrize("document", ["item-2", "report"])
def test_a_storage_that_refuses_fails_it(tours: MakeTours, document: str) -> None:
    storage = TroubledStorage(MemoryStorage(), [StorageError("no access")], at=f"put tour/first/{document}.txt")

    result = tours(storage=storage).run(agree)

    assert failure(result) == ("FAILED", "no access")
    assert storage.calls.count(f"put tour/first/{document}.txt") == 1


def test_a_question_that_cannot_be_asked_fails_it_without_an_answer(tours: MakeTours) -> None:
    storage = TroubledStorage(MemoryStorage(), [StorageError("no access")], at="put tour/first/question.txt")

    result = tours(storage=storage).run()

    assert failure(result) == ("FAILED", "no access")
    assert lasted(result, CALLBACK).total_seconds() < 1


def test_the_callbacks_id_is_in_no_document_and_in_no_result_of_an_operation(tours: MakeTours) -> None:
    storage, ids = TroubledStorage(MemoryStorage()), list[str]()

    def note(runner: DurableFunctionTestRunner, callback_id: str) -> None:
        ids.append(callback_id)
        agree(runner, callback_id)

    result = tours(storage=storage).run(note)

    bodies = [storage.get(call.split()[1]).decode() for call in list(storage.calls) if call.startswith("put ")]
    recorded = [each.step_details.result for each in result.operations if each.step_details]
    assert ids[0]
    assert ids[0] not in json.dumps([bodies, recorded, result.result])


def test_a_second_tour_of_the_same_request_has_documents_of_its_own() -> None:
    storage = MemoryStorage()
    workflow = Tours(storage=storage).handler()

    with DurableFunctionTestRunner(workflow).register_function("greeting", Tours().greeting) as runner:
        for name in ("first", "second"):
            arn = runner.run_async(EVENT, name)
            agree(runner, runner.wait_for_callback(arn))
            runner.wait_for_result(arn)

    assert storage.get("tour/second/item-1.txt") == storage.get("tour/first/item-1.txt")
