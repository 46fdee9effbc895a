"""One chat model of each kind, both about to say the same: first a request for a tool, then an answer."""

from collections.abc import Iterator

import pytest

from app.adapters.chat_model.bedrock import BedrockChatModel, bedrock_client
from app.adapters.chat_model.scripted import Dialogue, Line, ScriptedChatModel
from app.domain.analyst import ToolDescription
from app.ports.chat_model import ChatModel
from tests.app.conftest import CREDENTIALS
from tests.fakes.converse import MODEL, conversing, message, tool_use

QUESTION = "How many teas are there?"
LOOK = ToolDescription("look", "Looks something up.", {"query": "what to look for"})
SCRIPT = [Dialogue(QUESTION, [Line("Let me see", [("look", {"query": "teas"})]), Line("There are two")])]


@pytest.fixture(params=["bedrock", "scripted"])
def chat_model(request: pytest.FixtureRequest) -> Iterator[ChatModel]:
    if request.param == "scripted":
        yield ScriptedChatModel(SCRIPT)
        return
    asking = message({"text": "Let me see"}, tool_use("look", "t-1", query="teas"), stop="tool_use")
    with conversing(asking, message({"text": "There are two"})) as server:
        client = bedrock_client(endpoint_url=server.url, **CREDENTIALS)
        yield BedrockChatModel(client, MODEL, most_tokens=500)
        client.close()
