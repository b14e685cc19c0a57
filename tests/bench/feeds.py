"""Feeds answered over HTTP, beside a bare handler with the same bytes, and behind nginx beside nginx and a file."""

import json
import os
import shutil
import signal
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests import nginx as proxies
from tests.bench import load
from tests.bench.targets import at_least
from tests.bench.verdicts import GRANIAN, listening
from tests.serving import clean_environ, free_port

FEED = "/feeds/changes.rss"
ADDED = {"date", "server"}
"""Headers that the server writes itself."""

ROUNDS = 15
SECONDS = 0.4


def over_http(server: load.Server) -> None:
    """The feed and its yardstick in short turns, so that whatever else the machine does meets both."""
    port = server.port
    whole = httpx.get(f"http://127.0.0.1:{port}{FEED}")
    tag = {"If-None-Match": whole.headers["etag"]}
    with tempfile.TemporaryDirectory(prefix="onward-bench-feeds-") as name:
        folder = Path(name)
        (folder / "feed.rss").write_bytes(whole.content)
        for answer in (whole, httpx.get(whole.url, headers=tag)):
            headers = [pair for pair in answer.headers.items() if pair[0] not in ADDED]
            (folder / f"{answer.status_code}.json").write_text(json.dumps(headers))
        print(f"  RSS with {whole.text.count('<item>')} changes, {len(whole.content):,} bytes")
        with _bare(folder) as bare:
            _beside("200", load.fetch(port, FEED), server, load.fetch(bare.port, "/"), bare)
            _beside("304", load.fetch(port, FEED, tag), server, load.fetch(bare.port, "/304", tag), bare)
        if shutil.which("nginx") is None or os.geteuid() != 0:
            print("  behind nginx: not measured without nginx and root")
            return
        (folder / "nginx").mkdir()
        with proxies.running(folder / "nginx", port) as proxy:
            shutil.copy(folder / "feed.rss", proxy.files / "feed.rss")
            kept = httpx.get(proxy.url + FEED, headers={"Accept-Encoding": "identity"})
            same = {"If-None-Match": kept.headers["etag"]}
            file = httpx.get(
                f"http://127.0.0.1:{proxy.files_port}/feed.rss", headers={"Accept-Encoding": "identity"}
            )
            same_file = {"If-None-Match": file.headers["etag"]}
            pid = int((folder / "nginx" / "nginx.pid").read_text())
            front, files = (load.Server(one, pid) for one in (proxy.port, proxy.files_port))
            _beside(
                "200 behind nginx",
                load.fetch(front.port, FEED),
                front,
                load.fetch(files.port, "/feed.rss"),
                files,
            )
            _beside(
                "304 behind nginx",
                load.fetch(front.port, FEED, same),
                front,
                load.fetch(files.port, "/feed.rss", same_file),
                files,
            )


def _beside(name: str, asked: bytes, server: load.Server, yardstick: bytes, bare: load.Server) -> None:
    status = int(name[:3])
    for each, request in ((server, asked), (bare, yardstick)):
        load.measure(each, request, 0.3, status)
    rounds = [
        (load.measure(server, asked, SECONDS, status), load.measure(bare, yardstick, SECONDS, status))
        for _ in range(ROUNDS)
    ]
    ours = statistics.median(rate.per_second for rate, _ in rounds)
    theirs = statistics.median(rate.per_second for _, rate in rounds)
    of = statistics.median(rate.per_second / yardstick.per_second for rate, yardstick in rounds)
    light = statistics.median(yardstick.cpu / rate.cpu for rate, yardstick in rounds)
    what, share = ("a file of nginx", 0.9) if "nginx" in name else ("a bare handler", 0.8)
    print(
        f"    {name:<22} {ours:>8,.0f} /s   {what} {theirs:>8,.0f} /s   {of:>5.0%}, by CPU time {light:.0%}"
        f"   {at_least(light, share)} (CPU time)"
    )


@contextmanager
def _bare(folder: Path) -> Iterator[load.Server]:
    """The bare handler under the same server with the same settings."""
    port = free_port()
    command: list[Any] = [GRANIAN, "--interface", "asginl", "--no-ws", "--log-level", "warning"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "tests.bench.bare_feed:application"],
        env=clean_environ() | {"BENCH_FEED": str(folder)},
        cwd=Path(__file__).parents[2],
    )
    try:
        listening(process, port)
        yield load.Server(port, process.pid)
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait()
