"""The options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from durable_local.cli.choices import QuotaKind
from durable_local.store.opening import Durability

DatabaseOption = Annotated[
    Path, typer.Option("--database", envvar="DURABLE_DATABASE", help="The SQLite file that keeps all executions.")
]
DurabilityOption = Annotated[
    Durability,
    typer.Option(
        envvar="DURABLE_DURABILITY", help="What a checkpoint survives; power takes one fsync each, so it is slower."
    ),
]
QuotasOption = Annotated[
    QuotaKind,
    typer.Option(help="How many operations and bytes one execution may record: as many as at AWS, or any number."),
]
TemplateOption = Annotated[
    Path, typer.Option(help="The SAM template with the functions; .aws-sam/build/template.yaml is the built one.")
]
OverridesOption = Annotated[
    Path, typer.Option(help="A file with what the template leaves to the deployment: variables, by function.")
]
EndpointOption = Annotated[
    str | None,
    typer.Option(
        envvar="DURABLE_ENDPOINT",
        metavar="aws|URL",
        help="Instead of a database: AWS, with the AWS CLI's credentials, or a server's address.",
    ),
]
FunctionOption = Annotated[
    str | None,
    typer.Option("--function", help="Whose executions; with --endpoint it makes their names known, not only ARNs."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
ExecutionArgument = Annotated[str, typer.Argument(metavar="NAME|ARN", help="Which execution.")]
