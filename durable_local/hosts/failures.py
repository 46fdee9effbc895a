"""How Lambda names it when a function does not answer."""

import signal

from durable.model import ErrorObject

EXIT_ERROR = "Runtime.ExitError"
RESPONSE_BYTES = 6 * 1024 * 1024 + 100
"""The largest response, as Lambda counts it."""
TOO_LARGE = ErrorObject(
    f"Response payload size exceeded maximum allowed payload size ({RESPONSE_BYTES} bytes).",
    "Function.ResponseSizeTooLarge",
)
OUT_OF_MEMORY = ErrorObject("Runtime exited with error: signal: killed", "Runtime.OutOfMemory")


def timed_out(seconds: float) -> ErrorObject:
    """It has run for longer than it may."""
    return ErrorObject(f"Task timed out after {seconds:.2f} seconds", "Sandbox.Timedout")


def not_begun(error: OSError) -> ErrorObject:
    """Its process could not be made."""
    return ErrorObject(f"The runtime cannot begin: {error}", "Runtime.InvalidEntrypoint")


def exited(code: int) -> ErrorObject:
    """Its process has ended; a negative code is the signal that ended it."""
    if code == 0:
        return ErrorObject("Runtime exited without providing a reason", EXIT_ERROR)
    if code > 0:
        return ErrorObject(f"Runtime exited with error: exit status {code}", EXIT_ERROR)
    told = (signal.strsignal(-code) or str(-code)).lower()
    return ErrorObject(f"Runtime exited with error: signal: {told}", EXIT_ERROR)
