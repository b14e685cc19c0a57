"""What a server process runs: the app, from the environment that ``onward serve`` gave it."""

import atexit
import ctypes
import gc
import multiprocessing
import os
import signal
import sys

from litestar import Litestar

from registry.app import create_app
from registry.cli import daily, logs
from registry.settings import Settings

PR_SET_PDEATHSIG = 1


def application() -> Litestar:
    """Build the app, in a process that ends with its parent and that Ctrl-C does not reach."""
    logs.begin()
    # In a group of its own: the parent gets the terminal's Ctrl-C, and stops us when it is time.
    os.setpgid(0, 0)
    # If the parent is killed, nothing would stop us; the port would stay taken.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    parent = multiprocessing.parent_process()
    # It may have been killed before we asked to be told: whom we have now for a parent is then another.
    if parent is not None and os.getppid() != parent.pid:
        _end()
    # The server's own threads may ask for the interpreter while it is being taken down, and abort the process.
    # By then the app has shut down in order, so there is nothing left to take down.
    atexit.register(_end)
    app = create_app(Settings.load(os.environ), beside=(daily.reassessing, daily.watching))
    # What is made at start stays until the end: the collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    return app


def _end() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
