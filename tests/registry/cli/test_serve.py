"""``onward serve``: started, used, stopped and killed as people and machines do it."""

import os
import signal
import socket
import sys
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from tests import databases, serving
from tests.serving import Server, free_port

OFFLINE = Path(__file__).with_name("offline.py")


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def port_of(server: Server) -> int:
    return int(server.url.rpartition(":")[2])


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def started_by(parent: int) -> list[int]:
    """The server processes that a serve has begun to start."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in found if b"spawn_main" in command(int(pid))]


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def eventually(url: str) -> httpx.Response:
    """The answer of a server that is coming back, or of its successor."""
    deadline = monotonic() + serving.PATIENCE
    while True:
        try:
            answer = httpx.get(url)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code == 200:
            return answer
        assert monotonic() < deadline, answer and answer.text
        sleep(0.05)


def test_it_says_where_everything_is_and_everything_is_there(server: Server) -> None:
    said = "\n".join(server.printed)

    for path in ("/", "/docs", "/feeds/changes.rss"):
        assert f"{server.url}{path}" in said
        assert httpx.get(server.url + path, follow_redirects=True).status_code == 200
    assert httpx.get(f"{server.url}/openapi.json").status_code == 200
    assert httpx.get(f"{server.url}/health").json()["status"] == "ok"


def test_the_first_key_is_an_admins_and_works(server: Server) -> None:
    assert list(server.keys) == ["admin"]
    assert httpx.get(f"{server.url}/v1/access-keys", headers=server.headers).status_code == 200


def test_a_second_start_makes_no_second_key_and_knows_the_first(tmp_path: Path) -> None:
    with serving.serving(tmp_path) as first:
        pass

    with serving.serving(tmp_path) as second:
        assert second.keys == {}
        assert any(
            "`onward keys create`, run on this machine, makes another" in line for line in second.printed
        )
        assert httpx.get(f"{second.url}/v1/access-keys", headers=first.headers).status_code == 200


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_cleanly_when_told_to(tmp_path: Path, how: signal.Signals) -> None:
    with serving.serving(tmp_path) as server:
        server.process.send_signal(how)

        assert server.process.wait(serving.PATIENCE) == 0
        assert not answers(port_of(server))
        assert not (tmp_path / "postgres" / "data" / "postmaster.pid").exists()


def test_ctrl_c_in_a_terminal_reaches_all_its_processes_and_is_no_error(tmp_path: Path) -> None:
    with serving.serving(tmp_path) as server:
        os.killpg(server.process.pid, signal.SIGINT)

        assert server.process.wait(serving.PATIENCE) == 0
        assert server.process.stdout is not None
    log = (tmp_path / "postgres" / "postgres.log").read_text()
    assert log.rstrip().endswith("database system is shut down")


def test_what_was_started_to_outlive_its_terminal_does(tmp_path: Path) -> None:
    process = serving.start(tmp_path, port=(port := free_port()), before=["nohup"])
    serving.until(process, "Press Ctrl-C")

    process.send_signal(signal.SIGHUP)

    assert httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200
    assert serving.stop(process) == 0


def test_who_is_killed_while_its_server_process_starts_leaves_none(tmp_path: Path) -> None:
    process = serving.start(tmp_path, port=(port := free_port()))
    deadline = monotonic() + serving.PATIENCE
    while not (workers := started_by(process.pid)):
        assert monotonic() < deadline
        sleep(0.001)

    process.kill()
    process.communicate()

    while any(alive(worker) for worker in workers):
        assert monotonic() < deadline
        sleep(0.01)
    assert not answers(port)


def test_it_stops_cleanly_while_it_is_still_starting(tmp_path: Path) -> None:
    process = serving.start(tmp_path, port=free_port())
    deadline = monotonic() + serving.PATIENCE
    while not list((tmp_path / "postgres").glob("data.init-*")):
        assert monotonic() < deadline
        sleep(0.001)

    assert serving.stop(process) == 0

    with serving.serving(tmp_path) as server:
        assert httpx.get(f"{server.url}/health").status_code == 200


def test_a_killed_server_leaves_its_port_free_and_its_register_whole(tmp_path: Path) -> None:
    with serving.serving(tmp_path) as first:
        first.process.kill()
        first.process.wait()

        with serving.serving(tmp_path, port=port_of(first)) as second:
            assert httpx.get(f"{second.url}/v1/access-keys", headers=first.headers).status_code == 200


def test_a_killed_database_comes_back_under_the_running_server(tmp_path: Path) -> None:
    with serving.serving(tmp_path) as server:
        os.kill(postmaster(tmp_path), signal.SIGKILL)

        assert eventually(f"{server.url}/health").json()["status"] == "ok"


def test_a_second_server_on_the_same_directory_serves_on_when_the_first_stops(tmp_path: Path) -> None:
    with serving.serving(tmp_path) as first, serving.serving(tmp_path) as second:
        assert "which another process of Onward runs" in "\n".join(second.printed)

        serving.stop(first.process)

        assert eventually(f"{second.url}/health").json()["status"] == "ok"


def test_of_two_that_start_at_once_on_one_port_one_serves_and_the_other_says_why_not(tmp_path: Path) -> None:
    port = free_port()
    one, other = (serving.start(tmp_path / name, port=port) for name in ("one", "other"))
    deadline = monotonic() + serving.PATIENCE
    while one.poll() is None and other.poll() is None:
        assert monotonic() < deadline
        sleep(0.01)
    loser, winner = (one, other) if one.poll() is not None else (other, one)

    assert serving.until(loser, "in use")[-1].startswith(
        f"onward: Port {port} on 127.0.0.1 is in use by another"
    )
    assert serving.stop(loser) == 1
    serving.until(winner, "Press Ctrl-C")
    assert serving.stop(winner) == 0


def test_a_port_that_another_program_uses_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = serving.refused(data_dir=tmp_path, port=port)

    assert f"Port {port} on 127.0.0.1 is in use by another program" in said
    assert "name another port by ONWARD_PORT or --port" in said
    assert not (tmp_path / "postgres").exists()


def test_a_host_that_is_not_here_is_named(tmp_path: Path) -> None:
    assert "192.0.2.1 is no address of this machine" in serving.refused(
        "--host", "192.0.2.1", data_dir=tmp_path
    )


def test_an_unknown_variable_stops_the_start_and_names_the_one_that_was_meant(tmp_path: Path) -> None:
    said = serving.refused(data_dir=tmp_path, ONWARD_PUBLIC_ULR="https://list.example.com")

    assert "ONWARD_PUBLIC_ULR is set, but Onward knows no such variable" in said
    assert "Did you mean ONWARD_PUBLIC_URL?" in said


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("postgresql://onward@127.0.0.1:1/onward", "Connect call failed"),
        ("postgresql://onward@no-such-host.invalid/onward", "Name or service not known"),
        ("postgresql://onward@127.0.0.1:port/onward", "port"),
    ],
)
def test_a_database_that_cannot_be_reached_is_said_to_be(tmp_path: Path, address: str, reason: str) -> None:
    said = serving.refused(data_dir=tmp_path, DATABASE_URL=address)

    assert "onward: The database cannot be used: " in said
    assert reason in said
    assert "Look at DATABASE_URL" in said


def test_a_database_that_is_not_there_is_named(tmp_path: Path, empty_database_url: str) -> None:
    said = serving.refused(
        data_dir=tmp_path, DATABASE_URL=databases.named(empty_database_url, "no_such_database")
    )

    assert 'database "no_such_database" does not exist' in said


def test_a_set_clock_is_announced_loudly_and_believed(tmp_path: Path) -> None:
    environ = {"ONWARD_NOW": "2031-02-03T04:05:06+00:00"}
    with serving.serving(tmp_path, environ=environ) as server:
        assert any("THE CLOCK IS SET" in line and "2031-02-03" in line for line in server.printed)

        keys = httpx.get(f"{server.url}/v1/access-keys", headers=server.headers).json()["data"]
        assert keys[0]["created_at"].startswith("2031-02-03T04:05")


def test_with_a_database_address_it_starts_no_database(tmp_path: Path, empty_database_url: str) -> None:
    with serving.serving(tmp_path / "data", environ={"DATABASE_URL": empty_database_url}) as server:
        assert any("the one of DATABASE_URL" in line for line in server.printed)
        assert httpx.get(f"{server.url}/health").json()["status"] == "ok"

    assert not (tmp_path / "data").exists()


def test_where_no_admins_key_is_good_any_more_the_way_in_is_said(
    tmp_path: Path, empty_database_url: str
) -> None:
    environ = {"DATABASE_URL": empty_database_url}
    with serving.serving(tmp_path, environ=environ):
        pass
    databases.run(empty_database_url, "UPDATE access_key SET revoked_at = created_at, revoked_by = 'test'")

    with serving.serving(tmp_path, environ=environ) as server:
        assert any("`onward keys create --role admin --holder NAME`" in line for line in server.printed)


@pytest.mark.needs("root")
def test_a_start_needs_no_network(tmp_path: Path) -> None:
    process = serving.start(tmp_path, port=free_port(), before=[sys.executable, str(OFFLINE)])

    serving.until(process, "Press Ctrl-C")
    assert serving.stop(process) == 0
