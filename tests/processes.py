"""What a test run leaves behind: nothing, or it fails."""

import ctypes
import os
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Let processes that lose their parent become children of this one, so that none is out of sight."""
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError("This system cannot keep track of orphaned processes (prctl PR_SET_CHILD_SUBREAPER).")


def left_behind() -> list[str]:
    """Descendants that are still alive, with their command lines."""
    parents: dict[int, int] = {}
    alive: dict[int, str] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (process / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:  # It ended while we looked.
            continue
        parents[int(process.name)] = int(parent)
        if state not in "ZX":
            alive[int(process.name)] = command
    return [f"{pid} {command}" for pid, command in alive.items() if _descends(pid, parents)]


def _descends(pid: int, parents: dict[int, int]) -> bool:
    while pid in parents:
        pid = parents[pid]
        if pid == os.getpid():
            return True
    return False
