"""The rules for a whole run: what is missing is named, and nothing is left behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

SKIPPING = """
    import pytest

    @pytest.mark.needs("no-such-program")
    def test_something(): pass
"""

LEAVING = """
    import subprocess

    def test_something():
        subprocess.Popen(["setsid", "--fork", "sleep", "987"], stdout=subprocess.DEVNULL).wait()
"""


def run(folder: Path, source: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run pytest under our rules on one file of its own."""
    lines = [line.removeprefix("    ") for line in source.strip("\n").splitlines()]
    (folder / "test_example.py").write_text("\n".join(lines))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "-p", "tests.conftest", folder],
        env={name: value for name, value in os.environ.items() if name != "CI"} | environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_test_without_its_program_is_skipped_and_named_in_the_last_lines(tmp_path: Path) -> None:
    ran = run(tmp_path, SKIPPING)

    assert ran.returncode == 0
    assert "not run without no-such-program: " in ran.stdout
    assert "test_example.py::test_something" in ran.stdout.rpartition("not run without")[2]


def test_where_ci_is_set_a_test_without_its_program_fails(tmp_path: Path) -> None:
    ran = run(tmp_path, SKIPPING, CI="true")

    assert ran.returncode == pytest.ExitCode.TESTS_FAILED
    assert "no-such-program is missing, and where CI is set nothing is skipped" in ran.stdout


def test_a_run_that_leaves_a_process_behind_fails_and_names_it(tmp_path: Path) -> None:
    ran = run(tmp_path, LEAVING)

    left = [line for line in ran.stdout.splitlines() if line.startswith("left behind: process ")]
    for line in left:
        os.kill(int(line.split()[3]), 9)
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED
    assert [line.partition("sleep")[1:] for line in left] == [("sleep", " 987")]
