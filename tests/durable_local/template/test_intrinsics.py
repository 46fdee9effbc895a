from typing import Any

import pytest

from durable_local.template.errors import TemplateError, UnresolvableError
from durable_local.template.intrinsics import Intrinsics

TEMPLATE: dict[str, Any] = {
    "Parameters": {
        "Stage": {"Type": "String", "Default": "dev"},
        "Flag": {"Type": "String", "Default": True},
        "Zones": {"Type": "CommaDelimitedList", "Default": "a, b"},
        "Ports": {"Type": "List<Number>", "Default": "1,2"},
        "Url": {"Type": "String"},
        "Given": {"Type": "String"},
        "Secret": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/path"},
    },
    "Conditions": {
        "IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
        "IsFlagged": {"Fn::Equals": [{"Ref": "Flag"}, True]},
        "IsSmall": {"Fn::Not": [{"Condition": "IsProd"}]},
        "Both": {"Fn::And": [{"Condition": "IsSmall"}, {"Condition": "IsFlagged"}]},
        "Either": {"Fn::Or": [{"Condition": "IsProd"}, {"Condition": "IsFlagged"}]},
        "Neither": {"Fn::Or": [{"Condition": "IsProd"}, {"Fn::Equals": [1, 2]}]},
    },
    "Mappings": {"Sizes": {"dev": {"Memory": 128}, "prod": {"Memory": 1024}}},
}
INTRINSICS = Intrinsics(TEMPLATE, {"Tour": "the-tour"}, {"Given": "from-outside", "Local::Folder": "/here"})
ARN = "arn:aws:lambda:us-east-1:000000000000:function:the-tour"


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ("plain", "plain"),
        (7, 7),
        ({"Ref": "Stage"}, "dev"),
        ({"Ref": "Flag"}, "true"),
        ({"Ref": "Zones"}, ["a", "b"]),
        ({"Ref": "Ports"}, ["1", "2"]),
        ({"Ref": "Given"}, "from-outside"),
        ({"Ref": "Local::Folder"}, "/here"),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "AWS::AccountId"}, "000000000000"),
        ({"Ref": "Tour"}, "the-tour"),
        ({"Ref": "Tour.Alias"}, f"{ARN}:live"),
        ({"Fn::GetAtt": ["Tour", "Arn"]}, ARN),
        ({"Fn::Sub": "${Stage}-${AWS::Region}-${Tour}-${Tour.Arn}"}, f"dev-us-east-1-the-tour-{ARN}"),
        ({"Fn::Sub": "${!Literal}/${Tour.Alias}"}, f"${{Literal}}/{ARN}:live"),
        ({"Fn::Sub": ["${A}/${Stage}", {"A": {"Ref": "Given"}}]}, "from-outside/dev"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Stage"}, 3]]}, "a-dev-3"),
        ({"Fn::Join": ["+", {"Ref": "Zones"}]}, "a+b"),
        ({"Fn::Select": [1, {"Ref": "Zones"}]}, "b"),
        ({"Fn::Select": ["0", {"Fn::Split": [".", "x.y"]}]}, "x"),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "Memory"]}, 128),
        ({"Fn::FindInMap": ["Sizes", "other", "Memory", {"DefaultValue": 1}]}, 1),
        ({"Fn::If": ["IsProd", "big", "small"]}, "small"),
        ({"Fn::If": ["IsFlagged", "big", "small"]}, "big"),
        ({"Fn::If": ["Both", 1, 2]}, 1),
        ({"Fn::If": ["Either", 1, 2]}, 1),
        ({"Fn::If": ["Neither", 1, 2]}, 2),
        ({"Fn::If": ["IsSmall", "here", {"Ref": "Nowhere"}]}, "here"),
        ({"Fn::Base64": {"Fn::Sub": "größe ${Stage}"}}, "Z3LDtsOfZSBkZXY="),
        ({"Fn::Base64": True}, "dHJ1ZQ=="),
        ({"Fn::Length": {"Ref": "Zones"}}, 2),
        ({"Fn::Length": [1, {"Ref": "AWS::NoValue"}, {"Ref": "Stage"}]}, 2),
        ({"Fn::ToJsonString": {"stage": {"Ref": "Stage"}, "größe": [1, True]}}, '{"stage":"dev","größe":[1,true]}'),
        ({"Fn::ToJsonString": {"Ref": "Zones"}}, '["a","b"]'),
        ({"A": {"Ref": "AWS::NoValue"}, "B": [1, {"Ref": "AWS::NoValue"}]}, {"B": [1]}),
        ({"Ref": "Stage", "Other": 1}, {"Ref": "Stage", "Other": 1}),
    ],
)
def test_what_can_be_known_here_is_resolved(value: Any, resolved: Any) -> None:
    assert INTRINSICS.resolve(value) == resolved


@pytest.mark.parametrize(
    ("value", "reason", "parameter"),
    [
        ({"Ref": "Url"}, "parameter Url has no default", "Url"),
        ({"Ref": "Secret"}, "parameter Secret is looked up at deployment", "Secret"),
        ({"Ref": "Bucket"}, "Bucket exists only where it is deployed", None),
        ({"Ref": "Tour.Role"}, "Tour.Role exists only where it is deployed", None),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, "Bucket.Arn exists only where it is deployed", None),
        ({"Fn::Sub": "${Bucket.Arn}/x"}, "Bucket.Arn exists only where it is deployed", None),
        ({"Fn::ImportValue": "x"}, "Fn::ImportValue is not resolved here", None),
        ("{{resolve:ssm:/path}}", "{{resolve:ssm:/path}} is looked up at deployment", None),
    ],
)
def test_what_only_a_deployment_could_tell_is_said_to_be_so(value: Any, reason: str, parameter: str | None) -> None:
    with pytest.raises(UnresolvableError) as caught:
        INTRINSICS.resolve(value)

    assert str(caught.value) == reason
    assert caught.value.parameter == parameter


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"Fn::If": ["Missing", 1, 2]}, "no condition Missing"),
        ({"Fn::FindInMap": ["Sizes", "test", "Memory"]}, "Mapping Sizes has nothing under test, Memory"),
        ({"Fn::Select": [5, ["a"]]}, "Fn::Select cannot be applied to"),
        ({"Fn::GetAtt": "Tour"}, "Fn::GetAtt cannot be applied to 'Tour'"),
        ({"Fn::Length": "abc"}, "Fn::Length cannot be applied to 'abc': .*'abc' is no list"),
        ({"Fn::ToJsonString": {"Ref": "Stage"}}, "'dev' is no list or dict"),
        ({"Fn::Split": "x"}, "Fn::Split cannot be applied to 'x'"),
    ],
)
def test_a_mistake_in_the_template_is_named(value: Any, told: str) -> None:
    with pytest.raises(TemplateError, match=told):
        INTRINSICS.resolve(value)
