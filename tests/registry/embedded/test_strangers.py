"""A pid file that outlived its server: whoever has the number now is left alone."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.embedded import Postgres
from tests.registry.embedded.holders import holding, postmaster, query


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    """A register whose owner and server were killed, so that the pid file still stands."""
    root = tmp_path / "postgres"
    with holding("hold", root) as holder:
        holder.read()
        os.kill(postmaster(root), signal.SIGKILL)
        holder.kill()
    return root


@pytest.fixture
def stranger() -> "Iterator[subprocess.Popen[bytes]]":
    process = subprocess.Popen(["sleep", "600"])
    yield process
    process.kill()
    process.wait()


def reuse(root: Path, pid: int) -> None:
    """Let the number in the pid file and in the socket's lock be that of another process."""
    for path in (root / "data" / "postmaster.pid", root / "run" / ".s.PGSQL.5432.lock"):
        _, *lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join([f"{pid}\n", *lines]))


def test_a_process_that_got_the_number_is_neither_signalled_nor_in_the_way(
    crashed: Path, stranger: "subprocess.Popen[bytes]"
) -> None:
    reuse(crashed, stranger.pid)

    with Postgres(crashed) as postgres:
        assert query(postgres.dsn, "SELECT 1") == 1

    assert stranger.poll() is None


def test_a_stranger_that_is_called_postgres_and_stands_in_our_directory_is_not_signalled(
    crashed: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "postgres.copy" / "postgres-tail"
    copy.parent.mkdir()
    copy.write_bytes(Path("/bin/sleep").read_bytes())
    copy.chmod(0o755)
    process = subprocess.Popen([copy, "600"], cwd=crashed / "data")
    reuse(crashed, process.pid)

    with Postgres(crashed) as postgres:
        assert query(postgres.dsn, "SELECT 1") == 1

    assert process.poll() is None
    process.kill()
    process.wait()


def test_the_server_of_another_register_is_not_signalled(crashed: Path, tmp_path: Path) -> None:
    with Postgres(tmp_path / "other") as other:
        reuse(crashed, postmaster(tmp_path / "other"))

        with Postgres(crashed) as postgres:
            assert query(postgres.dsn, "SELECT 1") == 1

        assert query(other.dsn, "SELECT 1") == 1


def test_a_process_that_ended_and_was_never_collected_counts_as_dead(crashed: Path) -> None:
    ended = subprocess.Popen(["true"])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    reuse(crashed, ended.pid)

    with Postgres(crashed) as postgres:
        assert query(postgres.dsn, "SELECT 1") == 1

    ended.wait()


@pytest.mark.parametrize("text", ["-1\n", "1\n", "", "nonsense\n", "99999999999999999999\n"])
def test_a_pid_file_that_says_anything_is_no_reason_to_signal_anybody(crashed: Path, text: str) -> None:
    (crashed / "data" / "postmaster.pid").write_text(text)

    with Postgres(crashed) as postgres:
        assert query(postgres.dsn, "SELECT 1") == 1


def test_a_server_that_lost_its_owner_is_let_end_before_another_starts(tmp_path: Path) -> None:
    root = tmp_path / "postgres"
    with holding("hold", root) as holder:
        holder.read()
        first = postmaster(root)
        # Frozen, it cannot take the kernel's word that its parent is gone until it runs again.
        os.kill(first, signal.SIGSTOP)
        holder.kill()
        waker = subprocess.Popen(["sh", "-c", f"sleep 0.5; kill -CONT {first}"])

    with Postgres(root) as postgres:
        assert postmaster(root) != first
        assert query(postgres.dsn, "SELECT 1") == 1

    waker.wait()
