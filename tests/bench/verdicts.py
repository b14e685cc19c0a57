"""Verdicts per second over HTTP, beside a bare route."""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any

import httpx

from tests.bench import load
from tests.bench.cases import CASES
from tests.bench.targets import at_least
from tests.serving import clean_environ, free_port

GRANIAN = Path(sys.executable).parent / "granian"
ROUNDS = 5
SECONDS = 1.0


def over_http(server: load.Server) -> None:
    """The served route and the bare one in turns, so that whatever else the machine does meets both."""
    for name, case in CASES.items():
        body = json.dumps(case).encode()
        length = len(httpx.post(f"http://127.0.0.1:{server.port}/v1/assessments", json=case).content)
        with _bare(length) as bare:
            asked = load.request(server.port, "/v1/assessments", body)
            yardstick = load.request(bare.port, "/bare", body)
            load.measure(server, asked, 0.5)
            load.measure(bare, yardstick, 0.5)
            rounds = [
                (load.measure(server, asked, SECONDS), load.measure(bare, yardstick, SECONDS))
                for _ in range(ROUNDS)
            ]
        _print(name, length, rounds)


def _print(name: str, length: int, rounds: list[tuple[load.Rate, load.Rate]]) -> None:
    print(f"  {name}, {length:,} bytes")
    for label, rates in zip(("verdict", "bare route"), zip(*rounds, strict=True), strict=True):
        rate, median, slow, cpu = (statistics.median(column) for column in zip(*rates, strict=True))
        print(
            f"    {label:<22} {rate:>8,.0f} /s   p50 {median:5.1f} ms   p99 {slow:5.1f} ms   {cpu:5.1f} µs of CPU"
        )
    of = statistics.median(ours.per_second / bare.per_second for ours, bare in rounds)
    light = statistics.median(bare.cpu / ours.cpu for ours, bare in rounds)
    print(
        f"    {'of the bare route':<22} {of:>8.0%}, by CPU time {light:.0%}   {at_least(light, 0.8)} (CPU time)"
    )


@contextmanager
def _bare(length: int) -> Iterator[load.Server]:
    """The bare app under the same server with the same settings."""
    port = free_port()
    command: list[Any] = [GRANIAN, "--interface", "asgi", "--factory", "--no-ws", "--log-level", "warning"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "tests.bench.bare:application"],
        env=clean_environ() | {"BENCH_ANSWER_BYTES": str(length)},
        cwd=Path(__file__).parents[2],
    )
    try:
        listening(process, port)
        yield load.Server(port, process.pid)
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait()


def listening(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Wait until the bare route can be asked."""
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "the bare route does not start"
        sleep(0.02)
