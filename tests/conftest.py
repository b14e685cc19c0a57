"""What every test may ask for, and what is checked about the run as a whole."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import httpx
import hypothesis
import pytest
from litestar import Litestar

from registry.clock import Clock
from registry.database import Pool, open_pool
from registry.settings import Settings
from tests import databases, processes, serving

NOW = datetime.fromisoformat("2026-11-24T10:00:00+01:00")

MISSING = pytest.StashKey[dict[str, list[str]]]()


# No test is timed: a busy machine is no fault of the code.
hypothesis.settings.register_profile("onward", deadline=None)
hypothesis.settings.load_profile("onward")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MISSING] = {}
    processes.adopt_orphans()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a program that is not here; where CI is set, that is a failure."""
    for mark in item.iter_markers("needs"):
        for tool in mark.args:
            if not (os.geteuid() == 0 if tool == "root" else shutil.which(tool)):
                item.config.stash[MISSING].setdefault(tool, []).append(item.nodeid)
                if os.environ.get("CI"):
                    pytest.fail(f"{tool} is missing, and where CI is set nothing is skipped")
                pytest.skip(f"{tool} is missing")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that leaves processes behind."""
    left = processes.left_behind()
    if left:
        session.config.stash[MISSING].setdefault("LEFT", left)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    missing = terminalreporter.config.stash[MISSING]
    for process in missing.pop("LEFT", []):
        terminalreporter.write_line(f"left behind: process {process}", red=True)
    for tool, tests in missing.items():
        terminalreporter.write_line(f"not run without {tool}: {', '.join(tests)}", yellow=True)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def database_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server, its maintenance database open to us."""
    with databases.server(tmp_path_factory.mktemp("postgres") / "root") as dsn:
        yield dsn


@pytest.fixture(scope="session")
def template(database_server: str) -> Iterator[str]:
    """The name of a database with all migrations applied and nothing in it."""
    with databases.fresh(database_server) as dsn:
        databases.migrate(dsn)
        yield databases.name_of(dsn)


@pytest.fixture
def database_url(database_server: str, template: str) -> Iterator[str]:
    """A migrated, empty database of the test's own."""
    with databases.fresh(database_server, template) as dsn:
        yield dsn


@pytest.fixture
def empty_database_url(database_server: str) -> Iterator[str]:
    """A database of the test's own in which nothing has been done at all."""
    with databases.fresh(database_server) as dsn:
        yield dsn


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    async with await open_pool(database_url) as opened:
        yield opened


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings whose clock starts at ten in the morning of 24 November 2026."""
    return Settings(data_dir=tmp_path, database_url=database_url, now=NOW)


@pytest.fixture
def clock(settings: Settings) -> Clock:
    return Clock(settings)


@pytest.fixture
def app(settings: Settings, pool: Pool) -> Litestar:
    from registry.app import create_app  # noqa: PLC0415 - tests of the pure packages need no app.

    return create_app(settings, pool)


@pytest.fixture
async def client(settings: Settings, app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """The app in this process, over a transport that is no socket."""
    async with (
        app.lifespan(),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(cast("Any", app)), base_url=settings.public_url
        ) as opened,
    ):
        yield opened


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    """A live server with a data directory of its own, shared by the tests of a module."""
    with serving.serving(tmp_path_factory.mktemp("server") / "data") as running:
        yield running
