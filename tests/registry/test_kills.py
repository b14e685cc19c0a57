"""Publishing while the server or PostgreSQL is killed: what was acknowledged is there, whole, once."""

import os
import random
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import Any

import httpx
import pytest

from tests import serving
from tests.registry.office import organisation, part, terms

ROUNDS = int(os.environ.get("ONWARD_TEST_KILLS", "20"))


def children(pid: int) -> Iterator[int]:
    """The descendants of a process that are alive now."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield int(child)
            with suppress(OSError):
                yield from children(int(child))


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


class Attempt(threading.Thread):
    """A publication that is under way while something is killed."""

    def __init__(self, url: str, headers: dict[str, str], change_id: str) -> None:
        super().__init__()
        self.url, self.headers, self.change_id = url, headers, change_id
        self.answer: httpx.Response | None = None

    def run(self) -> None:
        with suppress(httpx.TransportError):
            self.answer = httpx.post(
                f"{self.url}/v1/changes/{self.change_id}/publication",
                json={},
                headers=self.headers,
                timeout=20,
            )


def call(url: str, method: str, path: str, **arguments: Any) -> httpx.Response:
    """A request that is patient while the database comes back."""
    for _ in range(200):
        answer = httpx.request(method, f"{url}{path}", timeout=20, **arguments)
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            return answer
        sleep(0.1)
    raise AssertionError(f"{method} {path} stayed unavailable: {answer.text}")


class Site:
    """A server on one data directory and port, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.port = serving.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data_dir, self.log = folder / "data", folder / "serve.log"
        self.process = self.start()
        [(secret, _)] = serving.KEY.findall(self.log.read_text())
        self.admin = {"Authorization": f"Bearer {secret}"}

    def start(self) -> "subprocess.Popen[bytes]":
        """Start and wait until it answers; what it prints goes to a file, which outlives it."""
        environ = serving.clean_environ() | {
            "ONWARD_DATA_DIR": str(self.data_dir),
            "ONWARD_PORT": str(self.port),
        }
        with self.log.open("ab") as log:
            begun = log.tell()
            process = subprocess.Popen([serving.ONWARD, "serve"], env=environ, stdout=log, stderr=log)
        for _ in range(300):
            assert process.poll() is None, self.log.read_text()
            if b"Press Ctrl-C to stop." in self.log.read_bytes()[begun:]:
                return process
            sleep(0.1)
        raise AssertionError(self.log.read_text())

    def killed(self, what: str) -> None:
        """Kill the server with its workers, or PostgreSQL's postmaster, as nobody can prepare for."""
        below = list(children(self.process.pid))
        if what == "server":
            victims = [pid for pid in below if "postgres" not in command(pid)] + [self.process.pid]
        else:
            victims = [pid for pid in below if "/postgres -D" in command(pid)][:1]
            assert victims, "there is no postmaster to kill"
        for pid in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    started = Site(tmp_path)
    yield started
    started.stop()


@pytest.mark.parametrize("what", ["server", "postgres"])
def test_every_acknowledged_publication_survives_and_a_repeat_finds_out(site: Site, what: str) -> None:
    chance = random.Random(what)
    made = call(
        site.url, "POST", "/v1/access-keys", json={"role": "privacy", "holder": "Bram"}, headers=site.admin
    )
    assert made.status_code == httpx.codes.CREATED, made.text
    privacy = {"Authorization": f"Bearer {made.json()['secret']}"}
    start = {
        "sub_processor": {"organisation": organisation()},
        "operation": "start",
        "effective_on": "2026-01-01",
        "patch": terms(),
    }
    added = draft(site, kind="added", reason="Start", parts=[start])
    headers = {**privacy, **reviewed(site, privacy, added)}
    done = call(site.url, "POST", f"/v1/changes/{added['id']}/publication", json={}, headers=headers)
    assert done.status_code == httpx.codes.CREATED, done.text
    key = added["parts"][0]["sub_processor_id"]

    for turn in range(ROUNDS // 2):
        patch = {"links": {f"turn-{turn}": "https://vendor.example"}}
        parts = [part(key, "set", f"2027-{turn + 1:02}-01", patch)]
        change = draft(site, kind="material_change", reason=f"Turn {turn}", parts=parts)
        headers = {**privacy, **reviewed(site, privacy, change), "Idempotency-Key": f"turn-{turn}"}
        attempt = Attempt(site.url, headers, change["id"])
        attempt.start()
        sleep(chance.random() * 0.03)
        site.killed(what)
        attempt.join(60)
        if what == "server":
            site.process.wait(30)
            site.process = site.start()
        settle(site, privacy, attempt, key, turn)


def draft(site: Site, **change: Any) -> dict[str, Any]:
    answer = call(site.url, "POST", "/v1/changes", json=change, headers=site.admin)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    drafted: dict[str, Any] = answer.json()
    return drafted


def reviewed(site: Site, privacy: dict[str, str], change: dict[str, Any]) -> dict[str, str]:
    review = call(site.url, "GET", f"/v1/changes/{change['id']}/review", headers=privacy)
    return {"If-Match": review.headers["etag"]}


def settle(site: Site, privacy: dict[str, str], attempt: Attempt, key: str, turn: int) -> None:
    """Repeat with the same Idempotency-Key, then look: there once and whole, with feed and journal."""
    url, answer = site.url, attempt.answer
    repeat = call(
        url, "POST", f"/v1/changes/{attempt.change_id}/publication", json={}, headers=attempt.headers
    )
    assert repeat.status_code == httpx.codes.CREATED, repeat.text
    if answer is not None and answer.status_code == httpx.codes.CREATED:
        assert repeat.json() == answer.json()
        assert repeat.headers["idempotency-replayed"] == "true"
    stream = call(url, "GET", "/v1/changes?limit=200").json()["data"]
    assert [change["number"] for change in stream] == list(range(1, turn + 3))
    assert stream[-1]["id"] == attempt.change_id
    periods = call(url, "GET", f"/v1/sub-processors/{key}/terms", headers=site.admin).json()["periods"]
    assert f"turn-{turn}" in periods[-1]["terms"]["links"]
    assert len(periods) == turn + 2
    assert attempt.change_id in call(url, "GET", "/feeds/changes.rss").text
    assert call(url, "GET", "/v1/journal?limit=200", headers=privacy).json()["verified"]
