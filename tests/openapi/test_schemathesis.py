"""Schemathesis against a live server with the example register: the coverage phase, all checks, as several roles."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import serving

ROOT = Path(__file__).parents[2]
ST = Path(sys.executable).parent / "st"
CONFIG = ROOT / "openapi" / "schemathesis.toml"
KEY = re.compile(r"(onw_\S+)\s+\((\w+);")


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    """A server with the example register, which has something of every kind."""
    with serving.serving(tmp_path_factory.mktemp("example"), "--demo") as running:
        yield running


def keys(server: serving.Server) -> dict[str, str]:
    """The keys that the server printed, by role."""
    return {role: key for key, role in KEY.findall("\n".join(server.printed))}


def identifiers(server: serving.Server, key: str) -> str:
    """Configuration that gives schemathesis things that are there, so that it gets behind the 404s."""
    with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {key}"}) as client:

        def first(path: str) -> Any:
            answer = client.get(path)
            answer.raise_for_status()
            return answer.json()["data"][0]

        sub_processor = first("/v1/sub-processors")["id"]
        published = first("/v1/changes")["id"]
        ending = {"sub_processor_id": sub_processor, "operation": "end", "effective_on": "2039-01-01"}
        drafted = client.post("/v1/changes", json={"kind": "removed", "reason": "A test", "parts": [ending]})
        drafted.raise_for_status()
        transfer, organisation = first("/v1/transfers")["id"], first("/v1/organisations")["id"]
        client_id = first("/v1/clients")["id"]
        instruction = client.post(
            f"/v1/clients/{client_id}/instructions", json={"rule": {"kind": "eea_only"}}
        )
        instruction.raise_for_status()
        feed = client.post("/v1/subscriptions", json={"client_id": client_id, "channel": "feed"})
        feed.raise_for_status()
        delivery = first("/v1/deliveries")["id"]
        service, access_key = first("/v1/services")["id"], first("/v1/access-keys")["id"]
    return f"""
[parameters]
"path.sub_processor_id" = "{sub_processor}"
"path.transfer_id" = "{transfer}"
"path.organisation_id" = "{organisation}"
"path.service_id" = "{service}"
"path.client_id" = "{client_id}"
"path.instruction_id" = "{instruction.json()["id"]}"
"path.access_key_id" = "{access_key}"
"path.change_id" = "{drafted.json()["id"]}"
"path.subscription_id" = "{feed.json()["subscription"]["id"]}"
"path.delivery_id" = "{delivery}"

[[operations]]
include-operation-id = ["withdrawChange", "postponeChange"]
parameters = {{ "path.change_id" = "{published}" }}

# Its own key would be revoked, and everything after it refused.
[[operations]]
include-operation-id = "revokeAccessKey"
enabled = false
"""


@pytest.mark.parametrize("role", ["admin", "procurement", "client", "public"])
def test_the_contract_holds(example: serving.Server, tmp_path: Path, role: str) -> None:
    printed = keys(example)
    config = tmp_path / "schemathesis.toml"
    # Operations come last in TOML, so the identifiers are appended.
    config.write_text(CONFIG.read_text() + identifiers(example, printed["admin"]))
    key = [] if role == "public" else ["-H", f"Authorization: Bearer {printed[role]}"]

    run = subprocess.run(
        [
            ST,
            "--config-file",
            config,
            "run",
            f"{example.url}/openapi.json",
            "--phases",
            "coverage",
            "--checks",
            "all",
            *key,
        ],
        cwd=tmp_path,
        env=serving.clean_environ() | {"PYTHONPATH": os.fspath(ROOT), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]
    assert " passed" in run.stdout
