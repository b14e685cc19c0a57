"""What a server process runs: the app, from the environment that ``onward serve`` gave it."""

import ctypes
import os
import signal

from litestar import Litestar

from registry.app import create_app
from registry.settings import Settings

PR_SET_PDEATHSIG = 1


def application() -> Litestar:
    """Build the app, in a process that ends with its parent and that Ctrl-C does not reach."""
    # In a group of its own: the parent gets the terminal's Ctrl-C, and stops us when it is time.
    os.setpgid(0, 0)
    # If the parent is killed, nothing would stop us; the port would stay taken.
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)
    return create_app(Settings.load(os.environ))
