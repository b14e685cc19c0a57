"""A live ``onward serve`` for tests: started as a person would, and stopped."""

import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import NamedTuple

ONWARD = Path(sys.executable).parent / "onward"
KEY = re.compile(r"(onw_[A-Za-z0-9_-]+)  \((\w+);")
PATIENCE = 60.0


class Server(NamedTuple):
    """A running server: where it is, the keys it printed by role, its process and all that it printed."""

    url: str
    keys: dict[str, str]
    process: "subprocess.Popen[str]"
    data_dir: Path
    printed: list[str]

    @property
    def key(self) -> str:
        """The admin's key."""
        return self.keys["admin"]

    @property
    def headers(self) -> dict[str, str]:
        """What a request of the admin sends."""
        return {"Authorization": f"Bearer {self.key}"}


@contextmanager
def serving(
    data_dir: Path,
    *arguments: str,
    environ: Mapping[str, str] | None = None,
    port: int | None = None,
) -> Iterator[Server]:
    """Run ``onward serve`` until it answers; afterwards stop it as SIGTERM does."""
    port = port or free_port()
    process = start(data_dir, *arguments, environ=environ, port=port)
    try:
        printed = until(process, "Press Ctrl-C")
        keys = {role: secret for secret, role in KEY.findall("\n".join(printed))}
        yield Server(f"http://127.0.0.1:{port}", keys, process, data_dir, printed)
    finally:
        stop(process)


def stop(process: "subprocess.Popen[str]", how: signal.Signals = signal.SIGTERM) -> int:
    """End it, if it has not ended yet, and return its exit code."""
    process.send_signal(how)
    code = process.wait(PATIENCE)
    assert process.stdout is not None
    process.stdout.close()
    return code


def start(
    data_dir: Path,
    *arguments: str,
    environ: Mapping[str, str] | None = None,
    port: int,
    before: Sequence[str] = (),
) -> "subprocess.Popen[str]":
    """Start ``onward serve`` with an environment of its own; its errors go where its lines go."""
    return subprocess.Popen(
        [*before, ONWARD, "serve", *arguments],
        env=clean_environ()
        | {"ONWARD_DATA_DIR": str(data_dir), "ONWARD_PORT": str(port)}
        | dict(environ or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # As in a terminal, where Ctrl-C reaches every process of the group.
        start_new_session=True,
    )


def refused(*arguments: str, data_dir: Path, port: int | None = None, **environ: str) -> str:
    """What a start says that cannot succeed; it ends with exit code 1 and shows no traceback."""
    process = start(data_dir, *arguments, port=port or free_port(), environ=environ)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "Traceback" not in said
    return said


def until(process: "subprocess.Popen[str]", text: str) -> list[str]:
    """The lines up to the one that holds ``text``; a process that ends or stays silent before fails the test."""
    lines: queue.Queue[str | None] = queue.Queue()
    assert process.stdout is not None
    stdout = process.stdout

    def read() -> None:
        for line in stdout:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    printed: list[str] = []
    deadline = monotonic() + PATIENCE
    while True:
        try:
            line = lines.get(timeout=max(deadline - monotonic(), 0.01))
        except queue.Empty:
            process.kill()
            raise AssertionError(f"onward said no {text!r} in {PATIENCE} s: {''.join(printed)}") from None
        if line is None:
            raise AssertionError(f"onward ended before it said {text!r}: {''.join(printed)}")
        printed.append(line.rstrip("\n"))
        if text in line:
            return printed


def clean_environ() -> dict[str, str]:
    """The environment without settings of Onward or PostgreSQL."""
    ours = ("ONWARD_", "DATABASE_URL", "TEST_DATABASE_URL", "PG")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
