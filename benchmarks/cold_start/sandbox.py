"""One cold start, as Lambda makes it: a process of its own, with only the artifact on the path and no bytecode.

python3.13 -I -S -B sandbox.py ARTIFACT HANDLER < EVENT

Runs outside of the project's environment, so it imports nothing but the standard library and the artifact.
"""

import importlib
import json
import sys
import time


class LambdaContext:
    """The facts that Lambda tells a handler."""

    function_name = "measured"
    function_version = "1"
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:measured:live"
    memory_limit_in_mb = "512"
    aws_request_id = "00000000-0000-0000-0000-000000000000"
    tenant_id = None

    def get_remaining_time_in_millis(self) -> int:
        """As if there were always time."""
        return 300_000


def main(artifact: str, handler: str) -> None:
    """Tell on the last line how many seconds the import and the invocation took, and what it answered."""
    event = json.load(sys.stdin)
    sys.path.insert(0, artifact)
    module, _, function = handler.rpartition(".")
    began = time.perf_counter()
    invoke = getattr(importlib.import_module(module), function)
    imported = time.perf_counter()
    answer = invoke(event, LambdaContext())
    ended = time.perf_counter()
    print(json.dumps({"imported": imported - began, "invoked": ended - imported, "answer": answer}))


if __name__ == "__main__":
    main(*sys.argv[1:])
