"""``onward import`` as a person runs it: a table for people, JSON for machines, and faults with their rows."""

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
    """A register that is shared, so that who writes must say so by a key."""

    async def secret() -> str:
        async with await open_pool(str(settings.database_url)) as pool:
            headers = await keys.headers(pool, Clock(settings), KeyRole.PRIVACY, "Bram")
        return headers["Authorization"].removeprefix("Bearer ")

    return {
        **clean_environ(),
        "DATABASE_URL": str(settings.database_url),
        "ONWARD_KEY": asyncio.run(secret()),
        "ONWARD_NOW": "2026-11-24T10:00:00+01:00",
    }


def onward(
    environ: dict[str, str], *arguments: str, standard_input: str = ""
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [ONWARD, "import", *arguments],
        env=environ,
        input=standard_input,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_dry_run_shows_each_row_and_commits_nothing(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "vendors.csv"
    file.write_text(LIST)

    tried = onward(environ, str(file))
    done = onward(environ, str(file), "--commit", "--json")
    again = onward(environ, str(file), "--commit")

    assert tried.returncode == 0, tried.stderr
    assert "row 2    add     Acme GmbH" in tried.stdout
    assert "! The place “Worldwide” is kept as it is written" in tried.stdout
    assert "2 rows: 2 to add, 0 to change, 0 to remove, 0 the same, 0 rejected" in tried.stdout
    assert "Nothing was written. Repeat with --commit to do it." in tried.stdout
    report = json.loads(done.stdout)
    assert [row["action"] for row in report["rows"]] == ["add", "add"]
    assert [change["number"] for change in report["changes"]] == [1, 2]
    assert "2 rows: 0 to add, 0 to change, 0 to remove, 2 the same, 0 rejected" in again.stdout


def test_a_list_may_come_from_standard_input_with_headings_mapped_by_hand(environ: dict[str, str]) -> None:
    answer = onward(
        environ,
        "-",
        "--map",
        "Wer=name",
        "--effective-on",
        "2025-01-01",
        "--already-told",
        "By letter",
        "--told-on",
        "2024-12-01",
        "--json",
        standard_input="Wer,Standort\nAcme GmbH,Deutschland\n",
    )

    report = json.loads(answer.stdout)
    assert (report["name"], report["effective_on"]) == ("standard input", "2025-01-01")
    assert report["rows"][0]["places"][0]["country"] == "DE"
    assert report["changes"][0]["late"] is True


@pytest.mark.parametrize(
    ("content", "arguments", "told"),
    [
        (b"", (), "The list is empty"),
        ("Name,Ort\nAcme,M\u00fcnchen\n".encode("latin-1"), (), "Save it as CSV in UTF-8"),
        (b"Name,Location\n,Germany\n", ("--commit",), "row 2: The name is missing"),
        (b"Name,Location\nAcme,Germany\n", ("--service", "nope"), "no service “nope”"),
        (b"Name,Location\nAcme,Germany\n", ("--effective-on", "yesterday"), "--effective-on cannot be used"),
        (b"Name,Location\nAcme,Germany\n", ("--map", "Name"), "HEADING=COLUMN"),
        (
            b"Name,Location\nAcme,Germany\n",
            ("--told-on", "2025-01-01"),
            "--already-told and --told-on together",
        ),
    ],
)
def test_what_cannot_be_taken_is_said_with_the_remedy(
    environ: dict[str, str], tmp_path: Path, content: bytes, arguments: tuple[str, ...], told: str
) -> None:
    file = tmp_path / "vendors.csv"
    file.write_bytes(content)

    refused = onward(environ, str(file), *arguments)

    assert refused.returncode == 1
    assert refused.stderr.count(told) == 1
    assert "Traceback" not in refused.stderr


def test_one_row_and_one_change_are_counted_as_one(environ: dict[str, str]) -> None:
    answer = onward(environ, "-", standard_input="Name,Location\nAcme GmbH,Germany\n")

    assert "1 row: 1 to add" in answer.stdout
    assert "1 change would be published" in answer.stdout


def test_a_file_that_is_not_there_is_said(environ: dict[str, str], tmp_path: Path) -> None:
    refused = onward(environ, str(tmp_path / "nowhere.csv"))

    assert refused.returncode == 1
    assert "nowhere.csv" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_list_may_begin_a_register_of_ones_own_and_that_is_said(tmp_path: Path) -> None:
    file = tmp_path / "vendors.csv"
    file.write_text(LIST)
    environ = clean_environ() | {"ONWARD_DATA_DIR": str(tmp_path / "data"), "ONWARD_NAME": "Acme Software NV"}

    first, second = onward(environ, str(file)), onward(environ, str(file))

    assert first.returncode == second.returncode == 0, first.stderr
    assert f"A new register is begun in {tmp_path / 'data'}: that of Acme Software NV" in first.stderr
    assert "begun" not in second.stderr
