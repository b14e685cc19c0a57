"""``onward reassess``, and what ``onward serve`` does by itself every day."""

import subprocess
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import msgspec

from tests import serving

PATIENCE = 60.0
TODAY = "2026-11-24T10:00:00+01:00"
YEARS_LATER = "2032-01-05T10:00:00+01:00"


def reassess(data_dir: Path, *arguments: str, now: str = TODAY, **environ: str) -> str:
    done = subprocess.run(
        [serving.ONWARD, "reassess", *arguments],
        env=serving.clean_environ() | {"ONWARD_DATA_DIR": str(data_dir), "ONWARD_NOW": now} | environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert "Traceback" not in done.stderr
    # What is recorded bears the days of a clock that is set, so that is said first, beside the answer.
    loud, _, rest = done.stderr.partition("\n")
    assert loud.startswith("*** THE CLOCK IS SET: ONWARD_NOW starts it at")
    return done.stdout + rest


def turned(server: serving.Server) -> list[dict[str, Any]]:
    """The verdicts that the journal says have turned."""
    found: list[dict[str, Any]] = []
    after = 0
    while True:
        page = httpx.get(
            f"{server.url}/v1/journal", params={"after": after, "limit": 200}, headers=server.headers
        ).json()
        assert page["verified"] is True
        found += [row for row in page["data"] if row["operation"] == "turned"]
        if len(page["data"]) < 200:
            return found
        after = page["last_number"]


def test_serve_reassesses_by_itself_and_the_command_finds_nothing_left(tmp_path: Path) -> None:
    with serving.serving(tmp_path, "--demo", environ={"ONWARD_NOW": TODAY}) as server:
        said = reassess(tmp_path / "demo")
        assert ": 0 transfers" not in said
        assert "looked at, 0 turned" in said
        assert turned(server) == []
    with serving.serving(tmp_path, "--demo", environ={"ONWARD_NOW": YEARS_LATER}) as server:
        deadline = monotonic() + PATIENCE
        while not (found := turned(server)):
            assert monotonic() < deadline, "a server reassesses when it starts on another day"
            sleep(0.1)
        report = msgspec.json.decode(reassess(tmp_path / "demo", "--json", now=YEARS_LATER))
        assert (report["day"], report["turned"]) == ("2032-01-05", [])
        assert turned(server) == found
        ended = [row for row in found if "2031-12-28" in row["payload"]["day"]]
        assert {row["payload"]["before"] for row in ended} == {"covered_by_adequacy"}
        assert all(row["payload"]["after"] != "covered_by_adequacy" for row in ended)
        assert {row["actor"] for row in found} == {"system"}


def test_where_there_is_no_register_it_says_so(tmp_path: Path) -> None:
    said = reassess(tmp_path)

    assert said.startswith("onward: There is no register in")


def test_only_who_publishes_may(tmp_path: Path) -> None:
    with serving.serving(tmp_path, "--demo") as server:
        said = reassess(tmp_path / "demo", ONWARD_KEY=server.keys["auditor"])

    assert "has the role auditor, which may not do this" in said
