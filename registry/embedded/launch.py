"""Become a program that ends with its parent, under another id where asked. Run as a script.

It stands between the supervisor and PostgreSQL because what it does must happen in the child, and code
between fork and exec is not safe in a process that has threads. Standard library only: it runs isolated.

Usage: launch.py PARENT own|map|lend UID GID PROGRAM ARGUMENT…
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000

# Exit codes, as `env` and shells have them: what kept the program from starting.
DENIED = 125
NOT_FOUND = 127


def main(arguments: list[str]) -> None:
    parent, mode, uid, gid, program, *rest = arguments
    try:
        if mode == "map":
            _map(int(uid), int(gid))
        if mode == "lend":
            _lend(int(uid), int(gid))
    except OSError as error:
        _refuse(DENIED, f"{mode}: {error}")
    _end_with(int(parent))
    try:
        os.execv(program, [program, *rest])  # noqa: S606 - there is no shell, and the program is ours.
    except OSError as error:
        _refuse(NOT_FOUND, f"{program}: {error}")


def _map(uid: int, gid: int) -> None:
    """In a user namespace of its own, be ``uid`` inside while files stay those of the id outside."""
    outside_uid, outside_gid = os.geteuid(), os.getegid()
    _call("unshare", CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {outside_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {outside_gid} 1")


def _lend(uid: int, gid: int) -> None:
    """Give up root for good."""
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)


def _end_with(parent: int) -> None:
    """Have the kernel send SIGINT, PostgreSQL's fast shutdown, when the parent dies.

    After the ids are settled, since changing them clears it; and checked, since the parent may be dead by now.
    """
    _call("prctl", PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != parent:
        _refuse(DENIED, "the parent is gone")


def _call(function: str, *arguments: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, function)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _refuse(code: int, reason: str) -> None:
    sys.stderr.write(f"onward: {reason}\n")
    sys.exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
