"""What lies in a storage, by key, told by the technology itself."""

from pathlib import Path
from typing import Any

from app.adapters.storage.filesystem import INCOMING
from app.adapters.storage.memory import MemoryStorage

PREFIX = "pipeline/"


def in_folder(root: Path) -> dict[str, bytes]:
    """Every document below a root; what is not yet whole lies apart, and is left out."""
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    found = {str(path.relative_to(root)): path for path in files}
    return {key: path.read_bytes() for key, path in found.items() if not key.startswith(INCOMING)}


def in_bucket(s3: Any, bucket: str) -> dict[str, bytes]:
    """Every document that the pipeline keeps in a bucket."""
    return {key: s3.get_object(Bucket=bucket, Key=PREFIX + key)["Body"].read() for key in digests_in_bucket(s3, bucket)}


def digests_in_bucket(s3: Any, bucket: str) -> dict[str, str]:
    """The same with each document's digest in place of its body."""
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=PREFIX)
    return {each["Key"].removeprefix(PREFIX): each["ETag"] for each in listed.get("Contents", [])}


def empty_bucket(s3: Any, bucket: str) -> None:
    """Delete every document that the pipeline keeps in a bucket."""
    if keys := [{"Key": PREFIX + key} for key in digests_in_bucket(s3, bucket)]:
        s3.delete_objects(Bucket=bucket, Delete={"Objects": keys})


class OpenMemory(MemoryStorage):
    """Storage in memory that can be looked into."""

    def kept(self) -> dict[str, bytes]:
        """Every document."""
        return dict(self._documents)

    def empty(self) -> None:
        """Forget every document."""
        self._documents.clear()
