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
from tests.bench.verdicts import GRANIAN, listening
from tests.serving import clean_environ, free_port

FEED = "/feeds/changes.rss"
ADDED = {"date", "server"}
"""Headers that the server writes itself."""

ROUNDS = 15
SECONDS = 0.4


def over_http(port: int) -> None:
    """The feed and its yardstick in short turns, so that whatever else the machine does meets both."""
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
            _beside("200", load.fetch(port, FEED), port, load.fetch(bare, "/"), bare)
            _beside("304", load.fetch(port, FEED, tag), port, load.fetch(bare, "/304", tag), bare)
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
            files = proxy.files_port
            _beside(
                "200 behind nginx",
                load.fetch(proxy.port, FEED),
                proxy.port,
                load.fetch(files, "/feed.rss"),
                files,
            )
            _beside(
                "304 behind nginx",
                load.fetch(proxy.port, FEED, same),
                proxy.port,
                load.fetch(files, "/feed.rss", same_file),
                files,
            )


def _beside(name: str, asked: bytes, port: int, yardstick: bytes, bare: int) -> None:
    status = int(name[:3])
    for each, request in ((port, asked), (bare, yardstick)):
        load.measure(each, request, 0.3, status)
    rounds = [
        (load.measure(port, asked, SECONDS, status), load.measure(bare, yardstick, SECONDS, status))
        for _ in range(ROUNDS)
    ]
    ours = statistics.median(rate.per_second for rate, _ in rounds)
    theirs = statistics.median(rate.per_second for _, rate in rounds)
    of = statistics.median(rate.per_second / yardstick.per_second for rate, yardstick in rounds)
    what = "a file of nginx" if "nginx" in name else "a bare handler"
    print(f"    {name:<22} {ours:>8,.0f} /s   {what} {theirs:>8,.0f} /s   {of:>5.0%}")


@contextmanager
def _bare(folder: Path) -> Iterator[int]:
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
        yield port
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait()
