"""One invocation as Lambda makes it: in a process of its own, with only the artifact on the path.

python3.13 -I -S sandbox.py ARTIFACT HANDLER ANSWER < EVENT

Runs outside the test's environment, so it imports nothing but the standard library and the artifact.
"""

import importlib
import json
import sys
from pathlib import Path


class LambdaContext:
    """The facts that Lambda tells a handler."""

    function_name = "pipeline"
    function_version = "1"
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:pipeline:live"
    memory_limit_in_mb = "512"
    aws_request_id = "00000000-0000-0000-0000-000000000000"
    tenant_id = None

    def get_remaining_time_in_millis(self) -> int:
        return 300_000


def main(artifact: str, handler: str, answer: str) -> None:
    sys.path.insert(0, artifact)
    module, _, function = handler.rpartition(".")
    invoke = getattr(importlib.import_module(module), function)
    Path(answer).write_text(json.dumps(invoke(json.load(sys.stdin), LambdaContext())))


if __name__ == "__main__":
    main(*sys.argv[1:])
