"""Errors as the service keeps them: as much of them as it takes, and how they are raised again."""

import json
import traceback
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NoReturn

from durable.exceptions import RecordedError, SerDesError, operation_error, wire_name

TEXT_LIMIT, DATA_LIMIT, FRAME_LIMIT, FRAMES_LIMIT = 2_500, 16_000, 300, 10
"""Bytes of an error's text, its data and a frame, as JSON, and frames: the service takes errors of 32 KiB."""
_LENGTH_TOLD = 32
"""Bytes for saying how long a shortened text was; with it, it is not shortened again."""
_OWN_FOLDER = __file__.removesuffix("error_object.py")


def _shortened(text: object, limit: int = TEXT_LIMIT) -> str | None:
    if text is None:
        return None
    told = _told(text).encode(errors="backslashreplace").decode()  # half a surrogate pair could not be sent
    if len(json.dumps(told)) <= limit + _LENGTH_TOLD:
        return told
    sizes = accumulate(len(json.dumps(character)) - 2 for character in told[:limit])
    return f"{told[: bisect_right(list(sizes), limit)]}... ({len(told)} characters)"


def _told(text: object) -> str:
    try:
        return str(text)
    except Exception as error:  # noqa: BLE001 - an error whose own text fails is recorded none the less
        return f"<the text of {type(text).__name__} raised {type(error).__name__}>"


def _frames(error: BaseException) -> list[str]:
    """Where an error was raised, innermost last, from the user's code on."""
    stack = traceback.extract_tb(error.__traceback__)
    frames = [frame for frame in stack if not frame.filename.startswith(_OWN_FOLDER)][-FRAMES_LIMIT:]
    return [str(_shortened(line, FRAME_LIMIT)) for line in traceback.format_list(frames)]


_ErrorClass = type[RecordedError]


@dataclass(frozen=True, slots=True)
class ErrorObject:
    """An error as it is recorded."""

    message: str | None = field(default=None, metadata={"wire": "ErrorMessage"})
    type: str | None = field(default=None, metadata={"wire": "ErrorType"})
    data: str | None = field(default=None, metadata={"wire": "ErrorData"})
    stack_trace: list[str] | None = None

    @classmethod
    def from_exception(cls, error: BaseException) -> "ErrorObject":
        """Record an exception: its text, the name of its class and where it was raised, and what its record said."""
        name = wire_name(SerDesError if isinstance(error, SerDesError) else error.__class__)
        if isinstance(error, RecordedError):
            frames = [str(_shortened(frame, FRAME_LIMIT)) for frame in error.stack_trace or ()][-FRAMES_LIMIT:]
            return cls(_shortened(error.message), name, _shortened(error.data, DATA_LIMIT), frames or None)
        return cls(_shortened(error), name, stack_trace=_frames(error) or None)

    def raise_as(self, error: _ErrorClass) -> NoReturn:
        """Raise what is recorded as an error of the given class, from the recorded one."""
        cause = operation_error(self.type).from_error_fields(self.message, self.type, self.data, self.stack_trace)
        if self.type == wire_name(SerDesError):
            error = SerDesError
        raise error.from_error_fields(self.message, self.type, self.data, self.stack_trace) from cause
