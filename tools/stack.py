"""The deployed stack, for those who use it from here: make seed, make invoke, make logs."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, NoCredentialsError, NoRegionError

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / "samconfig.toml"
DEPLOY = "sam build && sam deploy --guided"
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"}


@dataclass(frozen=True)
class Stack:
    """A stack by its name; nothing is asked before it is needed."""

    name: str
    session: boto3.Session

    @cached_property
    def outputs(self) -> Mapping[str, str]:
        """What the stack tells, by name."""
        try:
            (stack,) = self.session.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as error:
            if "does not exist" not in str(error):
                raise
            region = self.session.region_name
            raise SystemExit(f"There is no stack {self.name} in {region}; deploy first: {DEPLOY}") from None
        return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}

    def client(self, service: str) -> Any:
        """A client of a service, where the stack is."""
        return self.session.client(service)


@contextmanager
def deployed(settings: Path = SETTINGS) -> Iterator[Stack]:
    """The stack that STACK names, else samconfig.toml; in the region of AWS_REGION, of samconfig.toml, or else of AWS.

    What AWS says about signing in is told in our words, with the way out.
    """
    told = _told(settings)
    name = os.environ.get("STACK") or told.get("stack_name")
    if not name:
        raise SystemExit(f"Neither STACK= nor {settings.name} names a stack; deploy first: {DEPLOY}")
    try:
        yield Stack(name, boto3.Session(region_name=os.environ.get("AWS_REGION") or told.get("region")))
    except NoCredentialsError:
        raise SystemExit("There are no AWS credentials here; sign in, or name a profile: AWS_PROFILE=...") from None
    except NoRegionError:
        raise SystemExit("It is not known in which region the stack is: AWS_REGION=...") from None
    except EndpointConnectionError as error:
        raise SystemExit(f"AWS cannot be reached: {error}") from None
    except ClientError as error:
        way_out = "; sign in again" if error.response["Error"]["Code"] in EXPIRED else ""
        raise SystemExit(f"AWS refuses: {error}{way_out}") from None
    except BotoCoreError as error:  # a profile that is not there, a session of it that is over
        raise SystemExit(f"AWS cannot be asked: {error}; sign in again, or name another profile") from None


def _told(settings: Path) -> Mapping[str, str]:
    """What sam deploy --guided has written down, over what was there for all commands."""
    if not settings.exists():
        return {}
    environment = tomllib.loads(settings.read_text()).get("default", {})
    return {**_parameters(environment, "global"), **_parameters(environment, "deploy")}


def _parameters(environment: Mapping[str, Any], command: str) -> Mapping[str, str]:
    parameters: Mapping[str, str] = environment.get(command, {}).get("parameters", {})
    return parameters
