"""What the HTTP face refuses by itself, and every refusal as Lambda words it: status, header and body."""

import json

from starlette.responses import Response

from durable_local.errors import ServiceError

ERROR_TYPE = "x-amzn-errortype"

_MESSAGE_IN_LOWER_CASE = {
    "InvalidParameterValueException",
    "InvalidRequestContentException",
    "RequestTooLargeException",
    "ResourceConflictException",
    "TooManyRequestsException",
    "UnsupportedMediaTypeException",
}
_FIRST_FAULT_OF_THE_SERVER = 500


class InvalidRequestContentError(ServiceError):
    """The body cannot be read."""

    code = "InvalidRequestContentException"
    status = 400


class UnsupportedMediaTypeError(ServiceError):
    """The body is not JSON by its header."""

    code = "UnsupportedMediaTypeException"
    status = 415


class UnknownOperationError(ServiceError):
    """There is no such call."""

    code = "UnknownOperationException"
    status = 404


class MethodNotAllowedError(ServiceError):
    """There is such a path, but not with this method."""

    code = "MethodNotAllowedException"
    status = 405


class MissingAuthenticationTokenError(ServiceError):
    """The request is neither signed nor does it carry this server's token."""

    code = "MissingAuthenticationTokenException"
    status = 403


class NotPermittedError(ServiceError):
    """A browser wants to act that may look at most."""

    code = "AccessDeniedException"
    status = 403


class ForeignOriginError(ServiceError):
    """A page of another origin sends the request."""

    code = "AccessDeniedException"
    status = 403


class MisdirectedError(ServiceError):
    """The request is for another host; a name has been made to point here."""

    code = "MisdirectedRequestException"
    status = 421


def refused(error: ServiceError) -> Response:
    """The response that tells of an error."""
    message = "message" if error.code in _MESSAGE_IN_LOWER_CASE else "Message"
    fault = "User" if error.status < _FIRST_FAULT_OF_THE_SERVER else "Service"
    return Response(
        json.dumps({"Type": fault, message: error.message}),
        error.status,
        {ERROR_TYPE: error.code},
        media_type="application/json",
    )
