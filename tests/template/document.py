"""The template with parameters given, conditions decided, and what the rest would stand for in an account."""

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from durable_local.template.document import load
from durable_local.template.intrinsics import Intrinsics

ROOT = Path(__file__).parents[2]
DOCUMENT = load(ROOT / "template.yaml")
REGION, ACCOUNT, STACK = "us-east-1", "123456789012", "hexagon"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0d7f8a4e-0000-4000-8000-000000000000"
PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackName": STACK,
}
FIRST_USE: Mapping[str, str] = {"AnalystModel": "eu.example.model-v1:0", "Reviewers": "user/rita"}
"""Nothing is given that would change what there is."""
EVERYTHING: Mapping[str, str] = {
    "AlarmEmail": "rota@example.com",
    "AnalystModel": "eu.example.model-v1:0",
    "CustomersUrl": "https://customers.example/",
    "KeyArn": KEY,
    "PaymentsUrl": "https://payments.example",
    "ProvisionedConcurrency": "2",
    "ReportRecipient": "chief@example.com",
    "ReportSender": "reports@example.com",
    "Reviewers": "user/rita",
    "Schedule": "cron(0 4 * * ? *)",
    "SeniorReviewers": "user/sven",
    "ShippingUrl": "https://shipping.example",
    "Tracing": "Active",
}
REMOVED = object()
"""A mutation's value that takes away what is there."""

Node = Any
Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Permission:
    """One action on one resource that a statement allows."""

    action: str
    resource: str
    condition: Node = field(default=None, compare=False)


@dataclass(frozen=True)
class Template:
    """A document, and the parameters of one deployment of it."""

    document: Mapping[str, Node] = field(default_factory=lambda: DOCUMENT)
    given: Mapping[str, str] = field(default_factory=lambda: FIRST_USE)

    @cached_property
    def parameters(self) -> dict[str, str]:
        declared = self.document["Parameters"]
        return {name: str(self.given.get(name, each.get("Default", ""))) for name, each in declared.items()}

    @cached_property
    def resources(self) -> dict[str, Node]:
        """What would be there."""
        return self.present("Resources")

    @cached_property
    def outputs(self) -> dict[str, Node]:
        return self.present("Outputs")

    @cached_property
    def functions(self) -> dict[str, Node]:
        """The properties of each function, those of Globals among them."""
        shared = self.decided(self.document["Globals"]["Function"])
        return {name: _merged(shared, each) for name, each in self.of_type("AWS::Serverless::Function").items()}

    @cached_property
    def durable(self) -> dict[str, Node]:
        return {name: each for name, each in self.functions.items() if "DurableConfig" in each}

    def of_type(self, kind: str) -> dict[str, Node]:
        """The properties of each resource of a type, by its logical id."""
        return {name: each.get("Properties", {}) for name, each in self.resources.items() if each["Type"] == kind}

    def variables(self, function: str) -> dict[str, str]:
        """A function's environment."""
        given = self.functions[function].get("Environment", {}).get("Variables", {})
        return {name: self.text(value) for name, value in given.items()}

    def permissions(self, function: str) -> Iterator[Permission]:
        """What a function's own policies, and those of others that name its role, allow it."""
        for policy in self.functions[function].get("Policies", []):
            yield from self._allowed(policy["Statement"])
        for each in self.of_type("AWS::IAM::Policy").values():
            if {"Ref": f"{function}Role"} in each["Roles"]:
                yield from self._allowed(each["PolicyDocument"]["Statement"])

    def statements(self) -> list[Node]:
        """Every statement of every policy that gives something to a function."""
        own = [policy["Statement"] for each in self.functions.values() for policy in each.get("Policies", [])]
        others = [each["PolicyDocument"]["Statement"] for each in self.of_type("AWS::IAM::Policy").values()]
        return [statement for statements in (*own, *others) for statement in statements]

    def text(self, node: Node) -> str:
        """What a node would stand for."""
        match node:
            case {"Ref": name}:
                known = {**PSEUDO, **self.parameters}
                return known[name] if name in known else self._reference(name)
            case {"Fn::GetAtt": [name, attribute]}:
                return self._attribute(name, attribute)
            case {"Fn::Sub": text}:
                return re.sub(r"\$\{([^}]+)}", lambda found: self.text(_meant(found[1])), text)
        return str(node)

    def present(self, section: str) -> dict[str, Node]:
        """The members of a section whose condition is met."""
        members = self.document[section].items()
        return {name: self.decided(each) for name, each in members if self._holds(each.get("Condition"))}

    def decided(self, node: Node) -> Node:
        """A node without `Fn::If`, and without what `AWS::NoValue` stands for."""
        if isinstance(node, list):
            return [each for each in map(self.decided, node) if each is not REMOVED]
        if not isinstance(node, dict):
            return node
        if "Fn::If" in node:
            condition, met, unmet = node["Fn::If"]
            return self.decided(met if self._holds(condition) else unmet)
        if node == {"Ref": "AWS::NoValue"}:
            return REMOVED
        members = {name: self.decided(each) for name, each in node.items()}
        return {name: each for name, each in members.items() if each is not REMOVED}

    def mutated(self, path: Path_, value: Node) -> "Template":
        """The same deployment of a template in which something else stands at a path, or nothing."""
        document = copy.deepcopy(dict(self.document))
        *steps, last = path
        node: Node = document
        for step in steps:
            node = node[step]
        if value is REMOVED:
            del node[last]
        else:
            node[last] = value
        return Template(document, self.given)

    def _holds(self, condition: str | None) -> bool:
        return condition is None or Intrinsics(self.document, {}, self.parameters).holds(condition)

    def _allowed(self, statements: list[Node]) -> Iterator[Permission]:
        for statement in statements:
            for action in listed(statement["Action"]):
                for resource in listed(statement["Resource"]):
                    yield Permission(action, self.text(resource), statement.get("Condition"))

    def _reference(self, name: str) -> str:
        logical_id, _, made = name.partition(".")
        kind = self.document["Resources"][logical_id]["Type"]
        if made == "Alias":
            return f"{self._attribute(logical_id, 'Arn')}:live"
        if kind in {"AWS::SNS::Topic", "AWS::SecretsManager::Secret"}:
            return self._attribute(logical_id, "Arn")
        return _name(kind, logical_id)

    def _attribute(self, logical_id: str, attribute: str) -> str:
        kind = self.document["Resources"][logical_id]["Type"]
        name = _name(kind, logical_id)
        if attribute != "Arn":
            return name
        return "arn:aws:" + {
            "AWS::S3::Bucket": f"s3:::{name}",
            "AWS::DynamoDB::Table": f"dynamodb:{REGION}:{ACCOUNT}:table/{name}",
            "AWS::SNS::Topic": f"sns:{REGION}:{ACCOUNT}:{name}",
            "AWS::SQS::Queue": f"sqs:{REGION}:{ACCOUNT}:{name}",
            "AWS::SecretsManager::Secret": f"secretsmanager:{REGION}:{ACCOUNT}:secret:{name}",
            "AWS::Serverless::Function": f"lambda:{REGION}:{ACCOUNT}:function:{name}",
        }.get(kind, f"{kind}:{name}")


def listed(value: Node) -> list[Node]:
    """Policies have one or several of each thing."""
    return value if isinstance(value, list) else [value]


def _meant(name: str) -> Node:
    logical_id, _, attribute = name.partition(".")
    return {"Fn::GetAtt": [logical_id, attribute]} if attribute else {"Ref": name}


def _name(kind: str, logical_id: str) -> str:
    match kind:
        case "AWS::S3::Bucket":
            return f"{STACK}-{logical_id.lower()}"
        case "AWS::SNS::Topic":
            return f"{STACK}-{logical_id.lower()}.fifo"
    return logical_id


def _merged(shared: Node, own: Node) -> Node:
    """SAM's rule for Globals, as far as it is used: mappings are merged, anything else is replaced."""
    if isinstance(shared, dict) and isinstance(own, dict):
        return {name: _merged(shared.get(name), own.get(name, shared.get(name))) for name in {**shared, **own}}
    return own
