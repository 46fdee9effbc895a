"""The analyst may be interrupted anywhere, and what acts outside is never done twice."""

from typing import Any

import pytest

from app.adapters.storage.memory import MemoryStorage
from app.domain.analyst import Budget, ToolRequest
from durable_local.testing import assert_replay_safe
from tests.app.workflows.analysts import CALLBACK, EVENT, Analysts
from tests.fakes.analyst import answering, asking, request
from tests.fakes.chat_model import WrittenChatModel
from tests.fakes.storage import TroubledStorage
from tests.fakes.tools import WrittenTool

LOOK, LOOK_AGAIN = request("look", query="teas"), request("look", "again", query="coffees")
SEND = request("send", query="two")


def cold(analysts: Analysts) -> Any:
    """A handler whose every invocation begins a sandbox."""

    def handler(event: Any, context: Any) -> Any:
        return analysts.handler()(event, context)

    return handler


def test_it_ends_alike_wherever_it_crashes() -> None:
    storage, look = TroubledStorage(MemoryStorage()), WrittenTool("look", '{"teas": 2}')
    model = WrittenChatModel(asking(LOOK, LOOK_AGAIN), asking(LOOK), asking(LOOK))
    analysts = Analysts(chat_model=model, tools=[look], storage=storage, budgets=[Budget(model_calls=3, tokens=99)])

    safety = assert_replay_safe(
        cold(analysts), EVENT, effects=lambda: look.used + storage.calls, callbacks={CALLBACK: "About two"}
    )

    assert safety.tried == safety.points > 15


class Killed(BaseException):
    """The invocation ends here, as when its process is killed."""


@pytest.mark.parametrize("beside", [[], [LOOK]], ids=["alone", "beside another tool"])
def test_what_acts_outside_is_not_done_again_after_a_crash_and_the_model_knows(beside: list[ToolRequest]) -> None:
    model = WrittenChatModel(asking(*beside, SEND), answering("Perhaps it was sent"))
    send = WrittenTool("send", "{}", Killed(), once=True)

    result = Analysts("cold", chat_model=model, tools=[WrittenTool("look"), send]).run()

    assert result.result["answer"] == "Perhaps it was sent"
    assert len(send.used) == 1
    assert model.asked[-1].turns[0].tool_replies[-1]["text"].startswith("It is not known whether send was carried out")


def test_what_looks_something_up_is_done_again_after_a_crash() -> None:
    model = WrittenChatModel(asking(LOOK), answering("Two"))
    look = WrittenTool("look", "{}", Killed())

    result = Analysts("cold", chat_model=model, tools=[look]).run()

    assert (result.result["answer"], look.used) == ("Two", ["tuesday-1-1"] * 2)
    assert not model.asked[-1].turns[0].tool_replies[0]["failed"]
