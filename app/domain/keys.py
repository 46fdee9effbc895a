"""What a document is called: valid keys, and the keys of one branch of one execution."""

import re
from dataclasses import dataclass
from typing import Literal

from app.domain.errors import InvalidKeyError

Kind = Literal["documents", "rejected"]

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
UNUSUAL = re.compile(r"[^A-Za-z0-9_.-]")
LONGEST_NAME = 128
LONGEST_KEY = 512


def is_name(text: str) -> bool:
    """Whether the text may stand in an operation's name and in a key, on every storage."""
    return NAME.fullmatch(text) is not None


def check_key(key: str) -> str:
    """The key, if it is safe on every storage: names of letters, digits, `_`, `.` and `-`, joined by `/`."""
    if key.startswith("/"):
        raise InvalidKeyError(f"Key {key[:80]!r} is absolute; keys start below the storage's root, without '/'")
    if len(key) > LONGEST_KEY:
        raise InvalidKeyError(f"Key {key[:40]!r}... has {len(key)} characters; at most {LONGEST_KEY} fit every storage")
    for name in key.split("/"):
        _check_name(name, key)
    return key


def _check_name(name: str, key: str) -> None:
    if not name:
        raise InvalidKeyError(f"Key {key!r} has an empty name; join names by one '/'")
    if name in {".", ".."}:
        raise InvalidKeyError(f"Key {key!r} holds {name!r}, which could leave the storage; name the document directly")
    if unusual := UNUSUAL.search(name):
        raise InvalidKeyError(f"Key {key!r} holds {unusual.group()!r}; use letters, digits, '_', '.' and '-'")
    if name.startswith("."):
        raise InvalidKeyError(f"Key {key!r} holds the hidden name {name!r}; start names with a letter or a digit")
    if len(name) > LONGEST_NAME:
        raise InvalidKeyError(f"Key {key[:40]!r}... has a name of {len(name)} characters; at most {LONGEST_NAME} fit")


def execution_name(arn: str) -> str:
    """The execution's name: what stands between the last two slashes of its ARN."""
    name = arn.split("/")[-2] if "/" in arn else ""
    if not is_name(name):
        raise InvalidKeyError(f"Execution {arn!r} has no name that can stand in a key; use 1-64 of [A-Za-z0-9_-]")
    return name


def function_name(arn: str) -> str:
    """The qualified name of the function that an execution runs: what stands before its own part of its ARN."""
    name, found, _ = arn.partition("/durable-execution/")
    if not found:
        raise InvalidKeyError(f"Execution {arn!r} does not name its function; its ARN has to hold /durable-execution/")
    return name


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one branch: they derive from names alone, so a repeated step overwrites its own document.

    Those of a shard's documents lie in a folder of its own, so that two shards never share one.
    """

    execution: str
    data_type: str
    shard: str = ""

    def page(self, number: int) -> str:
        """Where a page of raw rows is staged."""
        return f"{self._staged}/page-{number:05}.jsonl"

    def repeats(self, page: str) -> str:
        """Where the repeated rows of a page are listed; the page is named by its key."""
        return page.removesuffix(".jsonl") + ".repeats.json"

    def plan(self, shard: str) -> str:
        """Where the plan of a shard is staged."""
        return f"{self._staged}/{shard}.json"

    def staged(self, kind: Kind, document: str) -> str:
        """Where a document waits between two steps."""
        return f"{self._staged}/{kind}/{self._own(document)}"

    def final(self, kind: Kind, document: str) -> str:
        """Where a document ends up."""
        return f"{self.folder(kind)}/{self._own(document)}"

    def folder(self, kind: Kind) -> str:
        """What all documents of a kind have in common, those of every shard included."""
        return f"{kind}/{self.execution}/{self.data_type}"

    @property
    def _staged(self) -> str:
        return f"staged/{self.execution}/{self.data_type}"

    def _own(self, document: str) -> str:
        return f"{self.shard}/{document}" if self.shard else document
