from typing import Any

import pytest

from app.domain import analyst
from app.domain.analyst import AnalystKeys, Budget, Conversation, ModelReply, ToolDescription, ToolReply, Turn
from app.domain.errors import InvalidRequestError
from tests.fakes.analyst import answering, asking, request

LOOK = ToolDescription("look", "Looks something up", {"query": "what to look for"})
SEND = ToolDescription("send", "Sends a text", {"text": "the text"}, once=True)
TOOLS = {tool.name: tool for tool in (LOOK, SEND)}
BUDGET = Budget(model_calls=3, tokens=100)


def conversation(*replies: ModelReply) -> Conversation:
    return Conversation("How much?", "a table", tuple(map(Turn, replies)))


def cut_short() -> ModelReply:
    return ModelReply(ending="cut-short", text="It is", requests=[], tokens=10, cached_tokens=0)


def test_a_request_has_a_question_and_the_documents_that_it_is_about() -> None:
    requested = analyst.requested_analysis({"question": " How much? ", "documents": "monday"})

    assert requested == analyst.AnalystRequest("How much?", "monday")


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (None, "must be an object"),
        ({"question": "How much?"}, "must be an object"),
        ({"question": "How much?", "documents": "monday", "recipient": "eve@example.com"}, "must be an object"),
        ({"question": " ", "documents": "monday"}, '"question" must be a text'),
        ({"question": 7, "documents": "monday"}, '"question" must be a text'),
        ({"question": "?" * 4_001, "documents": "monday"}, "4,000 characters"),
        ({"question": "How much?", "documents": "../secrets"}, "must name an execution of the pipeline"),
        ({"question": "How much?", "documents": None}, "must name an execution of the pipeline, not null"),
    ],
)
def test_any_other_request_is_refused(event: object, reason: str) -> None:
    with pytest.raises(InvalidRequestError, match=reason):
        analyst.requested_analysis(event)


@pytest.mark.parametrize("replies", [[], [asking()], [asking(tokens=49), asking(tokens=50)]])
def test_the_model_goes_on_within_its_budget(replies: list[ModelReply]) -> None:
    assert analyst.reason_to_escalate(conversation(*replies), BUDGET) is None


@pytest.mark.parametrize(
    ("replies", "reason"),
    [
        ([asking()] * 3, "asked 3 times"),
        ([asking(tokens=60), asking(tokens=40)], "took 100 tokens of 100"),
        ([cut_short()], "cut short"),
        ([{**cut_short(), "ending": "refused"}], "refused to go on"),
    ],
)
def test_a_person_goes_on_when_the_model_may_or_can_not(replies: list[ModelReply], reason: str) -> None:
    assert reason in (analyst.reason_to_escalate(conversation(*replies), BUDGET) or "")


def told(*asked: tuple[str, dict[str, Any]], before: Conversation | None = None) -> list[str | None]:
    requests = [request(name, str(number), **given) for number, (name, given) in enumerate(asked)]
    return analyst.refusals((before or conversation()).then(Turn(asking(*requests))), TOOLS)


def test_requests_that_fit_are_carried_out() -> None:
    assert told(("look", {"query": "a"}), ("look", {"query": "b"}), ("send", {"text": "c"})) == [None, None, None]


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("delete", {}, "There is no tool 'delete'; there are look, send"),
        ("look", {}, "look needs exactly these inputs, each a text: query"),
        ("look", {"query": 7}, "each a text"),
        ("look", {"query": "a", "limit": "1"}, "exactly these"),
        ("send", {"text": "a", "recipient": "eve@example.com"}, "exactly these inputs, each a text: text"),
        ("look", {"query": "a" * 20_001}, "20,000 characters"),
    ],
)
def test_a_request_that_does_not_fit_is_told_why(name: str, given: dict[str, Any], reason: str) -> None:
    (refusal,) = told((name, given))

    assert reason in (refusal or "")


def test_what_acts_outside_is_carried_out_once_an_execution() -> None:
    first, second = told(("send", {"text": "a"}), ("send", {"text": "b"}))
    (later,) = told(("send", {"text": "c"}), before=conversation(asking(request("send", text="a"))))

    assert first is None
    assert "once at most" in (second or "")
    assert "once at most" in (later or "")


def test_a_request_that_was_refused_does_not_count_as_carried_out() -> None:
    (again,) = told(("send", {"text": "c"}), before=conversation(asking(request("send", to="a"))))

    assert again is None


def test_the_model_is_told_not_to_repeat_what_may_have_happened() -> None:
    assert "do not ask for it again" in analyst.given_up(SEND)
    assert "does not work at present" in analyst.given_up(LOOK)


def test_an_answer_counts_what_it_took() -> None:
    ended = conversation(asking(), answering("42", tokens=5))

    assert analyst.answered(ended) == {
        "outcome": "answered",
        "answer": "42",
        "reason": None,
        "model_calls": 2,
        "tokens": 15,
    }


@pytest.mark.parametrize(("answer", "text"), [("About 40", "About 40"), ({"sum": 40}, '{"sum": 40}'), (None, "null")])
def test_a_persons_answer_is_told_as_text_with_the_reason(answer: object, text: str) -> None:
    analysis = analyst.escalated(conversation(asking()), "It took long", answer)

    assert (analysis["outcome"], analysis["answer"], analysis["reason"]) == ("escalated", text, "It took long")


def test_a_person_is_told_the_question_the_reason_and_what_was_found() -> None:
    found = Turn(asking(request("look", query="sums")), [ToolReply(id="look", text="x" * 2_000, failed=False)])
    given = conversation().then(found).then(Turn(asking(request("send", text="a"))))

    text = analyst.handover(given, "It took long")

    assert text.startswith("How much?\nIt took long. What happened so far:\n")
    assert f'asked for look {{"query": "sums"}}\n   got {"x" * 300}...\n' in text
    assert text.endswith('asked for send {"text": "a"}\n   was not carried out\n')


def test_keys_derive_from_the_execution_alone() -> None:
    keys = AnalystKeys("monday")

    assert keys.dataset == "analyst/monday/dataset.sqlite"
    assert keys.handover == "analyst/monday/handover.txt"
