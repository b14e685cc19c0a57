"""Run a program on a machine with no network but loopback. Run as a script.

Usage: offline.py COMMAND…
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys

CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1


def main(*command: str) -> None:
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    os.execv(command[0], command)  # noqa: S606 - there is no shell.


if __name__ == "__main__":
    main(*sys.argv[1:])
