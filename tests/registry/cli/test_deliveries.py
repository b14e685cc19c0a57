"""``onward worker``, ``deliveries`` and ``bounces``, and the worker that `serve` brings along."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from registry.channels.mail_servers import MailServer
from registry.channels.mailboxes import Mailbox
from registry.clock import Clock
from registry.database import Pool
from registry.settings import Settings
from tests import serving
from tests.registry.delivery.postoffice import open_office
from tests.registry.delivery.receivers import always, answer, receiving
from tests.registry.office import Office
from tests.registry.working import Desk, open_desk, reaching

ALLOW = {"ONWARD_WEBHOOK_ALLOW": "http://127.0.0.1:*"}

NOTIFICATION = """\
From: MAILER-DAEMON@mail.example.com
To: privacy@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

The mailbox is not there.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com

Final-Recipient: rfc822; notices@client.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user

--B
Content-Type: text/rfc822-headers

Message-ID: {message_id}

--B--
"""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return reaching(settings)


@pytest.fixture
async def desk(office: Office, pool: Pool, clock: Clock, settings: Settings) -> Desk:
    return await open_desk(office, pool, clock, settings)


async def onward(desk: Desk, *arguments: str, key: Mapping[str, str]) -> tuple[int, str]:
    """Run a command with a key, and return its exit code and all that it said."""
    process = await asyncio.create_subprocess_exec(
        serving.ONWARD,
        *arguments,
        env=serving.clean_environ()
        | {
            "DATABASE_URL": str(desk.settings.database_url),
            "ONWARD_KEY": key["Authorization"].removeprefix("Bearer "),
            "ONWARD_NOW": str(desk.settings.now.isoformat() if desk.settings.now else ""),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_deliveries_are_listed_and_those_that_failed_are_replayed(desk: Desk) -> None:
    async with receiving(always(answer("500 No"))) as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
    [failed] = await desk.ledger(state="failed")
    _, listed = await onward(desk, "deliveries", "list", "--state", "failed", key=desk.office.otto)
    refused, why = await onward(desk, "deliveries", "replay", failed["id"], key=desk.office.otto)
    code, replayed = await onward(desk, "deliveries", "replay", failed["id"], key=desk.office.bram)
    again, pending = await onward(desk, "deliveries", "replay", failed["id"], key=desk.office.bram)
    assert failed["id"] in listed
    assert "Answered 500" in listed
    assert (refused, code, again) == (1, 0, 1)
    assert "auditor" in why
    assert f"{failed['id']}  pending" in replayed
    assert "is pending" in pending


async def test_what_a_mail_server_returns_fails_its_delivery_and_suspends_the_address(
    desk: Desk, tmp_path: Path
) -> None:
    body = {
        "client_id": desk.client_id,
        "purpose": "contract",
        "address": "notices@client.example",
        "declaration": "Clause 9.2",
    }
    made = await desk.office.client.post("/v1/subscriptions", json=body, headers=desk.office.bram)
    _, change = await desk.office.added(day="2027-03-01")
    async with open_office() as post:
        smtp = MailServer.read(f"smtp+plain://127.0.0.1:{post.port}")
        mail_from = Mailbox.read("privacy@example.com")
        await desk._replace(settings=replace(desk.settings, smtp=smtp, mail_from=mail_from)).delivered()
        [mail] = post.mails
    returned = tmp_path / "returned.eml"
    returned.write_text(NOTIFICATION.format(message_id=mail["Message-ID"]))
    code, said = await onward(desk, "bounces", os.fspath(returned), key=desk.office.bram)
    _, again = await onward(desk, "bounces", os.fspath(returned), key=desk.office.bram)

    assert code == 0, said
    assert "1 notifications of failures, 1 of deliveries" in said
    assert "1 notifications of failures, 0 of deliveries" in again
    announced = [
        each for each in await desk.ledger(change=change["id"]) if each["occasion"] == "announcement"
    ]
    assert [(each["state"], "5.1.1" in each["last_status"]) for each in announced] == [("failed", True)]
    assert (await desk.subscription(made.json()["subscription"]["id"]))["state"] == "suspended"
    # Their server had accepted it, which is what was promised; that it came back is for somebody to look at.
    assert (await desk.notices())[0]["given_on"] == "2026-11-24"


async def test_a_delay_that_a_mail_server_tells_of_is_no_failure(desk: Desk, tmp_path: Path) -> None:
    returned = tmp_path / "delayed.eml"
    notification = NOTIFICATION.format(message_id="<1@register.example>")
    returned.write_text(notification.replace("Action: failed", "Action: delayed"))
    code, said = await onward(desk, "bounces", os.fspath(returned), key=desk.office.bram)
    assert code == 0, said
    assert "0 notifications of failures, 0 of deliveries" in said
    assert "1 of delays, from which nothing follows" in said
    # Whatever a command writes bears the days of a clock that is set.
    assert "THE CLOCK IS SET: ONWARD_NOW starts it at" in said


async def test_a_reader_that_has_enough_ends_a_command_in_silence(desk: Desk) -> None:
    script = f"{serving.ONWARD} keys list | true; {serving.ONWARD} deliveries list | true"
    process = await asyncio.create_subprocess_shell(
        script,
        env=serving.clean_environ()
        | {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": str(desk.settings.database_url),
            "ONWARD_KEY": desk.office.ada["Authorization"].removeprefix("Bearer "),
        },
        stderr=subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert said == b""


def test_a_worker_begins_no_register_and_names_where_it_looked(tmp_path: Path) -> None:
    data = tmp_path / "data"
    done = subprocess.run(
        [serving.ONWARD, "worker"],
        env=serving.clean_environ() | {"ONWARD_DATA_DIR": os.fspath(data)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert f"There is no register in {data} yet" in done.stderr
    assert not data.exists()


async def test_a_worker_sends_what_a_server_without_one_left(tmp_path: Path, empty_database_url: str) -> None:
    environ = {"DATABASE_URL": empty_database_url, **ALLOW}
    async with receiving() as receiver:
        with serving.serving(tmp_path, "--no-worker", environ=environ) as server:
            path = await _subscribed(server, receiver.url("127.0.0.1", "/hook", "http"))
            before = await _read(path, server)
            worker = await asyncio.create_subprocess_exec(
                serving.ONWARD, "worker", env=serving.clean_environ() | environ, stdout=subprocess.PIPE
            )
            await receiver.received(1)
            worker.send_signal(signal.SIGTERM)
            said, _ = await worker.communicate()
            after = await _read(path, server)
    assert (before["state"], before["attempts"]) == ("pending", 0)
    assert (after["state"], after["attempts"]) == ("delivered", 1)
    assert said.decode().endswith("Stopped.\n")


async def test_a_server_sends_by_itself_and_notes_what_is_under_way_when_it_stops(
    tmp_path: Path, empty_database_url: str
) -> None:
    environ = {"DATABASE_URL": empty_database_url, **ALLOW}
    async with receiving() as receiver:
        with serving.serving(tmp_path, environ=environ) as server:
            path = await _subscribed(server, receiver.url("127.0.0.1", "/hook", "http"))
            await receiver.received(1)
        with serving.serving(tmp_path, "--no-worker", environ=environ) as again:
            address = path.replace(server.url, again.url)
            after = await _read(address, server)
    assert (after["state"], len(receiver.asked)) == ("delivered", 1)


async def _read(address: str, server: serving.Server) -> dict[str, Any]:
    async with httpx.AsyncClient(headers=server.headers) as client:
        answer_: dict[str, Any] = (await client.get(address)).json()
        return answer_


async def _subscribed(server: serving.Server, url: str) -> str:
    """A client with a webhook, which is to be tested; the address of that delivery."""
    async with httpx.AsyncClient(base_url=server.url, headers=server.headers) as client:
        terms = {"name": "Client NV", "country": "BE", "notice_days": 30, "objection_days": 14}
        body = {"reference": "C-1", "valid_from": "2025-01-01", "terms": terms}
        made = await client.post("/v1/clients", json=body)
        assert made.status_code == 201, made.text
        hook = {"client_id": made.json()["id"], "channel": "webhook", "purpose": "contract", "address": url}
        subscribed = await client.post("/v1/subscriptions", json=hook)
        assert subscribed.status_code == 201, subscribed.text
        [delivery] = (await client.get("/v1/deliveries")).json()["data"]
    return f"{server.url}/v1/deliveries/{delivery['id']}"
