"""From a template to its functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from durable.values import Json
from durable_local.errors import InvalidParameterValueError
from durable_local.limits import check_function_name
from durable_local.template.document import load
from durable_local.template.errors import TemplateError
from durable_local.template.function import MEMORY_MB, TIMEOUT_SECONDS, TemplateFunction
from durable_local.template.intrinsics import Intrinsics, is_call, text
from durable_local.template.overrides import Missing, Overrides
from durable_local.template.properties import Properties

FUNCTION_TYPE = "AWS::Serverless::Function"
FOLDER = "Local::Folder"
"""A pseudo parameter of our own: where the overrides lie."""


@dataclass(frozen=True, slots=True)
class Template:
    """The functions of a template that can run here, and by name why the others cannot."""

    functions: list[TemplateFunction] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def concurrency(self) -> dict[str, int]:
        """How many invocations may run at once, of each function that bounds them."""
        return {each.name: each.concurrency for each in self.functions if each.concurrency is not None}


def read_template(path: Path, overrides: Overrides) -> Template:
    """Read a template and complete it. Raises TemplateError, which names all that is missing."""
    document = load(path)
    given = {**overrides.parameters, FOLDER: str(overrides.path.resolve().parent)}
    resources = _functions(document, Intrinsics(document, {}, given))
    _check_known(path, overrides, resources)
    names = {id_: _name(id_, resource, Intrinsics(document, {}, given)) for id_, resource in resources.items()}
    intrinsics, missing, template = Intrinsics(document, names, given), Missing(), Template()
    shared = (document.get("Globals") or {}).get("Function") or {}
    for id_, resource in resources.items():
        variables = {"Environment": {"Variables": overrides.variables.get(id_, {})}}
        members = _merged(_merged(shared, resource.get("Properties") or {}), variables)
        _add(template, names[id_], Properties(id_, members, intrinsics, missing), path.parent)
    if missing.reasons:
        raise TemplateError(
            f"{path} leaves to the deployment what its functions need. Add to {overrides.path}:\n\n{missing.lines()}"
        )
    return template


def _functions(document: Mapping[str, Json], intrinsics: Intrinsics) -> dict[str, Mapping[str, Json]]:
    resources: Mapping[str, Mapping[str, Json]] = document.get("Resources") or {}
    return {
        id_: resource
        for id_, resource in resources.items()
        if resource.get("Type") == FUNCTION_TYPE
        and ("Condition" not in resource or intrinsics.holds(resource["Condition"]))
    }


def _check_known(path: Path, overrides: Overrides, functions: Mapping[str, Json]) -> None:
    for id_ in overrides.variables:
        if id_ not in functions:
            known = ", ".join(functions) or "none"
            raise TemplateError(f"{overrides.path} names {id_}, but the functions of {path} are: {known}")


def _name(logical_id: str, resource: Mapping[str, Json], intrinsics: Intrinsics) -> str:
    properties = Properties(logical_id, resource.get("Properties") or {}, intrinsics, Missing())
    name = text(properties.get("FunctionName", logical_id))
    try:
        check_function_name(name)
    except InvalidParameterValueError as error:
        raise TemplateError(f"{logical_id}: {error}") from error
    return name


def _merged(shared: Mapping[str, Json], own: Mapping[str, Json]) -> dict[str, Json]:
    """SAM's rule for Globals: mappings are merged, lists follow each other, anything else is replaced."""
    merged = dict(shared)
    for name, value in own.items():
        before = merged.get(name)
        if isinstance(before, dict) and isinstance(value, dict) and not (is_call(before) or is_call(value)):
            merged[name] = _merged(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            merged[name] = before + value
        else:
            merged[name] = value
    return merged


def _add(template: Template, name: str, given: Properties, folder: Path) -> None:
    if reason := _reason_to_leave_out(given):
        template.left_out[name] = reason
        return
    template.functions.append(
        TemplateFunction(
            name,
            handler=given.text("Handler"),
            code=given.code(folder),
            runtime=given.text("Runtime"),
            timeout_seconds=given.number("Timeout", TIMEOUT_SECONDS),
            memory_mb=given.number("MemorySize", MEMORY_MB),
            durable=given.durable(),
            variables=given.variables(),
            log_format=given.log_format(),
            concurrency=given.concurrency(),
        )
    )


def _reason_to_leave_out(given: Properties) -> str | None:
    if given.get("PackageType") == "Image":
        return "it is a container image"
    if "InlineCode" in given.members:
        return "its code is inline"
    code = given.get("CodeUri", ".")
    if not isinstance(code, str) or code.startswith("s3://"):
        return "its code lies in S3"
    if given.get("ReservedConcurrentExecutions") in (0, "0"):
        return "its ReservedConcurrentExecutions is 0, so it may not run at all"
    runtime = str(given.get("Runtime"))
    return None if runtime.startswith("python") else f"it runs on {runtime}"
