"""As whom PostgreSQL runs: it refuses to be root, and its files must stay out of reach of others.

A normal user runs it as himself. Root maps its own id to another name in a user namespace, so every file
stays root's. Where namespaces are denied, root lends the files to an id that nobody else has.
"""

import grp
import os
import pwd
import subprocess
import sys
from pathlib import Path

from msgspec import Struct

from registry.embedded import binaries, launch
from registry.embedded.errors import EmbeddedError

LAUNCH = Path(launch.__file__)

# systemd's list of ids leaves 60706 to 61183 to nobody; containers that map 65536 ids have them too.
FREE_IDS = range(60900, 61184)

# Nothing of the caller's environment: PGPORT, PGDATA or a locale would change what the server does.
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}


class Account(Struct, frozen=True, kw_only=True):
    """How the programs are started, and who owns their files.

    ``owner`` is the id to give files to, ``None`` where they are ours already.
    """

    programs: Path
    mode: str
    uid: int
    gid: int
    # initdb, alone of all, insists that its id has a name.
    initdb_mode: str
    initdb_uid: int
    owner: int | None = None

    def postgres(self, *arguments: str) -> list[str]:
        return self._command(self.mode, self.uid, "postgres", arguments)

    def initdb(self, *arguments: str) -> list[str]:
        return self._command(self.initdb_mode, self.initdb_uid, "initdb", arguments)

    def _command(self, mode: str, uid: int, program: str, arguments: tuple[str, ...]) -> list[str]:
        start = [sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid()), mode, str(uid), str(self.gid)]
        return [*start, str(self.programs / "bin" / program), *arguments]


def choose(*, lent_to: int | None, initialised: bool) -> Account:
    """The account for a register: as it was chosen when it was made, or the best there is for a new one.

    ``lent_to`` is the id that its files were lent to, ``initialised`` whether it has files at all.
    """
    if os.geteuid() != 0:
        return _own()
    if lent_to is not None:
        return _lent(lent_to)
    mapped = _mapped()
    denial = _denial(mapped)
    if denial is None:
        return mapped
    if initialised:
        raise EmbeddedError(
            f"PostgreSQL refuses to run as root. When this data directory was made, a user namespace helped; now "
            f"this machine allows none ({denial}). Allow them again, or give the directory to a normal user and run "
            f"Onward as that user, or set DATABASE_URL to a PostgreSQL 18 server."
        )
    return _lent(_free_id())


def _own() -> Account:
    uid, gid = os.geteuid(), os.getegid()
    named = _has_name(uid)
    return Account(
        programs=binaries.installed(),
        mode="own",
        uid=uid,
        gid=gid,
        initdb_mode="own" if named else "map",
        initdb_uid=uid if named else _any_name(),
    )


def _mapped() -> Account:
    uid = _any_name()
    return Account(
        programs=binaries.installed(), mode="map", uid=uid, gid=uid, initdb_mode="map", initdb_uid=uid
    )


def _lent(owner: int) -> Account:
    """Root's last way: programs where others can reach them, files of an id that nobody else has."""
    try:
        binaries.LENT.mkdir(mode=0o755, exist_ok=True)
        if binaries.LENT.is_symlink() or binaries.LENT.stat().st_uid != 0:
            raise EmbeddedError(
                f"{binaries.LENT} is not a directory of root's, so it is not Onward's. Move it away."
            )
        lent = Account(
            programs=binaries.copied(),
            mode="lend",
            uid=owner,
            gid=owner,
            initdb_mode="lend",
            initdb_uid=_any_name(),
            owner=owner,
        )
        denial = _denial(lent)
    except OSError as error:
        denial = str(error)
    if denial is not None:
        raise EmbeddedError(
            f"PostgreSQL refuses to run as root. This machine allows neither user namespaces nor another id under "
            f"{binaries.LENT} ({denial}). Run Onward as a normal user, or set DATABASE_URL to a PostgreSQL 18 server."
        )
    return lent


def _denial(account: Account) -> str | None:
    """Why the account cannot start PostgreSQL here; None if it can."""
    ran = subprocess.run(
        account.postgres("--version"), capture_output=True, text=True, check=False, cwd="/", env=ENVIRONMENT
    )
    return None if ran.returncode == 0 else ran.stderr.strip() or f"exit code {ran.returncode}"


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _any_name() -> int:
    """An id that has a name and is not root: inside a namespace, or for initdb, any will do."""
    for entry in pwd.getpwall():
        if entry.pw_uid != 0:
            return entry.pw_uid
    raise EmbeddedError(
        "PostgreSQL's initdb needs a user that has a name and is not root, and this machine has none. Add one "
        "to /etc/passwd, or set DATABASE_URL to a PostgreSQL 18 server."
    )


def _free_id() -> int:
    taken = {entry.gr_gid for entry in grp.getgrall()}
    for uid in FREE_IDS:
        if uid not in taken and not _has_name(uid):
            return uid
    raise EmbeddedError("All user ids that Onward could lend files to have a name. Run it as a normal user.")
