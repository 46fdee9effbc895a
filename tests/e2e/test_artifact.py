"""The built Lambda artifact: what is in it, and that it does its work on nothing else."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from app.adapters.data_types.rows.sample_api import SampleApi
from durable_local.clock import SkippingClock
from durable_local.hosts import Host
from durable_local.hosts.context import LambdaContext
from durable_local.invocations import Invocation
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import Database
from tests.e2e import lambda_api
from tests.e2e.artifact_host import ArtifactHost
from tests.e2e.conftest import ROOT, Build

pytestmark = pytest.mark.slow

HANDLER = "app.entrypoints.pipeline.handler"
OWN = {"data", "app", "durable", "requirements.txt", "knowledge.sqlite"}
BUCKET = "hexagon"
EVENT = (ROOT / "events" / "pipeline.json").read_text()

ELF = b"\x7fELF"
MACHINES = {"x86_64": 62, "arm64": 183}  # e_machine in the ELF header
PLATFORMS = {"x86_64": "x86_64-manylinux2014", "arm64": "aarch64-manylinux2014"}  # as uv calls them
UNCOMPRESSED_LIMIT = 250 * 1024 * 1024  # bytes, the layers included


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def recorded(artifact: Path) -> set[str]:
    """The files that some installed package owns."""
    records = artifact.glob("*.dist-info/RECORD")
    return {line.rsplit(",", 2)[0] for record in records for line in record.read_text().splitlines()}


def install(folder: Path, platform: str) -> None:
    """Put the pinned packages into a folder, each checked against its hash."""
    uv = [sys.executable, "-m", "uv", "--quiet", "--system-certs", "pip", "install"]
    options = ["--python-platform", platform, "--python-version", "3.13", "--only-binary", ":all:", "--require-hashes"]
    subprocess.check_call([*uv, "--target", str(folder), *options, "--requirement", ROOT / "requirements.txt"])


def code(folder: Path) -> dict[str, bytes]:
    """The packages' files by path, without what an installer writes about them."""
    extra = re.compile(rf"({'|'.join(OWN)}|bin|\.lock|[^/]+\.(dist-info|data))(/|$)")
    return {path: (folder / path).read_bytes() for path in files(folder) if not extra.match(path)}


def test_the_artifact_holds_the_application_its_core_sample_data_and_the_pinned_packages_only(artifact: Path) -> None:
    pins = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE))

    installed = dict(folder.stem.split("-", 1) for folder in artifact.glob("*.dist-info"))
    packages = {path.partition("/")[0] for path in recorded(artifact)}
    unexplained = {entry.name for entry in artifact.iterdir() if entry.suffix != ".data"} - packages - OWN

    assert {name.replace("_", "-").lower(): version for name, version in installed.items()} == pins
    assert not unexplained


@pytest.mark.parametrize("folder", ["app", "data", "durable"])
def test_the_artifact_holds_the_code_as_it_stands_here(artifact: Path, folder: str) -> None:
    here = {path for path in files(ROOT / folder) if "__pycache__" not in path}

    assert files(artifact / folder) == here
    assert all((artifact / folder / path).read_bytes() == (ROOT / folder / path).read_bytes() for path in here)


@pytest.mark.parametrize(("architecture", "platform"), PLATFORMS.items())
def test_the_packages_are_the_ones_that_the_hashes_name(
    build: Build, tmp_path: Path, architecture: str, platform: str
) -> None:
    """SAM's builder checks no hash of a wheel for another architecture than its own."""
    install(tmp_path, platform)

    verified, built = code(tmp_path), code(build(architecture))

    assert verified.keys() == built.keys()
    assert not {path for path in built if built[path] != verified[path]}


@pytest.mark.parametrize("architecture", MACHINES)
def test_every_binary_in_a_build_is_for_its_architecture(build: Build, architecture: str) -> None:
    binaries = [path for path in build(architecture).rglob("*.so*") if path.read_bytes()[:4] == ELF]

    machines = {int.from_bytes(path.read_bytes()[18:20], "little") for path in binaries}

    assert machines == {MACHINES[architecture]}


def test_the_artifact_is_within_the_size_that_lambda_takes(artifact: Path) -> None:
    assert sum((artifact / path).stat().st_size for path in files(artifact)) < UNCOMPRESSED_LIMIT


def test_the_handler_is_imported_with_only_the_artifact_on_the_path(artifact: Path, lambda_python: Path) -> None:
    program = f"import sys; sys.path.insert(0, {str(artifact)!r}); import {HANDLER.rpartition('.')[0]}"

    process = subprocess.run(
        [lambda_python, "-I", "-S", "-B", "-c", program], env={}, capture_output=True, text=True, check=False
    )

    assert process.returncode == 0, process.stderr


@pytest.fixture
def s3_address() -> Iterator[str]:
    """S3 over HTTP, with the sample data under sources/."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    s3 = boto3.client("s3", endpoint_url=f"http://{host}:{port}")
    s3.create_bucket(Bucket=BUCKET)
    for document in ("products.csv", "orders.jsonl"):
        s3.upload_file(str(ROOT / "data" / document), BUCKET, f"sources/{document}")
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def customers_address() -> Iterator[str]:
    api = SampleApi(ROOT / "data", "customers.json")
    yield api.address()
    api.close()


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[LocalRuntime]:
    database = Database(tmp_path / "journal.db")
    yield LocalRuntime(database, SkippingClock())
    database.close()


@pytest.fixture
def host(
    runtime: LocalRuntime,
    artifact: Path,
    lambda_python: Path,
    s3_address: str,
    customers_address: str,
    tmp_path: Path,
) -> Iterator[ArtifactHost]:
    """The artifact in processes that know the local service, S3 and the customers API by their addresses alone."""
    with lambda_api.serve(runtime.service) as lambda_address:
        environment = {
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_ENDPOINT_URL_LAMBDA": lambda_address,
            "AWS_ENDPOINT_URL_S3": s3_address,
            "APP_STORAGE": "s3",
            "APP_BUCKET": BUCKET,
            "APP_CUSTOMERS_URL": customers_address,
        }
        yield ArtifactHost(lambda_python, artifact, HANDLER, environment, tmp_path / "answer.json")


def test_the_artifact_runs_the_pipeline_against_s3_and_the_local_service(
    runtime: LocalRuntime, host: ArtifactHost, s3_address: str
) -> None:
    runtime.functions["pipeline"] = Function(host)

    arn = runtime.start("pipeline", EVENT, "from-the-artifact")
    execution = runtime.run(arn)

    assert execution.status == "SUCCEEDED", execution.error
    assert stored(s3_address) == {"customers", "orders", "products"}


def digest(folder: Path) -> str:
    """What a folder holds, in a word."""
    told = hashlib.sha256()
    for path in sorted(files(folder)):
        told.update(f"{path}\0{(folder / path).stat().st_size}\0".encode() + (folder / path).read_bytes())
    return told.hexdigest()


def test_the_artifact_is_what_it_was_after_an_execution(
    runtime: LocalRuntime, host: ArtifactHost, artifact: Path
) -> None:
    """Lambda lets nobody write beside the code, so whatever would try fails there."""
    runtime.functions["pipeline"] = Function(host)
    before = digest(artifact)

    execution = runtime.run(runtime.start("pipeline", EVENT, "unchanged"))

    assert execution.status == "SUCCEEDED", execution.error
    assert digest(artifact) == before


@dataclass
class LateApi(Host):
    """Runs the artifact with a customers API that is not there yet in the first invocation."""

    host: ArtifactHost
    invocations: int = 0

    def invoke(self, invocation: Invocation, context: LambdaContext) -> object:
        self.invocations += 1
        if self.invocations > 1:
            return self.host.invoke(invocation, context)
        without = {**self.host.environment, "APP_CUSTOMERS_URL": "http://127.0.0.1:9/"}
        return replace(self.host, environment=without).invoke(invocation, context)


def test_a_second_cold_start_goes_on_where_the_first_one_suspended(
    runtime: LocalRuntime, host: ArtifactHost, s3_address: str
) -> None:
    late = LateApi(host)
    runtime.functions["pipeline"] = Function(late)

    arn = runtime.start("pipeline", EVENT, "suspended")
    execution = runtime.run(arn)

    assert execution.status == "SUCCEEDED", execution.error
    assert late.invocations == 2
    assert stored(s3_address) == {"customers", "orders", "products"}


def stored(s3_address: str) -> set[str]:
    """The data types of which there are documents in the bucket."""
    s3 = boto3.client("s3", endpoint_url=s3_address)
    documents = s3.list_objects_v2(Bucket=BUCKET, Prefix="pipeline/documents/")["Contents"]
    return {document["Key"].split("/")[3] for document in documents}
