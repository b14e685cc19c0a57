"""Making a data directory: whole or not at all."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import mkdtemp

from registry.embedded.account import ENVIRONMENT, Account
from registry.embedded.directory import Directory
from registry.embedded.errors import EmbeddedError

# The locale is PostgreSQL's own, so that no library of the machine decides how text is compared.
OPTIONS = (
    "--username=postgres",
    "--auth=trust",  # Whoever reaches the socket is let in; its folder lets in nobody else.
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)


ASIDE = "data.init-"


def make(directory: Directory, account: Account) -> None:
    """Run initdb beside the data directory and rename: an interrupted one leaves nothing that looks whole."""
    if directory.initialised:
        return
    if directory.data.exists():
        raise EmbeddedError(
            f"{directory.data} exists but is no data directory of PostgreSQL. Move it away, or name another data "
            f"directory by ONWARD_DATA_DIR."
        )
    _sweep(directory.home)
    # A name of its own: an initdb whose starter was killed may take a moment to notice, and still write.
    aside = Path(mkdtemp(prefix=ASIDE, dir=directory.home))
    if account.owner is not None:
        os.chown(aside, account.initdb_uid, account.owner)
    ran = subprocess.run(
        account.initdb(f"--pgdata={aside}", *OPTIONS),
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=ENVIRONMENT,
    )
    if ran.returncode != 0:
        shutil.rmtree(aside, ignore_errors=True)
        reason = ran.stderr.strip() or f"exit code {ran.returncode}"
        raise EmbeddedError(f"PostgreSQL's initdb could not make {directory.data}: {reason}")
    if account.owner is not None:
        _give(aside, account.owner)
    aside.rename(directory.data)
    _sweep(directory.home)


def _sweep(home: Path) -> None:
    for interrupted in home.glob(f"{ASIDE}*"):
        shutil.rmtree(interrupted, ignore_errors=True)


def _give(folder: Path, owner: int) -> None:
    """Give a tree to the id that runs PostgreSQL, following no links."""
    os.chown(folder, owner, owner, follow_symlinks=False)
    for path in folder.rglob("*"):
        os.chown(path, owner, owner, follow_symlinks=False)
