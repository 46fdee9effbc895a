"""CloudFormation's intrinsic functions, as far as they can be resolved without deploying."""

import base64
import json
import re
from collections.abc import Callable, Mapping

from durable.values import Json
from durable_local.starting import ACCOUNT, REGION
from durable_local.template.errors import TemplateError, UnresolvableError

PSEUDO_PARAMETERS = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackName": "local",
    "AWS::URLSuffix": "amazonaws.com",
}

_NO_VALUE = object()
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_MADE_BY_SAM = {"Alias", "Version"}
"""What SAM makes beside a function: `!Ref Function.Alias` is the ARN that it is invoked by."""


def text(value: Json) -> str:
    """A scalar as CloudFormation writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


class Intrinsics:
    """Resolves the values of one template.

    `functions` tells the name here of each function by its logical id; `parameters` holds what is given for the
    template's parameters, and further pseudo parameters.
    """

    def __init__(
        self, template: Mapping[str, Json], functions: Mapping[str, str], parameters: Mapping[str, Json]
    ) -> None:
        self._declared: Mapping[str, Json] = template.get("Parameters") or {}
        self._conditions: Mapping[str, Json] = template.get("Conditions") or {}
        self._mappings: Mapping[str, Json] = template.get("Mappings") or {}
        self._functions = functions
        self._given = {**PSEUDO_PARAMETERS, "AWS::NoValue": _NO_VALUE, **parameters}
        self._known: dict[str, Callable[[Json], Json]] = {
            "Condition": self.holds,
            "Fn::And": lambda given: all(map(self.resolve, given)),
            "Fn::Base64": lambda given: base64.b64encode(text(self.resolve(given)).encode()).decode(),
            "Fn::Equals": lambda given: text(self.resolve(given[0])) == text(self.resolve(given[1])),
            "Fn::FindInMap": self._find_in_map,
            "Fn::GetAtt": self._attribute,
            "Fn::If": lambda given: self.resolve(given[1 if self.holds(given[0]) else 2]),
            "Fn::Join": lambda given: self.resolve(given[0]).join(map(text, self.resolve(given[1]))),
            "Fn::Length": lambda given: len(_one_of(self.resolve(given), list)),
            "Fn::Not": lambda given: not self.resolve(given[0]),
            "Fn::Or": lambda given: any(map(self.resolve, given)),
            "Fn::Select": lambda given: self.resolve(given[1])[int(self.resolve(given[0]))],
            "Fn::Split": lambda given: self.resolve(given[1]).split(self.resolve(given[0])),
            "Fn::Sub": self._substitute,
            "Fn::ToJsonString": lambda given: _json(_one_of(self.resolve(given), list, dict)),
            "Ref": self._reference,
        }

    def resolve(self, value: Json) -> Json:
        """A value without intrinsic functions. Raises UnresolvableError if only a deployment could tell it."""
        if isinstance(value, list):
            return [each for each in map(self.resolve, value) if each is not _NO_VALUE]
        if isinstance(value, dict):
            return self._call(*next(iter(value.items()))) if is_call(value) else self._members(value)
        if isinstance(value, str) and "{{resolve:" in value:
            raise UnresolvableError(f"{value} is looked up at deployment")
        return value

    def given(self, value: Json, default: Json = None) -> Json:
        """The same, and the default for what `AWS::NoValue` leaves out."""
        resolved = self.resolve(value)
        return default if resolved is _NO_VALUE else resolved

    def holds(self, condition: str) -> bool:
        """Whether a condition of the template is met."""
        if condition not in self._conditions:
            raise TemplateError(f"The template has no condition {condition}")
        return bool(self.resolve(self._conditions[condition]))

    def _members(self, mapping: Mapping[str, Json]) -> dict[str, Json]:
        resolved = {name: self.resolve(value) for name, value in mapping.items()}
        return {name: value for name, value in resolved.items() if value is not _NO_VALUE}

    def _call(self, name: str, given: Json) -> Json:
        known = self._known.get(name)
        if known is None:
            raise UnresolvableError(f"{name} is not resolved here")
        try:
            return known(given)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise TemplateError(f"{name} cannot be applied to {given!r}: {error!r}") from error

    def _reference(self, name: str) -> Json:
        if name in self._given:
            return _of_type(self._declared.get(name), self._given[name])
        if name in self._declared:
            return _default(name, self._declared[name])
        if name in self._functions:
            return self._functions[name]
        logical_id, _, made = name.partition(".")
        if logical_id in self._functions and made in _MADE_BY_SAM:
            return f"{self._arn(logical_id)}:live"
        raise UnresolvableError(f"{name} exists only where it is deployed")

    def _attribute(self, given: Json) -> str:
        logical_id, attribute = given
        if logical_id in self._functions and attribute == "Arn":
            return self._arn(logical_id)
        raise UnresolvableError(f"{logical_id}.{attribute} exists only where it is deployed")

    def _arn(self, logical_id: str) -> str:
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self._functions[logical_id]}"

    def _substitute(self, given: Json) -> str:
        template, variables = given if isinstance(given, list) else (given, {})

        def replacement(match: re.Match[str]) -> str:
            name = match[1].strip()
            if name.startswith("!"):
                return f"${{{name[1:]}}}"
            if name in variables:
                return text(self.resolve(variables[name]))
            return text(self._attribute(name.split(".", 1)) if _is_attribute(name) else self._reference(name))

        return _VARIABLE.sub(replacement, str(template))

    def _find_in_map(self, given: Json) -> Json:
        name, top, second = map(self.resolve, given[:3])
        default = given[3]["DefaultValue"] if len(given) > 3 else None
        found = self._mappings.get(name, {}).get(top, {}).get(second, default)
        if found is None:
            raise TemplateError(f"Mapping {name} has nothing under {top}, {second}")
        return self.resolve(found)


def is_call(value: Mapping[str, Json]) -> bool:
    """Whether a mapping stands for the value of an intrinsic function."""
    name = next(iter(value), "")
    return len(value) == 1 and isinstance(name, str) and (name in {"Ref", "Condition"} or name.startswith("Fn::"))


def _one_of(value: Json, *kinds: type) -> Json:
    if not isinstance(value, kinds):
        raise TypeError(f"{value!r} is no {' or '.join(kind.__name__ for kind in kinds)}")
    return value


def _json(value: Json) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _is_attribute(name: str) -> bool:
    return "." in name and name.partition(".")[2] not in _MADE_BY_SAM


def _default(name: str, declared: Mapping[str, Json]) -> Json:
    if "Default" not in declared:
        raise UnresolvableError(f"parameter {name} has no default", name)
    if str(declared.get("Type")).startswith("AWS::SSM::"):
        raise UnresolvableError(f"parameter {name} is looked up at deployment", name)
    return _of_type(declared, declared["Default"])


def _of_type(declared: Mapping[str, Json] | None, value: Json) -> Json:
    """A parameter's value as it is used: a list, or text."""
    if declared is None or isinstance(value, list):
        return value
    kind = str(declared.get("Type"))
    is_list = kind == "CommaDelimitedList" or kind.startswith("List<")
    return [each.strip() for each in text(value).split(",")] if is_list else text(value)
