"""What the service refuses, in the form in which boto3 hands an API error to its caller."""

from typing import Any


class ServiceError(Exception):
    """A refused call; `response` is what a botocore `ClientError` would carry."""

    code = "ServiceException"
    status = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def response(self) -> dict[str, Any]:
        """Code, message and HTTP status as boto3 shows them."""
        return {
            "Error": {"Code": self.code, "Message": self.message},
            "ResponseMetadata": {"HTTPStatusCode": self.status},
        }


class InvalidParameterValueError(ServiceError):
    """An argument, an update or a token is not acceptable."""

    code = "InvalidParameterValueException"
    status = 400


class ResourceNotFoundError(ServiceError):
    """No such execution, function or callback."""

    code = "ResourceNotFoundException"
    status = 404


class ExecutionAlreadyStartedError(ServiceError):
    """The execution's name has been used with another payload or function."""

    code = "DurableExecutionAlreadyStartedException"
    status = 409


class CallbackTimeoutError(ServiceError):
    """The callback has been answered, has expired, or its execution has ended."""

    code = "CallbackTimeoutException"
    status = 400


class RequestTooLargeError(ServiceError):
    """The body is larger than this call takes."""

    code = "RequestTooLargeException"
    status = 413


class ExecutionEndedError(Exception):
    """The execution has ended, so it is not invoked any more."""


class ClaimLostError(Exception):
    """Another invocation has taken the execution over; this one must not write any more."""
