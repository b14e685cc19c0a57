"""``onward export`` as a person runs it: to a file or to standard output, on any day, for one service."""

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

LIST = "Name,Purpose,Location\nAcme GmbH,Hosting,Germany\nBeta Inc.,E-mail,Worldwide\n"


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
    onward(found, "import", "-", "--commit", *accept, standard_input=LIST)
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


def test_the_ending_of_the_file_says_the_form_and_importing_it_changes_nothing(
    environ: dict[str, str], tmp_path: Path
) -> None:
    for form in ("csv", "xlsx", "json", "md"):
        file = tmp_path / f"list.{form}"
        written = onward(environ, "export", "--output", str(file))
        again = onward(environ, "import", str(file))

        assert written.returncode == 0, written.stderr
        assert "0 to add, 0 to change, 0 to remove, 2 the same" in again.stdout, again.stdout + again.stderr


def test_the_list_of_a_day_goes_to_standard_output(environ: dict[str, str]) -> None:
    today = onward(environ, "export")
    before = onward(environ, "export", "--format", "json", "--as-of", "2026-11-23")

    assert "Acme GmbH" in today.stdout.splitlines()[1]
    assert json.loads(before.stdout)["sub_processors"] == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--output", "list.pdf"), "Say one by --format: csv, xlsx, json, md"),
        (("--as-of", "yesterday"), "is no day"),
        (("--service", "nope"), "no service with the key nope"),
    ],
)
def test_what_cannot_be_written_is_said_with_the_remedy(
    environ: dict[str, str], arguments: tuple[str, ...], told: str
) -> None:
    refused = onward(environ, "export", *arguments)

    assert refused.returncode == 1
    assert told in refused.stderr
    assert "Traceback" not in refused.stderr
