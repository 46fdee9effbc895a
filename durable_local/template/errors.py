"""What is wrong with a template, or cannot be known from it."""


class TemplateError(Exception):
    """The template, or the file of overrides, cannot be used; the message names the place and the way out."""


class UnresolvableError(Exception):
    """Only a deployment could tell this value; the message says why."""

    def __init__(self, reason: str, parameter: str | None = None) -> None:
        super().__init__(reason)
        self.parameter = parameter
        """The template's parameter that would have to be given."""
