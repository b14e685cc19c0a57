"""The directory of an embedded register: what lies where, and who may use it.

    owner.lock      held by the process that runs PostgreSQL; it says which one
    postgres.log    what PostgreSQL says
    data            PostgreSQL's data directory
    run             its socket, or a link to a shorter path
    lent            only as root without user namespaces: a link to where data and run are instead

Only what is ours is made private, when it is made; nothing that exists has its permissions changed.
"""

import fcntl
import hashlib
import os
import pwd
import stat
from pathlib import Path
from typing import BinaryIO

from registry.embedded import binaries
from registry.embedded.account import Account
from registry.embedded.errors import EmbeddedError

# A socket's address has 108 bytes, the last of them zero.
LONGEST_SOCKET = 107
SOCKET = ".s.PGSQL.5432"
LARGEST_LOG = 10_000_000


def is_initialised(root: Path) -> bool:
    """Whether there is a PostgreSQL of ours below ``root``, without making anything there."""
    try:
        return Directory(root).initialised
    except PermissionError:
        return True  # Whose it is, is said when it is opened.


class Directory:
    """The paths below ``root``, and the lock that says who runs PostgreSQL there."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._lock: int | None = None

    @property
    def lent(self) -> Path:
        return self.root / "lent"

    @property
    def home(self) -> Path:
        """Where ``data`` and ``run`` are."""
        return self.lent.resolve() if self.lent.is_symlink() else self.root

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def socket_folder(self) -> Path:
        """Where the socket is: ``run``, or a path of our own if that is too long, or has commas as lists do."""
        run = self.home / "run"
        if len(os.fsencode(run / SOCKET)) <= LONGEST_SOCKET and "," not in str(run):
            return run
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path(f"/tmp/onward-{os.geteuid()}-{digest}")  # noqa: S108 - made private, and checked to be.

    @property
    def log(self) -> Path:
        return self.root / "postgres.log"

    @property
    def initialised(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def lent_to(self) -> int | None:
        """The id that the files were lent to, if they were."""
        return self.home.stat().st_gid if self.lent.is_symlink() else None

    def open(self) -> None:
        """Make the directory if it is missing; refuse one that is somebody else's."""
        try:
            self.root.parent.mkdir(parents=True, exist_ok=True)
            self.root.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise EmbeddedError(
                f"The data directory {self.root} cannot be made: {error.strerror}. Name another one by ONWARD_DATA_DIR."
            ) from error
        _must_be_ours(self.root)

    def take(self) -> bool:
        """Become the process that runs PostgreSQL here, unless another one is."""
        path = self.root / "owner.lock"
        try:
            lock = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise EmbeddedError(f"{path} cannot be opened: {error.strerror}.") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
        self._lock = lock
        return True

    def leave(self) -> None:
        """Let another process run PostgreSQL here."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def owner(self) -> str:
        """The process that holds the lock, for a message."""
        try:
            return (self.root / "owner.lock").read_text().strip() or "unknown"
        except OSError:
            return "unknown"

    def lend(self, account: Account) -> None:
        """Put data and run where the account's id reaches them, if its files are not ours."""
        if account.owner is None or self.lent.is_symlink():
            return
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        home = binaries.LENT / f"register-{digest}"
        if home.is_dir() and any(home.iterdir()):
            raise EmbeddedError(
                f"{home} holds a register that {self.root} once led to, but the link {self.lent} is gone. Restore "
                f"it (ln -s {home} {self.lent}), or move the old register away."
            )
        home.mkdir(mode=0o710, exist_ok=True)
        os.chown(home, 0, account.owner)
        self.lent.symlink_to(home)

    def open_socket_folder(self, account: Account) -> None:
        """Make the private folder of the socket, and sweep out one that no server holds any more."""
        folder = self.socket_folder
        try:
            folder.mkdir(mode=0o700)
            if account.owner is not None:
                os.chown(folder, account.owner, account.owner)
        except FileExistsError:
            found = folder.lstat()
            expected = os.geteuid() if account.owner is None else account.owner
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != expected or found.st_mode & 0o077:
                raise EmbeddedError(
                    f"{folder}, where the socket has to be, is not a private directory of ours. Remove it, or name "
                    f"a data directory with a shorter path without commas by ONWARD_DATA_DIR."
                ) from None
        for name in (SOCKET, f"{SOCKET}.lock"):
            (folder / name).unlink(missing_ok=True)

    def check_version(self) -> None:
        """Refuse a data directory that another major version of PostgreSQL made."""
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != binaries.MAJOR_VERSION:
            raise EmbeddedError(
                f"{self.data} was made by PostgreSQL {found}, and this is PostgreSQL {binaries.MAJOR_VERSION}. "
                f"Take its data over with pg_upgrade, or with the version of Onward that made it: pg_dump there, a "
                f"new data directory here, and psql to read the dump."
            )

    def open_log(self) -> BinaryIO:
        """Open the log for appending; one that has grown large is kept aside first."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        return open(self.log, "ab", opener=_open_privately)


def _open_privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _must_be_ours(root: Path) -> None:
    owner = root.stat().st_uid
    if owner != os.geteuid():
        raise EmbeddedError(
            f"The data directory {root} belongs to {_name(owner)}, not to {_name(os.geteuid())}. Run Onward as "
            f"{_name(owner)}, or name another data directory by ONWARD_DATA_DIR."
        )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
