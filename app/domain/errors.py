"""Everything the domain refuses."""

from collections.abc import Mapping

LONGEST_QUOTE = 40


class DomainError(Exception):
    """A rule of the domain is broken; the text names the thing, its value and the way out."""


class InvalidRequestError(DomainError):
    """The event does not ask for something this workflow can do."""


class UnknownEventError(InvalidRequestError):
    """No workflow begins with events of this kind."""


class CartClosedError(DomainError):
    """Another order has checked the cart out."""


class InvalidKeyError(DomainError):
    """A document's key could leave its storage, or cannot be written on every storage."""


class PlanTooLargeError(DomainError):
    """The rows do not fit into one execution."""


class StagedPageChangedError(DomainError):
    """A staged page no longer holds the rows that the plan recorded."""


class RowRejectedError(DomainError):
    """A row breaks a rule of its record: `field` says where, `reason` what was expected."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def shown(value: object) -> str:
    """A value as a rejection quotes it: in JSON's words, on one line, and cut where it is long."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case list():
            return "a list"
        case dict():
            return "an object"
        case str():
            return repr(value[:LONGEST_QUOTE]) + "..." * (len(value) > LONGEST_QUOTE)
    text = str(value)
    return text[:LONGEST_QUOTE] + "..." * (len(text) > LONGEST_QUOTE)


class BranchesFailedError(DomainError):
    """Some branches failed; each is named with its error, and the others' documents are in storage."""

    def __init__(self, failures: Mapping[str, str]) -> None:
        told = "; ".join(f"{name}: {message}" for name, message in failures.items())
        super().__init__(f"{len(failures)} of the branches failed: {told}")
        self.failures = dict(failures)


class InvalidDocumentError(DomainError):
    """A stored document cannot become rows of a table."""


class UnansweredError(DomainError):
    """The person who was asked did not answer."""
