"""The house rules that no reader should have to check: layers, style, types, clocks, lock files, the map."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent

# SQL that asks the server what time it is, or defaults to it.
CLOCKS = re.compile(
    r"\b(now\s*\(|current_date\b|current_time(stamp)?\b|local_?time(stamp)?\b|clock_timestamp|statement_timestamp"
    r"|transaction_timestamp|timeofday\s*\()"
    r"|'(now|today|tomorrow|yesterday)'",
    re.IGNORECASE,
)

ADDRESS = re.compile(r"(https?|file)://|--(extra-)?index-url|--find-links", re.IGNORECASE)


def tool(*command: str) -> str:
    """What a tool says; it fails the test when it finds anything."""
    ran = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_every_import_follows_the_floor_plan() -> None:
    assert " 0 broken." in tool("lint-imports", "--no-cache", "pyproject.toml")


def test_ruff_finds_nothing() -> None:
    tool("ruff", "check", "--no-cache", ".")


def test_everything_is_formatted() -> None:
    tool("ruff", "format", "--no-cache", "--check", ".")


def test_every_type_holds() -> None:
    tool("mypy")


def sql_files() -> list[Path]:
    return [*ROOT.glob("migrations/*.sql"), *ROOT.glob("registry/store/*.py")]


@pytest.mark.parametrize("path", sql_files(), ids=lambda path: path.name)
def test_sql_asks_no_clock(path: Path) -> None:
    text = re.sub(r"--.*", "", path.read_text())

    assert [found.group() for found in CLOCKS.finditer(text)] == []


@pytest.mark.parametrize(
    "sql",
    [
        "now()",
        "CURRENT_DATE",
        "current_timestamp(3)",
        "clock_timestamp()",
        "date 'today'",
        "DEFAULT localtimestamp",
    ],
)
def test_the_search_for_clocks_knows_one_when_it_sees_it(sql: str) -> None:
    assert CLOCKS.search(sql)


def test_decisions_and_formats_wait_for_nothing() -> None:
    waiting = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in ("registry/rules", "registry/formats", "transfers", "feeds")
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Await | ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith)
    ]

    assert waiting == []


@pytest.mark.parametrize("name", ["requirements-build.txt", "requirements.txt", "requirements-dev.txt"])
def test_lock_files_name_no_address_and_have_a_hash_for_everything(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    pinned = [line for line in lines if re.match(r"[a-z]", line)]
    hashed = [
        line for line, following in zip(lines, [*lines[1:], ""], strict=True) if "--hash=sha256:" in following
    ]

    assert [line for line in lines if ADDRESS.search(line)] == []
    assert set(pinned) <= set(hashed)


def test_the_development_lock_agrees_with_the_one_for_running() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9-]+==[^ ]+", (ROOT / name).read_text(), re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_every_module_says_in_one_line_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for package in ("registry", "transfers", "feeds", "migrations", "openapi", "tests")
        for path in (ROOT / package).rglob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def test_no_file_grows_beyond_three_hundred_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)} has {length}"
        for package in ("registry", "transfers", "feeds", "migrations", "openapi")
        for path in (ROOT / package).rglob("*.py")
        if (length := len(path.read_text().splitlines())) > 300
    ]

    assert long == []


def test_paths_that_the_readme_names_exist() -> None:
    map_of_the_tree = (ROOT / "README.md").read_text().partition("## Where is what")[2].partition("\n## ")[0]
    paths = re.findall(r"^\| `([^`]+)`", map_of_the_tree, re.MULTILINE)

    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_readme_lists_every_setting() -> None:
    from registry.settings import READERS  # noqa: PLC0415 - no other test here needs the project.

    readme = (ROOT / "README.md").read_text()

    assert [name for name in READERS if f"`{name}`" not in readme] == []
