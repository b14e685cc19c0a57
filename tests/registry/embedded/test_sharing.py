"""Several processes and one data directory: one runs the server, all use it, none loses anything."""

import os
import signal
from pathlib import Path
from time import monotonic, sleep

import asyncpg
import pytest

from registry.database import ServerError
from registry.embedded import Postgres
from tests.registry.embedded.holders import Holder, holding, postmaster, query

ROWS = "SELECT count(*) FROM line"
MISSING_ROWS = "SELECT max(number) - count(*) FROM line"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "postgres"


def test_a_server_starts_answers_and_ends_with_its_owner(root: Path) -> None:
    with Postgres(root) as postgres:
        pid = postmaster(root)

        assert postgres.owned
        assert query(postgres.dsn, "SHOW server_version_num") >= "180000"

    assert not Path(f"/proc/{pid}").exists()
    assert not (root / "data" / "postmaster.pid").exists()


def test_it_listens_on_its_socket_alone(root: Path) -> None:
    with Postgres(root) as postgres:
        assert query(postgres.dsn, "SHOW listen_addresses") == ""
        assert query(postgres.dsn, "SELECT inet_server_addr() IS NULL")


def test_settings_of_another_postgresql_in_the_environment_change_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGHOST", "elsewhere.example")

    with Postgres(root) as postgres:
        assert query(postgres.dsn, "SHOW port") == "5432"


def test_text_is_compared_alike_on_every_machine(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")

    with Postgres(root) as postgres:
        assert query(postgres.dsn, "SELECT lower('ÄÖÜI')") == "äöüi"
        assert query(postgres.dsn, "SHOW server_encoding") == "UTF8"


def test_what_was_written_is_there_after_a_restart(root: Path) -> None:
    with Postgres(root) as postgres:
        query(postgres.dsn, "CREATE TABLE line AS SELECT 1 AS number")

    with Postgres(root) as postgres:
        assert query(postgres.dsn, ROWS) == 1


def test_a_second_process_uses_the_server_of_the_first(root: Path) -> None:
    with Postgres(root) as postgres, holding("hold", root) as second:
        how, dsn = second.read()

        assert how == "attached"
        assert dsn == postgres.dsn
        assert second.leave() == ""
        assert query(postgres.dsn, "SELECT 1") == 1


def test_of_two_that_start_at_once_in_an_empty_directory_one_runs_the_server(root: Path) -> None:
    with holding("hold", root) as one, holding("hold", root) as other:
        assert sorted([one.read()[0], other.read()[0]]) == ["attached", "owned"]


def test_whoever_is_left_takes_the_server_over(root: Path) -> None:
    with Postgres(root) as first, holding("hold", root) as second:
        assert second.read()[0] == "attached"
        query(first.dsn, "CREATE TABLE line AS SELECT 1 AS number")

        first.stop()

        assert eventually(first.dsn, ROWS) == 1


def test_whoever_is_left_takes_over_from_a_killed_owner(root: Path) -> None:
    with holding("hold", root) as first:
        dsn = first.read()[1]
        with Postgres(root):
            query(dsn, "CREATE TABLE line AS SELECT 1 AS number")

            first.kill()

            assert eventually(dsn, ROWS) == 1


def test_rows_that_were_acknowledged_survive_the_killing_of_the_owner(root: Path) -> None:
    for _ in range(3):
        with holding("write", root) as writer:
            acknowledged = last_acknowledged(writer)
            writer.kill()

        with Postgres(root) as postgres:
            assert postgres.owned
            assert query(postgres.dsn, "SELECT max(number) FROM line") >= acknowledged
            assert query(postgres.dsn, MISSING_ROWS) == 0


def test_a_killed_server_is_started_again_with_every_acknowledged_row(root: Path) -> None:
    with Postgres(root) as postgres, holding("write", root) as writer:
        acknowledged = last_acknowledged(writer)
        killed = postmaster(root)

        os.kill(killed, signal.SIGKILL)

        assert eventually(postgres.dsn, MISSING_ROWS) == 0
        assert query(postgres.dsn, "SELECT max(number) FROM line") >= acknowledged
        assert postmaster(root) != killed


def test_when_owner_and_server_are_killed_together_the_next_start_recovers(root: Path) -> None:
    with holding("write", root) as writer:
        acknowledged = last_acknowledged(writer)
        os.kill(postmaster(root), signal.SIGKILL)
        writer.kill()

    with Postgres(root) as postgres:
        assert query(postgres.dsn, "SELECT max(number) FROM line") >= acknowledged
        assert query(postgres.dsn, MISSING_ROWS) == 0


def last_acknowledged(writer: Holder) -> int:
    """The number of a row well into the writing."""
    assert writer.read()[0] in {"owned", "attached"}
    for _ in range(100):
        number = int(writer.read()[0])
    return number


def eventually(dsn: str, sql: str) -> object:
    """What a server answers that is coming back."""
    deadline = monotonic() + 60
    while True:
        try:
            return query(dsn, sql)
        except (ServerError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError):
            assert monotonic() < deadline, "the server did not come back"
            sleep(0.05)
