"""What every chat model promises; each test runs on all adapters."""

from app.domain.analyst import Conversation, ToolReply, Turn
from app.ports.chat_model import ChatModel
from tests.app.adapters.chat_model.conftest import LOOK, QUESTION

BEGUN = Conversation(QUESTION, "teas(sku): 2 rows")


def test_a_conversation_goes_from_a_request_to_an_answer(chat_model: ChatModel) -> None:
    asked = chat_model.reply(BEGUN, [LOOK])
    (request,) = asked["requests"]
    found = ToolReply(id=request["id"], text='{"rows": [[2]]}', failed=False)
    answer = chat_model.reply(BEGUN.then(Turn(asked, [found])), [LOOK])

    assert (asked["ending"], request["name"], request["input"]) == ("tools", "look", {"query": "teas"})
    assert (answer["ending"], answer["requests"]) == ("answer", [])
    assert answer["text"].endswith("There are two")


def test_every_reply_tells_what_it_took(chat_model: ChatModel) -> None:
    reply = chat_model.reply(BEGUN, [LOOK])

    assert reply["tokens"] > reply["cached_tokens"] >= 0
