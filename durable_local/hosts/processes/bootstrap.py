"""The first lines that a worker's process runs, with the function's Python: nothing but the standard library.

python -P bootstrap.py LIFELINE

The lifeline is the reading end of a pipe whose other end the server holds and never writes to.
"""

import fcntl
import os
import runpy
import select
import signal
import sys


def main() -> None:
    """Become Lambda's runtime client for the function that the environment names."""
    die_with_the_server(int(sys.argv[1]))
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    sys.argv = ["awslambdaric", os.environ["_HANDLER"]]
    runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)


def die_with_the_server(lifeline: int) -> None:
    """Have the kernel kill this process and its children when the pipe loses its writer.

    A thread that waits for the end of the pipe would wait for the interpreter's lock too, which a handler may hold.
    """
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgid(0))
    if sys.platform == "linux":
        fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([lifeline], [], [], 0)[0]:
        sys.exit("The server has ended before its worker began")


if __name__ == "__main__":
    main()
