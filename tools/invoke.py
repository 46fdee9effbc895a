"""Run the deployed pipeline under a name, and tell what to look at: make invoke."""

import argparse
import sys
from collections.abc import Sequence

from tools.stack import ROOT, deployed


def main(arguments: Sequence[str] | None = None) -> int:
    """Begin an execution, or find the one of this name."""
    parser = argparse.ArgumentParser(prog="python -m tools.invoke", description=__doc__)
    parser.add_argument("--name", default="sample", help="the execution's name; one name is one execution")
    name = parser.parse_args(arguments).name
    event = (ROOT / "events" / "pipeline.json").read_bytes()
    with deployed() as stack:
        function = stack.outputs["PipelineFunction"]
        started = stack.client("lambda").invoke(
            FunctionName=function, InvocationType="Event", DurableExecutionName=name, Payload=event
        )
    print(f"Execution {name} has begun, unless it had before; another one: make invoke NAME=another")
    print(f"  {started['DurableExecutionArn']}")
    print(f"Customers come from: {stack.outputs['Customers']}")
    print("Look at:")
    print("  make logs")
    print(f"  .venv/bin/durable show {name} --endpoint aws --function {function.rsplit(':', 2)[1]}")
    print(f"  s3://{stack.outputs['Bucket']}/pipeline/documents/{name}/, and rows that were refused below rejected/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
