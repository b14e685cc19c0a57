"""The data directory: whole or not there, private, and nobody else's."""

import os
import shutil
import signal
from pathlib import Path
from time import monotonic, sleep

import pytest

from registry.embedded import EmbeddedError, Postgres
from tests.registry.embedded.holders import holding, query


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_what_is_made_is_private_and_what_was_there_keeps_its_permissions(tmp_path: Path) -> None:
    private, open_to_all = tmp_path / "private", tmp_path / "private" / "open"
    private.mkdir(mode=0o700)
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    root = open_to_all / "deep" / "postgres"

    with Postgres(root):
        made = [root, root / "data", root / "run", root / "postgres.log", root / "owner.lock"]
        assert [mode(path) & 0o077 for path in made] == [0] * len(made)

    assert (mode(private), mode(open_to_all)) == (0o700, 0o777)


def test_a_start_that_was_killed_while_making_the_directory_is_begun_anew(tmp_path: Path) -> None:
    root = tmp_path / "postgres"
    with holding("hold", root) as holder:
        deadline = monotonic() + 60
        while not list(root.glob("data.init-*/global")):
            assert monotonic() < deadline
            sleep(0.001)
        holder.kill()

    assert not (root / "data").exists()
    with Postgres(root) as postgres:
        assert query(postgres.dsn, "SELECT 1") == 1
    assert list(root.glob("data.init*")) == []


def test_a_directory_of_another_major_version_is_left_alone_with_a_way_out(tmp_path: Path) -> None:
    root = tmp_path / "postgres"
    with Postgres(root):
        pass
    (root / "data" / "PG_VERSION").write_text("17\n")

    with pytest.raises(
        EmbeddedError, match="made by PostgreSQL 17, and this is PostgreSQL 18.*pg_upgrade.*pg_dump"
    ):
        Postgres(root).start()

    assert (root / "data" / "PG_VERSION").read_text() == "17\n"


def test_a_folder_that_is_no_data_directory_is_left_alone(tmp_path: Path) -> None:
    root = tmp_path / "postgres"
    (root / "data").mkdir(parents=True)
    (root / "data" / "letter.txt").write_text("Dear reader")

    with pytest.raises(EmbeddedError, match="exists but is no data directory of PostgreSQL"):
        Postgres(root).start()

    assert (root / "data" / "letter.txt").read_text() == "Dear reader"


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(tmp_path: Path) -> None:
    root = tmp_path / ("long" * 20) / ("longer" * 10) / "postgres"

    with Postgres(root) as postgres, holding("hold", root) as second:
        folder = Path(str(query(postgres.dsn, "SHOW unix_socket_directories")).strip('"'))
        assert mode(folder) == 0o700
        assert second.read()[0] == "attached"
        assert second.leave() == ""

    shutil.rmtree(folder)


def test_a_short_path_that_somebody_else_could_have_laid_out_is_refused(tmp_path: Path) -> None:
    root = tmp_path / ("long" * 20) / ("longer" * 10) / "postgres"
    with Postgres(root) as postgres:
        folder = Path(str(query(postgres.dsn, "SHOW unix_socket_directories")).strip('"'))
    folder.chmod(0o777)

    with pytest.raises(EmbeddedError, match="is not a private directory of ours. Remove it"):
        Postgres(root).start()

    shutil.rmtree(folder)


def test_a_path_with_spaces_commas_and_quotes_is_a_path(tmp_path: Path) -> None:
    root = tmp_path / "a, b 'c' \"d\" %20é"

    with Postgres(root) as postgres:
        folder = Path(str(query(postgres.dsn, "SHOW unix_socket_directories")).strip('"'))

    folder.rmdir()


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(EmbeddedError, match=r"file/postgres cannot be made: .*ONWARD_DATA_DIR"):
        Postgres(tmp_path / "file" / "postgres").start()


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    root = tmp_path / "postgres"
    with Postgres(root):
        pass
    with (root / "data" / "postgresql.conf").open("a") as settings:
        settings.write("nonsense = 1\n")

    with pytest.raises(
        EmbeddedError, match='(?s)did not start.*unrecognized configuration parameter "nonsense"'
    ):
        Postgres(root).start()


@pytest.mark.needs("root")
def test_a_directory_of_somebody_else_is_refused_even_to_root(tmp_path: Path) -> None:
    root = tmp_path / "postgres"
    root.mkdir()
    os.chown(root, 65534, 65534)

    with pytest.raises(EmbeddedError, match=r"belongs to .*, not to root\. Run Onward as "):
        Postgres(root).start()


def test_a_server_whose_process_is_interrupted_at_start_is_stopped(tmp_path: Path) -> None:
    with holding("hold", tmp_path / "postgres") as holder:
        assert holder.read()[0] == "owned"
        holder.process.send_signal(signal.SIGINT)
        holder.leave()

    assert not (tmp_path / "postgres" / "data" / "postmaster.pid").exists()
