"""``onward watch`` as a person runs it: a file of a vendor's list, looked at twice."""

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

from registry.clock import Clock
from registry.database import open_pool
from registry.resources.access_keys import KeyRole
from registry.settings import Settings
from tests import keys
from tests.serving import ONWARD, clean_environ

OURS = "Name,Purpose,Location\nAcme GmbH,Hosting,Germany\n"
THEIRS = "Name,Purpose,Location\nChain GmbH,Hosting of backups,Germany\n"


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    async def secret() -> str:
        async with await open_pool(str(settings.database_url)) as pool:
            headers = await keys.headers(pool, Clock(settings), KeyRole.PRIVACY, "Bram")
        return headers["Authorization"].removeprefix("Bearer ")

    found = {
        **clean_environ(),
        "DATABASE_URL": str(settings.database_url),
        "ONWARD_KEY": asyncio.run(secret()),
        "ONWARD_NOW": "2026-11-24T10:00:00+01:00",
    }
    accept = ("--accept", "flow_down_missing", "--accept", "identity_incomplete", "--reason", "Asked")
    onward(found, "import", "-", "--commit", *accept, standard_input=OURS)
    return found


def onward(
    environ: dict[str, str], *arguments: str, standard_input: str = ""
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [ONWARD, *arguments],
        env=environ,
        input=standard_input,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_vendors_list_is_watched_and_what_differs_is_drafted(
    environ: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "theirs.csv"
    file.write_text(THEIRS)

    added = onward(environ, "watch", "add", str(file), "--of", "Acme", "--name", "Acme's list")
    first = onward(environ, "watch", "run")
    file.write_text(f"{THEIRS}Fresh Ltd,Analytics,India\n")
    second = onward(environ, "watch", "run")
    listed = json.loads(onward(environ, "watch", "list", "--json").stdout)
    removed = onward(environ, "watch", "remove", listed[0]["id"])

    assert (added.returncode, first.returncode, second.returncode, removed.returncode) == (0, 0, 0, 0)
    assert "read for the first time, with 1 sub-processors" in first.stdout
    assert "material    Fresh Ltd" in second.stdout
    assert "It is new on their list: Analytics, India." in second.stdout
    assert "another person publishes or discards it" in second.stdout
    assert (listed[0]["name"], listed[0]["state"], listed[0]["entries"]) == ("Acme's list", "changed", 2)
    assert "Nothing is watched" in onward(environ, "watch", "list").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add", "/nowhere.csv"), "There is no file /nowhere.csv"),
        (("add", "ftp://vendor.example/list"), "is no address that can be asked"),
        (("add", "https://vendor.example/list", "--of", "Nobody"), "no sub-processor “Nobody”"),
        (("remove", "seven"), "is no id"),
        (("run", "seven"), "is no id"),
        (("add", "https://vendor.example/list", "--every", "0"), "every 1 to 720 hours"),
        (("add", "https://vendor.example/list", "--map", "Wo"), "is not of the form “HEADING=COLUMN”"),
        (("add", "https://vendor.example/list", "--map", "Wo=planet"), "“planet” is no column"),
    ],
)
def test_what_cannot_be_watched_is_said_with_the_remedy(
    environ: dict[str, str], arguments: tuple[str, ...], told: str
) -> None:
    refused = onward(environ, "watch", *arguments)

    assert refused.returncode == 1
    assert told in refused.stderr
    assert "Traceback" not in refused.stderr


def test_what_has_lost_most_of_its_rows_is_taken_by_a_person(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "theirs.csv"
    rows = "".join(f"Vendor{number} Ltd,Analytics,India\n" for number in range(8))
    file.write_text(f"Name,Purpose,Wo\n{rows}")

    onward(environ, "watch", "add", str(file), "--of", "Acme", "--map", "Wo=place", "--every", "12")
    first = onward(environ, "watch", "run", "--take")
    file.write_text("Name,Purpose,Wo\nVendor1 Ltd,Analytics,India\n")
    broken = onward(environ, "watch", "run")
    again = onward(environ, "watch", "run")
    taken = onward(environ, "watch", "run", "--take")

    assert (first.returncode, broken.returncode, taken.returncode) == (0, 1, 0)
    assert "lost most of its rows: 1 are left of 8" in broken.stdout
    assert "failed 2 times in a row, since 2026-11-24" in again.stdout
    assert "It is not on their list any more." in taken.stdout
