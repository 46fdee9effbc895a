"""Executions begun through the Lambda API, of AWS or of the local runtime."""

import json
from collections.abc import Mapping

from app.adapters.technologies.aws import Client, Members, port_errors, whole
from app.domain.starting import Start
from app.ports.starter import StartedOtherwiseError, Starter, StarterError, StarterUnavailableError


class LambdaStarter(Starter):
    """Invokes the durable function of a workflow by an event; `functions` has their qualified names."""

    def __init__(self, client: Client, functions: Mapping[str, str]) -> None:
        self._client = client
        self._functions = functions

    def start(self, start: Start) -> str:
        function = self._functions[start.workflow]
        named = {"DurableExecutionAlreadyStartedException": StartedOtherwiseError}
        with port_errors(f"function {function}", StarterError, StarterUnavailableError, named):
            answer = whole(
                self._client.invoke(
                    FunctionName=function,
                    InvocationType="Event",
                    DurableExecutionName=start.name,
                    Payload=_canonical(start.payload),
                )
            )
            answer["Payload"].read()  # it is empty; unread, it would keep its connection from the next start
        return str(answer["DurableExecutionArn"])


def _canonical(payload: Members) -> bytes:
    """The payload as bytes, which the service compares: the same members in another order are the same payload."""
    return json.dumps(payload, sort_keys=True).encode()
