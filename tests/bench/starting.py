"""From typing ``onward serve`` to the first answer, and the memory it takes."""

import socket
from pathlib import Path
from time import perf_counter, sleep

import httpx

from tests import serving


def first_answer(data_dir: Path, *arguments: str) -> float:
    """Seconds from the start of the process until a page is answered."""
    port = serving.free_port()
    started = perf_counter()
    process = serving.start(data_dir, *arguments, port=port)
    try:
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, "onward does not start"
            sleep(0.002)
        answer = httpx.get(f"http://127.0.0.1:{port}/")
        took = perf_counter() - started
        assert answer.status_code == 200, answer.text
    finally:
        serving.stop(process)
    return took


def memory(pid: int) -> list[tuple[str, float]]:
    """Megabytes of a process and its descendants; what they share is divided among them (PSS)."""
    children: dict[int, list[int]] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(process.name))
    measured, waiting = {"supervisor": 0.0, "server": 0.0, "PostgreSQL": 0.0}, [pid]
    while waiting:
        current = waiting.pop()
        waiting.extend(children.get(current, []))
        name = "supervisor" if current == pid else _kind(current)
        measured[name] += _pss(current)
    return list(measured.items())


def _kind(pid: int) -> str:
    command = Path(f"/proc/{pid}/comm").read_text()
    return "PostgreSQL" if command.startswith("postgres") else "server"


def _pss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
