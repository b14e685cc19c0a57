"""What the server prints has no address in it that is a key."""

import asyncio
import signal
import subprocess
from pathlib import Path
from time import sleep
from uuid import UUID

import asyncpg
import httpx

from registry.actions.links import Issuing
from registry.clock import Clock
from registry.resources.links import LinkPurpose
from registry.settings import Settings
from tests import serving
from tests.conftest import NOW

SUBSCRIPTION = """
    INSERT INTO subscription (channel, purpose, address, state, created_at, created_by)
    VALUES ('email', 'news', 'reader@example.com', 'pending', $1, 'tester') RETURNING id
"""


async def a_link(dsn: str) -> str:
    """The path of a link to confirm an address."""
    settings = Settings(data_dir=Path("/nowhere"), database_url=dsn, now=NOW)
    connection = await asyncpg.connect(dsn)
    issuing = Issuing("", Clock(settings).now())
    subscription: UUID = await connection.fetchval(SUBSCRIPTION, NOW)
    path = issuing.issue(LinkPurpose.CONFIRM, subscription, None)
    await issuing.store(connection)
    await connection.close()
    return path


async def break_it(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("ALTER TABLE link_token RENAME TO gone")
    await connection.close()


def test_no_link_of_a_mail_is_ever_in_what_the_server_prints(tmp_path: Path, database_url: str) -> None:
    path = asyncio.run(a_link(database_url))
    port = serving.free_port()
    url, log = f"http://127.0.0.1:{port}", tmp_path / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [serving.ONWARD, "serve", "--no-worker"],
            env=serving.clean_environ()
            | {
                "DATABASE_URL": database_url,
                "ONWARD_DATA_DIR": str(tmp_path / "data"),
                "ONWARD_PORT": str(port),
                "ONWARD_NOW": NOW.isoformat(),
            },
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while "Press Ctrl-C" not in log.read_text():
            assert process.poll() is None, log.read_text()
            sleep(0.05)
        assert httpx.get(url + path).status_code == 200
        assert httpx.post(url + path, content=b"{}", headers={"Content-Type": "x/y"}).status_code == 415
        assert httpx.post(url + path, data={"any": "thing"}).status_code == 200
        # What nobody foresaw is logged with its stack.
        asyncio.run(break_it(database_url))
        assert httpx.get(url + path).status_code == 500
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(serving.PATIENCE)
    printed = log.read_text()
    assert "An error that nobody foresaw" in printed
    assert path.rpartition("/")[2] not in printed
