import json

import pytest

from app.adapters.chat_model.dialogues import SAMPLE_DIALOGUES
from app.adapters.chat_model.scripted import LABEL, Dialogue, Line, ScriptedChatModel
from app.domain.analyst import Conversation, ToolReply, Turn

REPORT = Line("I tell:\n{rows}", [("send", {"text": "All: {rows}"})])
ASKING = Line("I ask", [("execute_sql", {"statement": "SELECT 1"})])
MODEL = ScriptedChatModel([Dialogue("How many?", [ASKING, REPORT])])
FOUND = json.dumps({"columns": ["name", "sold"], "rows": [["Assam", 2], ["{rows}", None]], "complete": True})


def after(conversation: Conversation, *texts: str, failed: bool = False) -> Conversation:
    """The conversation after the model's next turn, with what its tools have told."""
    reply = MODEL.reply(conversation, [])
    ids = [request["id"] for request in reply["requests"]]
    replies = [ToolReply(id=each, text=text, failed=failed) for each, text in zip(ids, texts, strict=True)]
    return conversation.then(Turn(reply, replies))


@pytest.mark.parametrize("dialogue", SAMPLE_DIALOGUES, ids=lambda dialogue: dialogue.question)
def test_every_word_is_plainly_labelled(dialogue: Dialogue) -> None:
    begun = Conversation(dialogue.question, "")

    assert ScriptedChatModel(SAMPLE_DIALOGUES).reply(begun, [])["text"].startswith(LABEL)


@pytest.mark.parametrize("question", ["How many?", "how  MANY", "How many!"])
def test_a_question_is_known_by_its_words(question: str) -> None:
    assert MODEL.reply(Conversation(question, ""), [])["text"] == f"{LABEL} I ask"


def test_an_unknown_question_is_answered_with_the_known_ones() -> None:
    reply = MODEL.reply(Conversation("Why?", ""), [])

    assert (reply["ending"], reply["requests"]) == ("answer", [])
    assert reply["text"].endswith("There are some for: How many?")


def test_what_the_query_found_stands_in_the_next_line_and_is_not_read_for_more() -> None:
    reply = MODEL.reply(after(Conversation("How many?", ""), FOUND), [])

    assert reply["text"] == f"{LABEL} I tell:\nAssam, 2\n{{rows}}, None"
    assert reply["requests"][0]["input"] == {"text": "All: Assam, 2\n{rows}, None"}


def test_a_query_that_failed_has_found_nothing() -> None:
    reply = MODEL.reply(after(Conversation("How many?", ""), "no such column", failed=True), [])

    assert reply["text"] == f"{LABEL} I tell:\n"


def test_the_last_line_is_said_again_under_a_new_id() -> None:
    twice = after(after(Conversation("How many?", ""), FOUND), '{"sent": "1"}')

    third = MODEL.reply(twice, [])

    assert [turn.reply["requests"][0]["id"] for turn in twice.turns] == ["scripted-1-1", "scripted-2-1"]
    assert third["requests"][0]["id"] == "scripted-3-1"


def test_a_longer_conversation_takes_more_tokens() -> None:
    begun = Conversation("How many?", "teas(sku): 2 rows")

    assert MODEL.reply(after(begun, FOUND), [])["tokens"] > MODEL.reply(begun, [])["tokens"] > 0
