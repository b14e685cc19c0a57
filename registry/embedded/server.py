"""The supervisor: one process runs PostgreSQL in a directory; others use it, and take over when it leaves."""

import logging
import signal
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from registry.embedded import account as accounts
from registry.embedded import cluster, postmaster
from registry.embedded.directory import Directory
from registry.embedded.errors import EmbeddedError

# Seconds. Recovery after a crash takes as long as it takes; cut short, it would begin anew.
REPORT_EVERY = 30.0
FAST_SHUTDOWN_PATIENCE = 60.0
IMMEDIATE_SHUTDOWN_PATIENCE = 10.0
GLANCE = 0.02
LOOK = 0.2
PAUSE_AFTER_FAILURE = 2.0

# What PostgreSQL says while processes of a killed server are still ending.
STILL_ENDING = ("pre-existing shared memory block", "is still in use")

LOG = logging.getLogger(__name__)


class Postgres:
    """The embedded PostgreSQL of one directory, run by whoever holds its lock.

    A thread keeps it running: it starts the server and starts it again if it is killed, or, where another
    process runs it, waits to take over. The server ends with this process, however this process ends.
    """

    def __init__(self, root: Path) -> None:
        self._directory = Directory(root)
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._error: Exception | None = None
        self._keeper: threading.Thread | None = None
        self.owned = False

    @property
    def dsn(self) -> str:
        folder = quote(str(self._directory.socket_folder), safe="")
        return f"postgresql://postgres@/postgres?host={folder}&port=5432"

    def start(self) -> str:
        """Start or attach, wait until the server answers, and return where it does."""
        self._directory.open()
        self._ready.clear()
        self._stopping.clear()
        self._error = None
        # A thread of its own: for the kernel, a child's parent has ended when the thread that forked it has.
        self._keeper = threading.Thread(target=self._keep, name="embedded-postgresql", daemon=True)
        self._keeper.start()
        try:
            while not self._ready.wait(REPORT_EVERY):
                LOG.warning("%s", self._still_waiting())
        except BaseException:
            self.stop()
            raise
        error = self._failure()
        if error is not None:
            self.stop()
            raise error
        return self.dsn

    def stop(self) -> None:
        """Stop the server if it is ours to stop; others that use it take it over."""
        self._stopping.set()
        if self._keeper is not None:
            self._keeper.join()
            self._keeper = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _keep(self) -> None:
        try:
            while not self._stopping.is_set():
                if self._directory.take():
                    self._own()
                    return
                if postmaster.is_ready(self._directory):
                    self._ready.set()
                self._stopping.wait(LOOK if self._ready.is_set() else GLANCE)
        except EmbeddedError as error:
            self._fail(error)
        except OSError as error:
            self._fail(
                EmbeddedError(f"The embedded PostgreSQL of {self._directory.root} cannot run: {error}.")
            )
        finally:
            self.owned = False
            self._directory.leave()

    def _failure(self) -> Exception | None:
        return self._error

    def _fail(self, error: Exception) -> None:
        if self._ready.is_set():
            LOG.error("%s", error)
        self._error = error
        self._ready.set()

    def _own(self) -> None:
        """Run the server until told to stop, however often it is killed."""
        directory = self._directory
        account = accounts.choose(lent_to=directory.lent_to, initialised=directory.initialised)
        directory.lend(account)
        cluster.make(directory, account)
        directory.check_version()
        self.owned = True
        while not self._stopping.is_set():
            failure = self._run(account)
            if failure is None:
                continue
            if not self._ready.is_set() and not all(sign in failure for sign in STILL_ENDING):
                raise EmbeddedError(failure)
            LOG.warning("%s", failure)
            self._stopping.wait(PAUSE_AFTER_FAILURE)

    def _run(self, account: accounts.Account) -> str | None:
        """Run one server to its end; say why if it never answered."""
        directory = self._directory
        postmaster.clear(directory)
        directory.open_socket_folder(account)
        with directory.open_log() as log:
            start = log.tell()
            server = subprocess.Popen(
                account.postgres(*self._arguments()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=accounts.ENVIRONMENT,
                # Ctrl-C reaches every process of the terminal's group; PostgreSQL is stopped last, by us.
                start_new_session=True,
            )
        answered = False
        while server.poll() is None and not self._stopping.wait(LOOK if answered else GLANCE):
            if not answered and postmaster.is_ready(directory, server.pid):
                answered = True
                self._ready.set()
        if server.poll() is None:
            _shut_down(server)
            return None
        if answered:
            LOG.warning("PostgreSQL ended by itself (%s); it is started again.", _ending(server.returncode))
            return None
        return f"PostgreSQL did not start ({_ending(server.returncode)}). {directory.log} says:\n{self._tail(start)}"

    def _arguments(self) -> list[str]:
        folder = str(self._directory.socket_folder).replace('"', '""')
        settings = {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": f'"{folder}"',
            "unix_socket_permissions": "0700",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return ["-D", str(self._directory.data), *options]

    def _tail(self, start: int) -> str:
        with self._directory.log.open("rb") as log:
            log.seek(start)
            return log.read(4_000).decode(errors="replace").strip()

    def _still_waiting(self) -> str:
        whose = "ours" if self.owned else f"run by process {self._directory.owner()}"
        return f"PostgreSQL ({whose}) does not answer yet. {self._directory.log} says what it does."


def _shut_down(server: "subprocess.Popen[bytes]") -> None:
    """Fast first; if that takes too long, at once, and the next start recovers from the log."""
    for how, patience in (
        (signal.SIGINT, FAST_SHUTDOWN_PATIENCE),
        (signal.SIGQUIT, IMMEDIATE_SHUTDOWN_PATIENCE),
    ):
        server.send_signal(how)
        try:
            server.wait(patience)
        except subprocess.TimeoutExpired:
            LOG.warning("PostgreSQL takes long to stop.")
        else:
            return
    server.kill()
    server.wait()


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
