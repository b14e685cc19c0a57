"""``onward import`` as a person runs it: a table for people, JSON for machines, and faults with their rows."""

import asyncio
import io
import json
import shlex
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from registry.cli.import_texts import Progress
from registry.clock import Clock
from registry.database import open_pool
from registry.resources.access_keys import KeyRole
from registry.settings import Settings
from registry.store import import_runs
from tests import keys
from tests.serving import ONWARD, clean_environ

ACCEPTED = ("--accept", "flow_down_missing", "--accept", "identity_incomplete", "--reason", "Asked")
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
    done = onward(environ, str(file), "--commit", *ACCEPTED, "--json")
    again = onward(environ, str(file), "--commit")

    assert tried.returncode == 0, tried.stderr
    assert "row 2    add     Acme GmbH" in tried.stdout
    assert "! The place “Worldwide” is kept as it is written" in tried.stdout
    assert "2 rows: 2 to add, 0 to change, 0 to remove, 0 the same, 0 rejected" in tried.stdout
    assert "Nothing was written. Repeat with --commit to do it." in tried.stdout
    assert "flow_down_missing (2, to be accepted or mended): Acme GmbH, Beta Inc." in tried.stdout
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
        ("Name,Ort\nAcme,\u0141\u00f3d\u017a\n".encode("cp1250"), (), "Save it as CSV in UTF-8"),
        (b"Name,Location\n,Germany\n", ("--commit",), "row 2: The name is missing"),
        (b"Name,Location\nAcme,Germany\n", ("--service", "nope"), "no service “nope”"),
        (b"Name,Location\nAcme,Germany\n", ("--effective-on", "yesterday"), "--effective-on cannot be used"),
        (b"Name,Location\nAcme,Germany\n", ("--map", "Name"), "HEADING=COLUMN"),
        (b"Name,Location\nAcme,Germany\n", ("--same", "=Acme"), "OLD=NEW"),
        (b"Name,Location\nAcme,Germany\n", ("--accept", "flow_down_missing"), "needs a written reason"),
        (
            b"Name,Location\nAcme,Germany\n",
            ("--effective-on", "2025-01-01", "--commit", *ACCEPTED),
            "late change alters",
        ),
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


def test_what_is_to_be_typed_next_is_said_and_works(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "our vendors.csv"
    file.write_text(LIST)

    tried = onward(environ, str(file))
    refused = onward(environ, str(file), "--commit")
    said = tried.stdout.splitlines()[-1].strip()
    words = shlex.split(said.replace("TEXT", "'Asked on Monday'"))
    done = subprocess.run([ONWARD, *words[1:]], env=environ, capture_output=True, text=True, check=False)

    assert said.startswith("onward import ")
    assert said.endswith("--commit --accept flow_down_missing --accept identity_incomplete --reason TEXT")
    assert refused.returncode == 1
    assert "Checks stop 2 of 2 changes, so nothing was imported" in refused.stderr
    assert done.returncode == 0, done.stderr
    assert "2 changes are published" in done.stdout


def test_likely_names_are_offered_as_a_choice(environ: dict[str, str]) -> None:
    old = LIST.replace("Beta Inc.", "Helpscout")
    told = ("--already-told", "By letter", "--told-on", "2025-12-01", "--effective-on", "2026-01-01")
    onward(environ, "-", "--commit", *ACCEPTED, *told, standard_input=old)

    asked = onward(environ, "-", standard_input=old.replace("Helpscout", "Help Scout"))
    taken = onward(
        environ, "-", "--same", "Helpscout=Help Scout", standard_input=old.replace("Helpscout", "Help Scout")
    )

    assert (
        "Is “Help Scout” (row 3) another name of “Helpscout”? Their names are spelled alike." in asked.stdout
    )
    assert "--same 'Helpscout=Help Scout'  or  --different 'Helpscout=Help Scout'" in asked.stdout
    assert "another name" not in taken.stdout
    assert "0 to add, 1 to change, 0 to remove, 1 the same" in taken.stdout


def test_an_import_that_is_killed_is_interrupted_and_wrote_nothing(
    environ: dict[str, str], tmp_path: Path, database_url: str
) -> None:
    file = tmp_path / "vendors.csv"
    file.write_text(LIST)

    async def kill() -> int:
        async def state() -> tuple[str | None, int | None]:
            runs = await import_runs.page(db, before=None, limit=1)
            return (runs[0].state, runs[0].rows) if runs and runs[0].commit else (None, None)

        async with await open_pool(database_url) as pool, pool.acquire() as waiting, pool.acquire() as db:
            async with waiting.transaction():
                await waiting.execute("SELECT FROM head FOR UPDATE")
                process = await asyncio.create_subprocess_exec(
                    ONWARD, "import", file, "--commit", *ACCEPTED, env=environ
                )
                await until(state, ("running", 2))
                process.kill()
                await process.wait()
                await until(state, ("interrupted", 2))
            changes: int = await db.fetchval("SELECT count(*) FROM change")
            return changes

    onward(environ, str(file))
    assert asyncio.run(kill()) == 0


async def until(ask: Callable[[], Awaitable[object]], wanted: object) -> None:
    """Ask again and again until the answer is the wanted one; a test that waits too long is ended from outside."""
    for _ in range(400):
        if await ask() == wanted:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{await ask()} never became {wanted}")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_in_a_terminal_and_plain_lines_elsewhere() -> None:
    terminal, file = Terminal(), io.StringIO()
    for out in (terminal, file):
        progress = Progress(out)
        for count in range(0, 5001, 250):
            progress("changes examined", count, 5000)
        progress.end()

    assert "\r███████████████░░░░░░░░░░░░░░░ 2,500 of 5,000 changes examined" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert len(file.getvalue().splitlines()) == 11
    assert "onward: 2,500 of 5,000 changes examined\n" in file.getvalue()


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
