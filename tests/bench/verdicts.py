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
from tests.serving import clean_environ, free_port

GRANIAN = Path(sys.executable).parent / "granian"
ROUNDS = 3
SECONDS = 2.0


def over_http(port: int) -> None:
    """The served route and the bare one in turns, so that whatever else the machine does meets both."""
    for name, case in CASES.items():
        body = json.dumps(case).encode()
        length = len(httpx.post(f"http://127.0.0.1:{port}/v1/assessments", json=case).content)
        with _bare(length) as bare_port:
            asked = load.request(port, "/v1/assessments", body)
            yardstick = load.request(bare_port, "/bare", body)
            load.measure(port, asked, 0.5)
            load.measure(bare_port, yardstick, 0.5)
            rounds = [
                (load.measure(port, asked, SECONDS), load.measure(bare_port, yardstick, SECONDS))
                for _ in range(ROUNDS)
            ]
        _print(name, length, [ours for ours, _ in rounds], [bare for _, bare in rounds])


def _print(name: str, length: int, ours: list[load.Rate], bare: list[load.Rate]) -> None:
    middle = statistics.median(rate.per_second for rate in ours)
    yardstick = statistics.median(rate.per_second for rate in bare)
    print(f"  {name}, {length:,} bytes")
    for label, rates, rate in (("verdict", ours, middle), ("bare route", bare, yardstick)):
        median = statistics.median(each.median for each in rates)
        slow = statistics.median(each.slow for each in rates)
        print(f"    {label:<30} {rate:>10,.0f} /s   p50 {median:5.1f} ms   p99 {slow:5.1f} ms")
    print(f"    {'of the bare route':<30} {middle / yardstick:>10.0%}")


@contextmanager
def _bare(length: int) -> Iterator[int]:
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
        yield port
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
