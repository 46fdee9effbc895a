"""YAML with CloudFormation's short tags: `!Ref X` is read as `{"Ref": "X"}`."""

from pathlib import Path

import yaml

from durable.values import Json
from durable_local.template.errors import TemplateError

_BARE = {"Ref", "Condition"}
"""The intrinsic functions whose long form has no `Fn::`."""


class _Loader(yaml.SafeLoader):
    """Builds plain data alone."""


def load(path: Path) -> dict[str, Json]:
    """The mapping in a file. Raises TemplateError if there is none."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise TemplateError(f"{path} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path} is not YAML: {error}") from error
    if not isinstance(document, dict):
        raise TemplateError(f"{path} holds no mapping at its top")
    return document


def _short(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Json]:
    value = _value(loader, node)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in _BARE else f"Fn::{name}": value}


def _value(loader: _Loader, node: yaml.Node) -> Json:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


_Loader.add_multi_constructor("!", _short)
