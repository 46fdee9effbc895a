"""The analyst on this project's core; where it is interrupted is in `test_analyst_replay_safety.py`."""

import json
from collections.abc import Callable
from functools import partial

import pytest

from app.adapters.storage.memory import MemoryStorage
from app.domain.analyst import Budget, ModelReply, ToolReply, ToolRequest
from app.ports.chat_model import ChatModelError, ChatModelUnavailableError
from app.ports.datasets import DatasetError, DatasetUnavailableError
from app.ports.storage import StorageUnavailableError
from app.ports.tools import ToolError, ToolUnavailableError
from durable.model import ErrorObject
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner
from tests.app.workflows.analysts import CALLBACK, Analysts, estimate
from tests.fakes.analyst import answering, asking, request
from tests.fakes.chat_model import WrittenChatModel
from tests.fakes.datasets import NOTHING, SetDatasets
from tests.fakes.storage import TroubledStorage
from tests.fakes.tools import WrittenTool

MakeAnalysts = Callable[..., Analysts]

LOOK, SEND = request("look", query="teas"), request("send", query="two")
FAR_TOO_LONG = "x" * 300_000


@pytest.fixture(params=["warm", "cold"])
def analysts(request: pytest.FixtureRequest) -> MakeAnalysts:
    return partial(Analysts, request.param)


def cut_short() -> ModelReply:
    return ModelReply(ending="cut-short", text="There are", requests=[], tokens=10, cached_tokens=0)


def tree(result: DurableFunctionTestResult) -> dict[str | None, list[str | None]]:
    return {each.name: [child.name for child in each.children] for each in result.children}


def told(model: WrittenChatModel) -> list[ToolReply]:
    """What the model was told of the tools that it asked for first."""
    return list(model.asked[-1].turns[0].tool_replies)


def failure(result: DurableFunctionTestResult) -> tuple[str, str | None]:
    assert result.error
    return result.status, result.error.message


def test_a_question_is_answered_in_as_many_turns_as_it_takes(analysts: MakeAnalysts) -> None:
    model = WrittenChatModel(asking(LOOK), asking(SEND), answering("Two"))

    result = analysts(chat_model=model).run()

    assert result.result == {"outcome": "answered", "answer": "Two", "reason": None, "model_calls": 3, "tokens": 30}
    assert list(tree(result)) == [
        "build-dataset",
        "ask-model-1",
        "look-1-1",
        "ask-model-2",
        "send-2-1",
        "ask-model-3",
    ]
    assert {each.status for each in result.get_all_operations()} == {"SUCCEEDED"}


def test_the_model_knows_the_tables_and_every_turn_so_far(analysts: MakeAnalysts) -> None:
    model = WrittenChatModel(asking(LOOK), answering("Two"))

    analysts(chat_model=model, tools=[WrittenTool("look", '{"teas": 2}')]).run()

    assert model.asked[-1].data == "teas(sku): 1 rows"
    assert [turn.reply for turn in model.asked[-1].turns] == [asking(LOOK)]
    assert told(model) == [{"id": "look", "text": '{"teas": 2}', "failed": False}]


def test_several_tools_asked_for_at_once_run_in_a_parallel(analysts: MakeAnalysts) -> None:
    both = [request("look", "a", query="teas"), request("drop", "b"), request("look", "c", query="coffees")]
    model = WrittenChatModel(asking(*both), answering("Two"))

    result = analysts(chat_model=model).run()

    assert tree(result)["use-tools-1"] == ["look-1-1", "look-1-3"]
    assert [reply["id"] for reply in told(model)] == ["a", "b", "c"]
    assert [reply["failed"] for reply in told(model)] == [False, True, False]


def test_two_requests_under_one_id_are_both_carried_out(analysts: MakeAnalysts) -> None:
    model = WrittenChatModel(asking(LOOK, LOOK), answering("Two"))
    look = WrittenTool("look")

    analysts(chat_model=model, tools=[look]).run()

    assert sorted(look.used) == ["tuesday-1-1", "tuesday-1-2"]
    assert len(told(model)) == 2


def test_a_tool_that_cannot_do_it_tells_the_model_why(analysts: MakeAnalysts) -> None:
    model = WrittenChatModel(asking(LOOK), answering("I do not know"))
    look = WrittenTool("look", "{}", ToolError("no such column: amount"))

    result = analysts(chat_model=model, tools=[look]).run()

    assert result.result["answer"] == "I do not know"
    assert told(model) == [{"id": "look", "text": "no such column: amount", "failed": True}]
    assert result.get_step("look-1-1").attempts == 1


def test_a_tool_in_trouble_is_tried_again(analysts: MakeAnalysts) -> None:
    model = WrittenChatModel(asking(LOOK), answering("Two"))
    look = WrittenTool("look", "{}", *[ToolUnavailableError("busy")] * 2)

    result = analysts(chat_model=model, tools=[look]).run()

    assert (result.get_step("look-1-1").attempts, look.used) == (3, ["tuesday-1-1"] * 3)
    assert told(model) == [{"id": "look", "text": "{}", "failed": False}]


@pytest.mark.parametrize(
    ("trouble", "attempts"), [(ToolUnavailableError("busy at 10.0.0.7"), 3), (ValueError("a secret"), 1)]
)
def test_a_tool_that_stays_in_trouble_is_told_without_its_error(
    analysts: MakeAnalysts, trouble: Exception, attempts: int
) -> None:
    model = WrittenChatModel(asking(LOOK, request("look", "other", query="x")), answering("I do not know"))
    look = WrittenTool("look", "{}", *[trouble] * 6)

    result = analysts(chat_model=model, tools=[look]).run()

    assert (result.status, len(look.used)) == ("SUCCEEDED", 2 * attempts)
    assert {reply["text"] for reply in told(model)} == {
        "look does not work at present; go on without it, or say what is missing in the answer"
    }


def test_what_acts_outside_is_never_tried_again(analysts: MakeAnalysts) -> None:
    model = WrittenChatModel(asking(SEND), asking(SEND), answering("Perhaps"))
    send = WrittenTool("send", "{}", ToolUnavailableError("the connection broke"), once=True)

    result = analysts(chat_model=model, tools=[send]).run()

    (first,), (second,) = (turn.tool_replies for turn in model.asked[-1].turns)
    assert (result.status, send.used) == ("SUCCEEDED", ["tuesday-1-1"])
    assert first["text"].startswith("It is not known whether send was carried out")
    assert second["text"].startswith("send was asked for before")


def test_a_model_in_trouble_is_asked_again(analysts: MakeAnalysts) -> None:
    model = WrittenChatModel(answering("Two"), troubles=[ChatModelUnavailableError("busy")] * 7)

    result = analysts(chat_model=model).run()

    assert (result.status, result.get_step("ask-model-1").attempts) == ("SUCCEEDED", 8)


@pytest.mark.parametrize(
    ("trouble", "attempts"), [(ChatModelUnavailableError("busy"), 8), (ChatModelError("no access"), 1)]
)
def test_a_model_that_cannot_be_asked_fails_it(analysts: MakeAnalysts, trouble: Exception, attempts: int) -> None:
    model = WrittenChatModel(answering("Two"), troubles=[trouble] * 9)

    result = analysts(chat_model=model).run()

    assert failure(result) == ("FAILED", str(trouble))
    assert len(model.asked) == attempts


@pytest.mark.parametrize(
    ("replies", "budget", "reason"),
    [
        ([asking(LOOK)], Budget(model_calls=3, tokens=1_000), "The model was asked 3 times"),
        ([asking(LOOK, tokens=50)], Budget(model_calls=9, tokens=100), "The model took 100 tokens of 100"),
        ([asking(LOOK), cut_short()], Budget(model_calls=9, tokens=1_000), "The model's reply was cut short"),
    ],
)
def test_beyond_its_budget_or_stuck_a_person_answers(
    analysts: MakeAnalysts, replies: list[ModelReply], budget: Budget, reason: str
) -> None:
    model, look, storage = WrittenChatModel(*replies), WrittenTool("look", '{"teas": 2}'), MemoryStorage()

    result = analysts(chat_model=model, tools=[look], storage=storage, budgets=[budget]).run(estimate)

    assert (result.result["outcome"], result.result["answer"]) == ("escalated", "About two")
    assert result.result["reason"].startswith(reason)
    assert len(look.used) == len(model.asked) - 1
    handover = storage.get("analyst/tuesday/handover.txt").decode()
    assert handover.startswith(f"How many teas are there?\n{reason}")
    assert 'got {"teas": 2}' in handover


def test_an_answer_that_takes_the_last_tokens_is_an_answer(analysts: MakeAnalysts) -> None:
    model = WrittenChatModel(answering("Two", tokens=5_000))

    result = analysts(chat_model=model, budgets=[Budget(model_calls=1, tokens=100)]).run()

    assert result.result["outcome"] == "answered"


def test_it_fails_when_nobody_has_answered_for_48_hours(analysts: MakeAnalysts) -> None:
    result = analysts(chat_model=WrittenChatModel(cut_short())).run()

    operation = result.get_callback(f"{CALLBACK} create callback id").operation
    assert failure(result) == (
        "FAILED",
        "Nobody answered within 48 hours; what happened so far is at memory:analyst/tuesday/handover.txt",
    )
    assert operation.start_timestamp
    assert operation.end_timestamp
    assert (operation.end_timestamp - operation.start_timestamp).total_seconds() == pytest.approx(48 * 3600, abs=1)


def test_a_person_who_refuses_fails_it_with_the_reason(analysts: MakeAnalysts) -> None:
    def refuse(runner: DurableFunctionTestRunner, callback_id: str) -> None:
        runner.send_callback_failure(callback_id, ErrorObject("nobody can know that", "Refused"))

    result = analysts(chat_model=WrittenChatModel(cut_short())).run(refuse)

    assert failure(result) == ("FAILED", "nobody can know that")


def test_the_callbacks_id_is_in_no_document_and_in_no_result_of_an_operation(analysts: MakeAnalysts) -> None:
    storage, ids = TroubledStorage(MemoryStorage()), list[str]()

    def note(runner: DurableFunctionTestRunner, callback_id: str) -> None:
        ids.append(callback_id)
        estimate(runner, callback_id)

    result = analysts(chat_model=WrittenChatModel(cut_short()), storage=storage).run(note)

    bodies = [storage.get(call.split()[1]).decode() for call in list(storage.calls) if call.startswith("put ")]
    recorded = [each.step_details.result for each in result.operations if each.step_details]
    assert ids[0]
    assert bodies
    assert ids[0] not in json.dumps([bodies, recorded, result.result])


def test_the_budget_is_that_of_the_first_sandbox(analysts: MakeAnalysts) -> None:
    budgets = [Budget(model_calls=2, tokens=1_000), Budget(model_calls=1, tokens=1)]
    model = WrittenChatModel(asking(LOOK), answering("Two"), troubles=[ChatModelUnavailableError("busy")])

    result = analysts(chat_model=model, budgets=budgets).run()

    assert (result.invocations, result.result["outcome"]) == (2, "answered")


@pytest.mark.parametrize("requests", [[LOOK], [LOOK, request("look", "again", query="more")]])
def test_large_replies_lie_in_storage_and_not_in_checkpoints(
    analysts: MakeAnalysts, requests: list[ToolRequest]
) -> None:
    storage = MemoryStorage()
    model = WrittenChatModel({**asking(*requests), "text": FAR_TOO_LONG}, answering("Two"))
    troubled = WrittenTool("look", FAR_TOO_LONG, ToolUnavailableError("busy"))

    result = analysts(chat_model=model, tools=[troubled], storage=storage).run()

    assert result.result["answer"] == "Two"
    assert model.asked[-1].turns[0].reply["text"] == FAR_TOO_LONG
    assert [reply["text"] for reply in told(model)] == [FAR_TOO_LONG] * len(requests)
    details = [each.step_details or each.context_details for each in result.operations]
    recorded = [each.result for each in details if each and each.result]
    assert max(map(len, recorded)) < 1_000
    assert len([*storage.keys("analyst/claim-checks")]) >= 1 + len(requests)


def test_a_storage_in_trouble_over_a_large_reply_ends_the_invocation_only(analysts: MakeAnalysts) -> None:
    storage = TroubledStorage(MemoryStorage(), [StorageUnavailableError("busy")], at="put analyst/claim-checks")

    result = analysts(chat_model=WrittenChatModel(answering(FAR_TOO_LONG)), storage=storage).run()

    assert (result.status, result.result["answer"]) == ("SUCCEEDED", FAR_TOO_LONG)


def test_data_that_cannot_be_had_now_is_asked_for_again(analysts: MakeAnalysts) -> None:
    datasets = SetDatasets(NOTHING, *[DatasetUnavailableError("busy")] * 4)

    result = analysts(datasets=datasets).run()

    assert (result.status, datasets.asked) == ("SUCCEEDED", ["build monday analyst/tuesday/dataset.sqlite"] * 5)


def test_data_that_is_not_there_fails_it_before_a_model_is_asked(analysts: MakeAnalysts) -> None:
    model = WrittenChatModel(answering("Two"))

    result = analysts(chat_model=model, datasets=SetDatasets(NOTHING, DatasetError("no documents"))).run()

    assert failure(result) == ("FAILED", "no documents")
    assert model.asked == []


def test_a_wrong_event_fails_it_before_anything_is_recorded(analysts: MakeAnalysts) -> None:
    result = analysts().run(event={"question": "How many?"})

    assert failure(result) == ("FAILED", 'The event must be an object with the members "question" and "documents"')
    assert result.operations == []
