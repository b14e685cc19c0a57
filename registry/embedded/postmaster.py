"""A PostgreSQL server that runs without being our child: found, checked, and asked to stop.

``postmaster.pid`` outlives a server that was killed, and its number may by now belong to a stranger. So
nothing is ever signalled that is not, at that moment, a postgres with our data directory.
"""

import os
import select
import signal
from pathlib import Path

from registry.embedded.directory import Directory
from registry.embedded.errors import EmbeddedError

# How long a server that lost its supervisor may take to write everything down.
PATIENCE = 60.0

# The kernel's own limit (proc(5), pid_max).
HIGHEST_PID = 1 << 22

# Where postmaster.pid keeps what we read; pg_ctl reads the same lines.
PID_LINE, STATUS_LINE = 0, 7


def is_ready(directory: Directory, pid: int | None = None) -> bool:
    """Whether the server of this directory says that it answers, and is alive; ``pid`` if it is a child."""
    lines = _read(directory)
    found = _number(lines)
    if found is None or len(lines) <= STATUS_LINE or lines[STATUS_LINE].strip() != "ready":
        return False
    return found == pid if pid is not None else _is_ours(found, directory.data)


def clear(directory: Directory) -> None:
    """Leave no server and no pid file that would keep a new one from starting. Needs the owner's lock."""
    pid_file = directory.data / "postmaster.pid"
    if not pid_file.exists():
        return
    pid = _number(_read(directory))
    if pid is None:  # Cut off by a crash; PostgreSQL would wait for a person to look.
        pid_file.unlink(missing_ok=True)
        return
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return  # PostgreSQL itself clears what a dead process left, and looks at shared memory, too.
    except OSError as error:
        raise EmbeddedError(
            f"Whether process {pid} is still the PostgreSQL of {directory.data} cannot be found out: "
            f"{error.strerror}. If it is none, remove {pid_file}."
        ) from error
    try:
        # Checked while the handle is held: it never comes to mean another process.
        if _is_ours(pid, directory.data):
            _stop(process, pid, directory)
        else:
            pid_file.unlink(missing_ok=True)
    finally:
        os.close(process)


def _stop(process: int, pid: int, directory: Directory) -> None:
    signal.pidfd_send_signal(process, signal.SIGINT)
    finished, _, _ = select.select([process], [], [], PATIENCE)
    if not finished:
        raise EmbeddedError(
            f"The PostgreSQL of {directory.data} (process {pid}) lost its supervisor and has been shutting down "
            f"for {PATIENCE:.0f} seconds. Wait for it, then start again."
        )


def _read(directory: Directory) -> list[str]:
    try:
        return (directory.data / "postmaster.pid").read_text(errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def _number(lines: list[str]) -> int | None:
    """The process number in a pid file; a single-user server writes its own with a minus before it."""
    written = lines[PID_LINE].strip().removeprefix("-") if lines else ""
    return int(written) if written.isdecimal() and 0 < int(written) <= HIGHEST_PID else None


def _is_ours(pid: int, data: Path) -> bool:
    """Whether a live process is the postmaster of this data directory, by its name, owner and folder."""
    process = Path(f"/proc/{pid}")
    try:
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        program, *arguments = (process / "cmdline").read_bytes().split(b"\0")
        owner = process.stat().st_uid
        # A server's other processes rename themselves ("postgres: checkpointer").
        if state in "ZX" or owner != data.stat().st_uid or Path(os.fsdecode(program)).name != "postgres":
            return False
        return (process / "cwd").readlink() == data.resolve()
    except PermissionError:  # Root in a container may not look at the folder of another id's process.
        return os.fsencode(data) in arguments
    except (FileNotFoundError, ProcessLookupError):
        return False
