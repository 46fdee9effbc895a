"""The permissions that calls of AWS need, by IAM's names, which are not always those of the calls."""

from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from tests.template.document import ACCOUNT, REGION, Permission

Params = Mapping[str, Any]


def needed(service: str, operation: str, params: Params) -> Iterator[Permission]:
    """What a call needs, told by its members."""
    return NEEDS[service](operation, params)


def allows(permission: Permission, call: Permission) -> bool:
    """Whether a permission is enough for what a call needs."""
    return permission.action == call.action and fnmatchcase(call.resource, permission.resource)


def _s3(operation: str, params: Params) -> Iterator[Permission]:
    bucket = f"arn:aws:s3:::{params['Bucket']}"
    if operation == "ListObjectsV2":
        yield Permission("s3:ListBucket", bucket)
        return
    if source := params.get("CopySource"):
        yield Permission("s3:GetObject", f"arn:aws:s3:::{source['Bucket']}/{source['Key']}")
    action = {"CopyObject": "PutObject", "HeadObject": "GetObject"}.get(operation, operation)
    yield Permission(f"s3:{action}", f"{bucket}/{params['Key']}")


def _dynamodb(operation: str, params: Params) -> Iterator[Permission]:
    writes = [item for write in params.get("TransactItems", []) for item in write.items()]
    for kind, item in writes or [(operation.removesuffix("Item"), params)]:
        yield Permission(f"dynamodb:{kind}Item", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{item['TableName']}")


def _lambda(operation: str, params: Params) -> Iterator[Permission]:
    if operation == "Invoke":
        yield Permission("lambda:InvokeFunction", params["FunctionName"])
    else:  # about a callback, whose id tells nobody its function: those of the fulfilment are the only ones
        yield Permission(f"lambda:{operation}", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:FulfilmentFunction:1")


def _sns(operation: str, params: Params) -> Iterator[Permission]:
    yield Permission(f"sns:{operation}", params["TopicArn"])


def _secrets_manager(operation: str, params: Params) -> Iterator[Permission]:
    yield Permission(f"secretsmanager:{operation}", params["SecretId"])


def _bedrock(operation: str, params: Params) -> Iterator[Permission]:
    action = {"Converse": "InvokeModel"}.get(operation, operation)
    yield Permission(f"bedrock:{action}", f"arn:aws:bedrock:{REGION}::foundation-model/{params['modelId']}")


def _ses(operation: str, params: Params) -> Iterator[Permission]:
    sender = params["FromEmailAddress"]
    yield Permission(f"ses:{operation}", f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{sender}")


NEEDS: Mapping[str, Callable[[str, Params], Iterator[Permission]]] = {
    "bedrock-runtime": _bedrock,
    "dynamodb": _dynamodb,
    "lambda": _lambda,
    "s3": _s3,
    "secretsmanager": _secrets_manager,
    "sesv2": _ses,
    "sns": _sns,
}
