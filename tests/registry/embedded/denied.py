"""Run a program as root on a machine that allows no further user namespaces. Run as a script.

Usage: denied.py writable|read-only COMMAND…

The kernel denies them for real: a namespace with all ids in which ``user.max_user_namespaces`` is 0, as an
administrator would set it. ``/var/lib`` is a file system of its own in there, so the machine's stays as it is.
"""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_RDONLY, MS_REC, MS_PRIVATE = 1, 0x4000, 0x40000
ALL_IDS = "0 0 65536"


def call(function: str, *arguments: object) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, function)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{function}: {os.strerror(code)}")


def enter() -> None:
    """Go into a user namespace whose ids are those outside, which only root outside may lay down."""
    inside, outside = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        os.read(inside[0], 1)
        for name in ("uid_map", "gid_map"):
            Path(f"/proc/{os.getppid()}/{name}").write_text(ALL_IDS)
        os.write(outside[1], b"!")
        os._exit(0)
    call("unshare", CLONE_NEWUSER | CLONE_NEWNS)
    os.write(inside[1], b"!")
    os.read(outside[0], 1)
    os.waitpid(child, 0)


def main(var_lib: str, *command: str) -> None:
    enter()
    call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)
    flags = MS_RDONLY if var_lib == "read-only" else 0
    call("mount", b"tmpfs", b"/var/lib", b"tmpfs", flags, b"mode=0755")
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    sys.exit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    main(*sys.argv[1:])
