"""``onward law check`` and ``onward assess``: the law on the command line, without a database."""

import json
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx import ASGITransport

from registry.app import create_app
from registry.database import Pool
from registry.settings import Settings
from tests import serving
from tests.serving import ONWARD, clean_environ, free_port

FACTS: dict[str, Any] = {
    "exporter": {"country": "DE", "role": "controller"},
    "importer": {"country": "KE", "role": "processor"},
}
KENYA = """\
[[adequacy]]
id = "eu-ke"
regime = "eu_gdpr"
title = "Kenya"
codes = ["KE"]
event = "Decision for Kenya"
first_day = 2026-11-24
last_day = 2027-01-31
ended_by = "sunset"
ended = "Article 9 of the decision: expires on 31 January 2027"
scope = "All recipients."
source = "https://eur-lex.europa.eu/"
checked_on = 2026-11-24
sure = "likely"
"""


@pytest.fixture
def law(tmp_path: Path) -> Path:
    path = tmp_path / "law.toml"
    path.write_text(KENYA)
    return path


def onward(
    *arguments: str | Path, standard_input: str = "", **environ: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [ONWARD, *arguments],
        env={**clean_environ(), "ONWARD_NOW": "2026-11-24T10:00:00+01:00", **environ},
        input=standard_input,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_check_lists_what_is_old_and_what_ends(law: Path) -> None:
    done = onward("law", "check", "--older-than", "0", "--ending-within", "100", ONWARD_LAW=str(law))
    head, old, ending = done.stdout.split("\n\n")

    assert done.returncode == 0, done.stderr
    assert f"1 of them from {law}" in head
    assert "eu-us-dpf-2023" in old
    assert "  eu-ke  " not in old, "it was checked today"
    assert "2027-01-31  eu-ke: last_day" in ending
    assert "eu-gb-2021" not in ending

    assert "eu-gb-2021: carve_out" not in ending, "it has ended already"

    later = onward("law", "check", "--ending-within", "2000").stdout.split("\n\n")[2]
    assert "2031-12-27  eu-gb-2021: phase[2].last_day" in later
    assert "2031-12-27  eu-gb-2021: last_day" in later


def test_the_check_lists_only_what_is_older_than_asked(law: Path) -> None:
    done = onward(
        "law",
        "check",
        "--older-than",
        "30",
        ONWARD_LAW=str(law),
        ONWARD_NOW="2026-12-25T10:00:00+01:00",
    )
    old = done.stdout.split("\n\n")[1]

    assert old.startswith("Last checked more than 30 days before 2026-12-25: ")
    assert "eu-us-dpf-2023" in old
    assert "eu-ke" in old
    assert old.count("  local") == 1
    assert onward("law", "check", "--older-than", "a week").returncode == 2


def test_facts_are_judged_from_a_file_and_from_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(FACTS, indent=2))

    done = onward("assess", file)
    piped = onward("assess", "-", standard_input=json.dumps(FACTS))

    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert (answer["verdict"], answer["as_of"]) == ("not_covered", "2026-11-24")
    assert piped.stdout == done.stdout


def test_the_answers_have_the_form_of_the_question() -> None:
    rows = [
        FACTS,
        {**FACTS, "as_of": "1950-01-01"},
        {**FACTS, "importer": {"country": "FR", "role": "processor"}},
    ]
    array = onward("assess", "-", standard_input=json.dumps(rows))
    lines = onward("assess", "-", standard_input="\n".join(map(json.dumps, rows)))

    answers = json.loads(array.stdout)
    assert [answer.get("verdict") for answer in answers] == ["not_covered", None, "no_transfer"]
    assert (answers[1]["status"], answers[1]["index"]) == (422, 1)
    assert [json.loads(line) for line in lines.stdout.splitlines()] == answers
    assert (array.returncode, lines.returncode) == (1, 1), "a row has no verdict, and scripts must see it"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There are no facts"),
        ('{\n"exporter":', "not JSON"),
        (json.dumps({**FACTS, "colour": "red"}), "colour"),
        ("[1", "not JSON"),
    ],
)
def test_what_cannot_be_judged_is_told_in_a_line(text: str, words: str) -> None:
    done = onward("assess", "-", standard_input=text)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("onward: ")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_of_facts_that_cannot_be_read_is_told_with_the_remedy(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.json", tmp_path):
        done = onward("assess", path)

        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"onward: The facts in {path} cannot be read: ")
        assert "- for standard input" in done.stderr
        assert "Errno" not in done.stderr


def test_a_record_checked_tomorrow_is_refused_today(law: Path) -> None:
    done = onward("law", "check", ONWARD_LAW=str(law), ONWARD_NOW="2026-11-23T10:00:00+01:00")

    assert done.returncode == 1
    assert "eu-ke.checked_on: 2026-11-24 lies after today, 2026-11-23" in done.stderr


def test_an_operators_own_law_is_used_at_once(law: Path) -> None:
    done = onward("assess", "-", standard_input=json.dumps(FACTS), ONWARD_LAW=str(law))
    answer = json.loads(done.stdout)

    assert (answer["verdict"], answer["valid_until"]) == ("covered_by_adequacy", "2027-01-31")
    assert answer["relied_on"] == {"kind": "adequacy", "decision": "eu-ke"}


async def test_the_service_judges_by_it_and_shows_it_as_local(
    law: Path, settings: Settings, pool: Pool
) -> None:
    app = create_app(
        Settings(data_dir=settings.data_dir, database_url=settings.database_url, now=settings.now, law=law),
        pool,
    )
    transport = ASGITransport(app)  # type: ignore[arg-type]
    async with (
        app.lifespan(),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        assert (await client.get("/v1/law")).json()["local"] == ["eu-ke"]
        listed = await client.get("/v1/adequacy-decisions", params={"limit": 200})
        local = [one["id"] for one in listed.json()["data"] if one["local"]]
        assert local == ["eu-ke"]
        answer = (await client.post("/v1/assessments", json=FACTS)).json()
        assert answer["verdict"] == "covered_by_adequacy"
        assert (await client.get("/v1/law")).json()["edition"] == answer["law_edition"]


def test_a_fault_in_it_is_told_before_anything_is_started(tmp_path: Path) -> None:
    path = tmp_path / "law.toml"
    path.write_text(KENYA.replace("last_day", "last_dya"))
    process = serving.start(tmp_path / "data", port=free_port(), environ={"ONWARD_LAW": str(path)})
    said, _ = process.communicate(timeout=serving.PATIENCE)

    assert process.returncode == 1
    assert f"{path}: $.adequacy[0]: " in said
    assert "last_dya" in said
    assert "Traceback" not in said
    assert not (tmp_path / "data").exists()


def test_a_running_server_says_that_it_uses_it(law: Path, tmp_path: Path) -> None:
    with serving.serving(tmp_path / "data", environ={"ONWARD_LAW": str(law)}) as server:
        assert any(f"with the records of {law}" in line for line in server.printed)
        assert httpx.get(f"{server.url}/v1/law").json()["local"] == ["eu-ke"]
