"""Start all five workflows at a server on this machine, and tell what to look at and what to answer: make demo."""

import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import boto3

from tools.decide import LOCAL

LOG = Path(".durable/demo.log")
PATIENCE_SECONDS = 60
WAITING = "waits for you"


@dataclass(frozen=True, slots=True)
class Part:
    """One execution of the demo: what begins it, and how a person answers it if it asks."""

    name: str
    function: str
    event: str
    title: str
    answers: tuple[str, ...] = ()
    is_awaited: bool = True
    """Whether it soon ends, or asks somebody."""


PARTS = (
    Part("sample", "PipelineFunction", "pipeline", "brings in customers, products and orders"),
    Part(
        "demo-tour",
        "TourFunction",
        "tour",
        "takes every durable operation once",
        (""".venv/bin/durable callback succeed demo-tour wait-for-external-callback --result '"with pleasure"'""",),
    ),
    Part(
        "cart-reminder-c-1017",
        "CartReminderFunction",
        "cart-reminder",
        "looks at a cart after ten seconds, and reminds of it",
        is_awaited=False,
    ),
    Part(
        "fulfilment-o-1001",
        "FulfilmentFunction",
        "fulfilment",
        "has charged and reserved an order, and asks for a review",
        ("make approve", "make approve DECISION=reject   # everything is taken back"),
    ),
    Part(
        "demo-analyst",
        "AnalystFunction",
        "analyst-open-question",
        "has found no answer in the data, and asks a person",
        (""".venv/bin/durable callback succeed demo-analyst ask-a-person --result '"As much as this year"'""",),
    ),
)


def main() -> int:
    """Serve until it is stopped."""
    LOG.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "durable_local", "start", *sys.argv[1:]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server, LOG.open("w") as log:
        address, console = _told(server, log, "Serving "), _told(server, log, "Console: ")
        if console is None:
            return server.wait() or 1
        reading = threading.Thread(target=log.writelines, args=(server.stdout or (),))
        reading.start()  # from now on: a server whose pipe is full waits for whoever reads it
        client = boto3.client("lambda", endpoint_url=address, **LOCAL)
        print(f"The server is at {address}; what it prints lies in {LOG}. In a browser: {console}")
        print("Five executions:")
        for part in PARTS:
            _tell(part, _begin(client, part))
        print("\nLook at any of them there, or from another terminal: .venv/bin/durable show demo-tour --timeline")
        print("Ctrl-C ends the server. What waits goes on with the next make demo; remove .durable to begin anew.")
        sys.stdout.flush()
        try:
            return server.wait()
        except KeyboardInterrupt:
            return server.wait()
        finally:
            reading.join()


def _told(server: subprocess.Popen[str], log: IO[str], start: str) -> str | None:
    """The address in the next line that starts so; None if the server has ended, after it has said why."""
    for line in server.stdout or ():
        log.write(line)
        if line.startswith(start):
            return line.split()[-1]
    return None


def _begin(client: Any, part: Part) -> str:
    """Begin an execution, or find it; the answer is how it stands once nothing more happens by itself."""
    event = Path("events", f"{part.event}.json").read_bytes()
    started = client.invoke(
        FunctionName=f"{part.function}:live", InvocationType="Event", DurableExecutionName=part.name, Payload=event
    )
    arn = started["DurableExecutionArn"]
    until = time.monotonic() + PATIENCE_SECONDS
    while (status := _status(client, arn, part)) == "RUNNING" and part.is_awaited and time.monotonic() < until:
        time.sleep(0.1)
    return status


def _status(client: Any, arn: str, part: Part) -> str:
    status: str = client.get_durable_execution(DurableExecutionArn=arn)["Status"]
    if status != "RUNNING" or not part.answers:
        return status
    pages = client.get_paginator("get_durable_execution_history").paginate(DurableExecutionArn=arn)
    kinds: list[str] = [event["EventType"] for page in pages for event in page["Events"]]
    is_asked = "CallbackStarted" in kinds and "CallbackSucceeded" not in kinds
    is_told = kinds[-1] == "InvocationCompleted"  # before, what the person is asked may not stand anywhere
    return WAITING if is_asked and is_told else status


def _tell(part: Part, status: str) -> None:
    print(f"\n  {part.name:22}{status:15}{part.title}")
    for answer in part.answers if status == WAITING else ():
        print(f"      {answer}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
