"""Whether a Python can run the functions' workers."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from durable_local.template.function import TemplateFunction

_ASK = "import sys, awslambdaric; print('python%d.%d' % sys.version_info[:2])"


class InterpreterError(Exception):
    """The Python cannot run the workers; the message says what it lacks."""


def check_interpreter(python: Path, functions: Iterable[TemplateFunction]) -> None:
    """Raise InterpreterError unless a Python has Lambda's runtime client and is the one that built code needs."""
    try:
        asked = subprocess.run([python, "-P", "-c", _ASK], capture_output=True, text=True, check=False)  # noqa: S603
    except OSError as error:
        raise InterpreterError(f"{python} cannot be run: {error.strerror}; name another one with --python") from error
    if asked.returncode != 0:
        raise InterpreterError(
            f"{python} has no awslambdaric, the client by which Lambda's runtime asks for invocations; "
            f"install it: {python} -m pip install awslambdaric"
        )
    version = asked.stdout.strip()
    for function in functions:
        if function.runtime != version and any(function.code.glob("*.dist-info")):
            raise InterpreterError(
                f"{function.name} was built for {function.runtime}, and {python} is {version}; "
                f"name a {function.runtime} that has awslambdaric with --python"
            )
