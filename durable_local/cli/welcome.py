"""What `durable start` tells when it begins and when it has ended."""

import sys
from collections.abc import Iterator

from rich.console import Console

from durable_local.cli.console import command, say
from durable_local.http.server import LoopbackServer
from durable_local.template.function import TemplateFunction
from durable_local.template.reading import Template


def welcome(console: Console, what: str, template: Template, server: LoopbackServer) -> None:
    """What is hosted, where, and how to invoke it."""
    say(console, f"Serving {what} at {server.url}", "bold")
    width = max(len(each.name) for each in template.functions)
    for function in template.functions:
        kind = "durable" if function.durable else "plain"
        say(console, f"  {function.name:{width}}  {kind:7}  {function.handler}")
    for name, reason in template.left_out.items():
        say(console, f"  {name} is left out: {reason}", "yellow")
    say(console, f"Console: {server.console}")
    say(console, f"Token for requests that are not signed: {server.token}")
    say(console, "Invoke a function, with the AWS CLI or without:")
    for line in _examples(template.functions[0], server):
        say(console, f"  {line}", "dim")
    say(console, "Ctrl-C stops it; executions that are not over go on at the next start.")
    console.file.flush()


def goodbye(console: Console) -> None:
    """What becomes of executions, and how they go on: by the same command."""
    again = command(*sys.argv[1:])
    say(console, f"Stopped. What was recorded is kept; executions that are not over go on with: {again}", "yellow")


def _examples(function: TemplateFunction, server: LoopbackServer) -> Iterator[str]:
    name, qualifier = function.name, ":$LATEST" if function.durable else ""
    path = f"/2015-03-31/functions/{name}/invocations" + ("?Qualifier=%24LATEST" if function.durable else "")
    yield (
        "AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1 "
        f"aws lambda invoke --endpoint-url {server.url} --function-name '{name}{qualifier}' "
        "--cli-binary-format raw-in-base64-out --payload '{}' answer.json"
    )
    yield (
        f"curl -H 'Authorization: Bearer {server.token}' -H 'Content-Type: application/json' "
        f"-d '{{}}' '{server.url}{path}'"
    )
