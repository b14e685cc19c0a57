"""As whom PostgreSQL runs: a normal user, root with user namespaces, and root without."""

import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.registry.embedded.holders import DENIED, holding, postmaster, query

# Root's Python may lie where nobody else can reach it; the machine's own lies open.
OPEN_PYTHON = f"/usr/bin/python{sysconfig.get_python_version()}"


@pytest.fixture
def root() -> Iterator[Path]:
    """A directory that others can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="onward-test-"))
    folder.chmod(0o755)
    yield folder / "postgres"
    shutil.rmtree(folder)


def owners(root: Path) -> set[int]:
    return {path.lstat().st_uid for path in (root, *root.rglob("*"))}


@pytest.mark.needs("root", "setpriv", OPEN_PYTHON)
@pytest.mark.parametrize(
    "uid", [pytest.param(65534, id="with a name"), pytest.param(54321, id="without one")]
)
def test_a_normal_user_runs_it_as_himself(root: Path, uid: int) -> None:
    os.chown(root.parent, uid, uid)
    before = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]

    with holding("hold", root, before=before, python=OPEN_PYTHON) as holder:
        how, dsn = holder.read()

        assert how == "owned"
        assert query(dsn, "SELECT 1") == 1
        assert Path(f"/proc/{postmaster(root)}").stat().st_uid == uid
        assert owners(root) == {uid}
        assert holder.leave() == ""


@pytest.mark.needs("root")
def test_root_with_user_namespaces_keeps_every_file_and_lends_none(root: Path) -> None:
    with holding("hold", root) as holder:
        _, dsn = holder.read()

        assert query(dsn, "SELECT 1") == 1
        assert "\t1\t" in Path(f"/proc/{postmaster(root)}/uid_map").read_text().replace(" ", "\t").replace(
            "\t\t", "\t"
        )
        assert owners(root) == {0}


@pytest.mark.needs("root", OPEN_PYTHON)
def test_root_without_user_namespaces_lends_the_files_to_an_id_that_nobody_has(root: Path) -> None:
    before = [sys.executable, str(DENIED), "writable"]
    with holding("hold", root, before=before) as holder:
        how, _ = holder.read()
        inside = Path(f"/proc/{holder.process.pid}/root")
        lent = inside / (root / "lent").readlink().relative_to("/")

        assert how == "owned"
        assert (lent.stat().st_uid, lent.stat().st_mode & 0o777) == (0, 0o710)
        assert owners(lent / "data") == {60900}
        assert (lent / "data").stat().st_mode & 0o777 == 0o700
        assert Path(f"/proc/{postmaster(lent)}").stat().st_uid == 60900
        assert holder.leave() == ""


@pytest.mark.needs("root")
def test_root_who_can_neither_way_is_told_what_to_do(root: Path) -> None:
    with holding("hold", root, before=[sys.executable, str(DENIED), "read-only"]) as holder:
        complaint = holder.leave()

    assert holder.process.returncode == 1
    assert "This machine allows neither user namespaces nor another id under /var/lib/onward" in complaint
    assert "Run Onward as a normal user, or set DATABASE_URL to a PostgreSQL 18 server." in complaint


@pytest.mark.needs("root")
def test_a_directory_made_with_user_namespaces_is_not_replaced_when_they_are_denied(root: Path) -> None:
    with holding("hold", root) as holder:
        holder.read()
    with holding("hold", root, before=[sys.executable, str(DENIED), "writable"]) as holder:
        complaint = holder.leave()

    assert holder.process.returncode == 1
    assert "a user namespace helped; now this machine allows none" in complaint
    assert owners(root) == {0}
