"""From a publication to a receiver: every client is told, each by itself, and the ledger says what happened."""

import asyncio
import json
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from registry.channels.mailboxes import Mailbox
from registry.channels.schedules import Schedule
from registry.clock import Clock
from registry.database import Pool
from registry.resources.deliveries import DeliveryState
from registry.resources.subscriptions import Channel
from registry.settings import Settings
from registry.store import outbox
from tests.registry import clients
from tests.registry.delivery.postoffice import open_office
from tests.registry.delivery.receivers import Asked, always, answer, hang, receiving
from tests.registry.office import Office
from tests.registry.working import Desk, idle, open_desk, reaching, verified, webhook, working

DUE = "SELECT max(due_at) FROM delivery"
"""A moment at which everything is due: the clocks of the app and of a test begin a little apart."""


BROKEN = """
    CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$;
    CREATE TRIGGER break BEFORE UPDATE ON notice FOR EACH ROW WHEN (OLD.client_id = '{client}')
        EXECUTE FUNCTION break();
"""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return reaching(settings)


@pytest.fixture
async def desk(office: Office, pool: Pool, clock: Clock, settings: Settings) -> Desk:
    return await open_desk(office, pool, clock, settings)


def with_mail(desk: Desk, port: int) -> Desk:
    """The desk with a mail server on this machine."""
    smtp = Settings.load(
        {"ONWARD_SMTP_URL": f"smtp+plain://127.0.0.1:{port}", "ONWARD_MAIL_FROM": "a@b.example"}
    ).smtp
    sender = Mailbox.read("Example Privacy <privacy@example.com>")
    return desk._replace(settings=replace(desk.settings, smtp=smtp, mail_from=sender))


async def test_a_publication_reaches_the_webhook_of_a_client_signed_and_gives_the_notice(desk: Desk) -> None:
    async with receiving() as receiver:
        made = await desk.webhook(receiver)
        await desk.delivered()
        [test] = receiver.asked
        _, change = await desk.office.added(day="2027-03-01")
        await desk.delivered()
        _, told = receiver.asked

    assert verified(test, made["secret"])
    assert verified(told, made["secret"])
    assert json.loads(test.body)["type"] == "subscription.test"
    body = json.loads(told.body)
    assert (body["type"], body["data"]["id"]) == ("change.published", change["id"])
    assert body["notice"]["state"] == "open"
    delivery, reminder = await desk.ledger(change=change["id"])
    assert (delivery["id"], delivery["state"]) == (told.headers["webhook-id"], "delivered")
    assert (reminder["occasion"], reminder["due_at"]) == ("reminder", "2026-12-01T07:00:00Z")
    [notice] = await desk.notices()
    assert (notice["state"], notice["given_on"]) == ("open", "2026-11-24")
    assert notice["objection_until"] == "2026-12-08"


async def test_a_failure_is_tried_again_alone_under_its_id_and_both_attempts_are_kept(desk: Desk) -> None:
    answers = iter(["204 No Content", "500 Internal Server Error", "204 No Content"])

    async def turns(writer: asyncio.StreamWriter, _asked: Asked) -> None:
        writer.write(answer(next(answers)))

    async with receiving(turns) as failing, receiving() as healthy:
        await desk.webhook(failing)
        await desk.webhook(healthy)
        await desk.delivered()
        _, change = await desk.office.added(day="2027-03-01")
        await desk.delivered()
        assert len(healthy.asked) == 2
        first, second = failing.asked[1:]

    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    path = f"/v1/deliveries/{first.headers['webhook-id']}"
    delivery = (await desk.office.client.get(path, headers=desk.office.otto)).json()
    assert (delivery["state"], delivery["attempts"]) == ("delivered", 2)
    assert [(each["outcome"], each["status"]) for each in delivery["tries"]] == [
        ("later", "500"),
        ("accepted", "204"),
    ]
    assert {each["state"] for each in await desk.ledger(change=change["id"])} == {"delivered", "pending"}


async def test_retry_after_is_honoured(desk: Desk, clock: Clock) -> None:
    async with receiving(always(answer("503 Busy", "Retry-After: 3600"))) as receiver:
        made = await desk.webhook(receiver)
        await desk.delivered()
    [delivery] = await desk.ledger(subscription=made["subscription"]["id"])
    assert (delivery["state"], delivery["attempts"]) == ("pending", 1)
    assert delivery["due_at"] > (clock.now() + timedelta(minutes=59)).isoformat()


async def test_an_endpoint_that_is_gone_is_used_no_more_and_its_owner_told_elsewhere(
    desk: Desk, pool: Pool
) -> None:
    async with receiving() as receiver:
        made = await desk.webhook(receiver)
        await desk.delivered()
    async with receiving(always(answer("410 Gone"))) as gone:
        await pool.execute("UPDATE subscription SET address = $1", gone.url("127.0.0.1", "/hook", "http"))
        _, change = await desk.office.added(day="2027-03-01")
        await desk.delivered()
        assert len(gone.asked) == 1

    subscription = await desk.subscription(made["subscription"]["id"])
    assert (subscription["state"], subscription["suspended_reason"]) == (
        "suspended",
        "Answered 410: the endpoint is gone.",
    )
    [announced] = await desk.ledger(change=change["id"])
    assert (announced["state"], announced["occasion"]) == ("failed", "announcement")
    [warning] = await desk.ledger(state="pending")
    assert (warning["occasion"], warning["channel"]) == ("suspension", "email")
    [notice] = await desk.notices()
    assert (notice["state"], notice["objection_until"]) == ("not_given", None)


async def test_a_receiver_that_never_answers_fails_when_the_schedule_is_used_up(desk: Desk) -> None:
    async with receiving(hang) as receiver:
        made = await desk.webhook(receiver)
        await desk.delivered()
        assert len(receiver.asked) == 3
    [test] = await desk.ledger(state="failed")
    assert (test["attempts"], test["last_status"]) == (3, "There was no answer within 1 seconds.")
    assert (await desk.subscription(made["subscription"]["id"]))["state"] == "suspended"


async def test_what_has_failed_is_replayed_and_confirms_the_channel_again(desk: Desk) -> None:
    async with receiving(always(answer("500 No"))) as receiver:
        made = await desk.webhook(receiver)
        port = receiver.port
        await desk.delivered()
    [failed] = await desk.ledger(state="failed")
    assert (await desk.subscription(made["subscription"]["id"]))["state"] == "suspended"
    async with receiving() as receiver:
        url = receiver.url("127.0.0.1", "/hook", "http")
        await desk.pool.execute("UPDATE subscription SET address = $1 WHERE channel = 'webhook'", url)
        path = f"/v1/deliveries/{failed['id']}/replay"
        replayed = await desk.office.client.post(path, headers=desk.dana)
        again = await desk.office.client.post(path, headers=desk.dana)
        await desk.delivered()
        [asked] = receiver.asked
    assert port != receiver.port
    assert (replayed.status_code, replayed.json()["state"], again.status_code) == (200, "pending", 409)
    assert asked.headers["webhook-id"] == failed["id"]
    assert (await desk.subscription(made["subscription"]["id"]))["state"] == "confirmed"
    found = await desk.office.client.get(f"/v1/deliveries/{failed['id']}", headers=desk.dana)
    assert (found.json()["state"], len(found.json()["tries"])) == ("delivered", 4)


async def test_its_reader_acknowledges_a_delivery_which_gives_the_notice_and_spares_the_reminder(
    desk: Desk,
) -> None:
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
        _, change = await desk.office.added(day="2027-03-01")
        unsent = await desk.ledger(change=change["id"])
        path = f"/v1/deliveries/{unsent[0]['id']}/acknowledgement"
        early = await desk.office.client.post(path, headers=desk.dana)
        await desk.delivered()
    done = await desk.office.client.post(path, headers=desk.dana)
    twice = await desk.office.client.post(path, headers=desk.dana)
    assert (early.status_code, done.status_code, twice.json()) == (409, 200, done.json())
    assert done.json()["state"] == "acknowledged"
    found = {each["occasion"]: each["state"] for each in await desk.ledger(change=change["id"])}
    assert found == {"announcement": "acknowledged", "reminder": "suppressed"}
    assert (await desk.notices())[0]["acknowledged_at"] is not None


async def test_a_client_sees_and_touches_its_own_deliveries_alone(desk: Desk) -> None:
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
    [delivery] = await desk.ledger()
    other = await clients.key(
        desk.pool,
        desk.clock,
        await clients.taken_on(desk.office, desk.pool, desk.clock, "C-2", channel=False),
    )
    client, path = desk.office.client, f"/v1/deliveries/{delivery['id']}"
    for method, address in (("GET", path), ("POST", f"{path}/replay"), ("POST", f"{path}/acknowledgement")):
        assert (await client.request(method, address, headers=other)).status_code == 404
        assert (await client.request(method, address)).status_code == 401
        assert (await client.request(method, address, headers=desk.office.noor)).status_code == 403
    assert (await client.get("/v1/deliveries", headers=other)).json()["data"] == []
    assert (await client.get("/v1/notices", params={"client": desk.client_id}, headers=other)).json()[
        "data"
    ] == []
    assert (await client.get(path, headers=desk.dana)).status_code == 200
    assert (await client.get("/v1/deliveries")).status_code == 401
    assert (await client.post(f"{path}/replay", headers=desk.office.otto)).status_code == 403
    notices = f"/v1/changes/{uuid4()}/notices"
    for who, status in (({}, 401), (other, 403), (desk.office.otto, 404)):
        assert (await client.get(notices, headers=who)).status_code == status


async def test_the_ledger_is_read_in_pages(desk: Desk) -> None:
    for number in range(5):
        await desk.office.client.post(
            "/v1/subscriptions", json={"address": f"a{number}@example.com", "purpose": "news"}
        )
    seen, cursor = [], None
    while True:
        params = {"limit": "2", "state": "pending"} if cursor is None else {"limit": "2", "cursor": cursor}
        page = (
            await desk.office.client.get("/v1/deliveries", params=params, headers=desk.office.otto)
        ).json()
        seen += [each["id"] for each in page["data"]]
        cursor = page["pagination"]["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen)


async def test_who_has_unsubscribed_is_sent_nothing_that_waits(desk: Desk) -> None:
    async with receiving() as receiver:
        await desk.webhook(receiver)
        made = await desk.webhook(receiver, "/news", purpose="news")
        await desk.delivered()
        _, change = await desk.office.added(day="2027-03-01")
        address = f"/v1/subscriptions/{made['subscription']['id']}"
        seen = await desk.office.client.get(address, headers=desk.dana)
        await desk.office.client.delete(address, headers={**desk.dana, "If-Match": seen.headers["etag"]})
        await desk.delivered()
        assert sum("/news" in asked.line for asked in receiver.asked) == 1
    [delivery] = await desk.ledger(subscription=made["subscription"]["id"], change=change["id"])
    assert delivery["state"] == "suppressed"


async def test_what_a_killed_worker_held_is_sent_by_another_when_its_lease_ends(desk: Desk) -> None:
    async with receiving() as receiver:
        await desk.webhook(receiver)
        async with desk.pool.acquire() as db:
            # What a worker does before it is killed: claimed, begun, and never ended.
            now = await db.fetchval(DUE)
            [claimed], _ = await outbox.claim(
                db, Channel.WEBHOOK, 10, now, now + timedelta(seconds=1), day=now.date()
            )
        await desk.delivered()
        [asked] = receiver.asked
    found = await desk.office.client.get(f"/v1/deliveries/{claimed.id}", headers=desk.dana)
    assert asked.headers["webhook-id"] == str(claimed.id)
    cut, whole = found.json()["tries"]
    assert (cut["ended_at"], cut["outcome"], whole["outcome"]) == (None, None, "accepted")


async def test_attempts_that_kills_cut_off_use_up_no_part_of_the_schedule(desk: Desk) -> None:
    async with receiving(always(answer("500 Internal Server Error"))) as receiver:
        await desk.webhook(receiver)
        async with desk.pool.acquire() as db:
            now = await db.fetchval(DUE)
            for _ in range(3):
                claimed, _ = await outbox.claim(db, Channel.WEBHOOK, 1, now, now, day=now.date())
        await desk.delivered()
    found = (await desk.office.client.get(f"/v1/deliveries/{claimed[0].id}", headers=desk.dana)).json()
    assert len(receiver.asked) == 3, "the schedule of the tests has three attempts"
    assert [one["outcome"] for one in found["tries"]][:3] == [None] * 3
    assert (found["state"], found["attempts"]) == ("failed", 6)


async def test_a_worker_that_is_told_to_stop_gives_back_what_it_could_not_end(desk: Desk) -> None:
    slow = replace(desk.settings, webhook_timeout=60)
    async with receiving(hang) as receiver:
        await desk.webhook(receiver)
        async with working(desk.pool, desk.clock, slow):
            await receiver.received(1)
    [delivery] = await desk.ledger()
    found = await desk.office.client.get(f"/v1/deliveries/{delivery['id']}", headers=desk.dana)
    [cut] = found.json()["tries"]
    assert (delivery["state"], cut["outcome"]) == ("pending", "stopped")
    async with desk.pool.acquire() as db:
        now = await db.fetchval(DUE)
        again, _ = await outbox.claim(db, Channel.WEBHOOK, 1, now, now + timedelta(minutes=1), day=now.date())
    assert [str(each.id) for each in again] == [delivery["id"]]


async def test_what_a_receiver_took_counts_even_if_its_channel_was_given_up_meanwhile(desk: Desk) -> None:
    async with receiving() as receiver:
        made = await desk.webhook(receiver)
        async with desk.pool.acquire() as db:
            now = await db.fetchval(DUE)
            [claimed], _ = await outbox.claim(db, Channel.WEBHOOK, 1, now, now, day=now.date())
            await db.execute("UPDATE delivery SET state = 'failed'")
            done = outbox.Done(
                id=claimed.id,
                number=claimed.number,
                ended_at=now,
                state=DeliveryState.DELIVERED,
                due_at=None,
                outcome="accepted",
                status="204",
                detail="Answered 204.",
            )
            assert await outbox.finish(db, [done]) == {claimed.id}
    [delivery] = await desk.ledger(subscription=made["subscription"]["id"])
    assert delivery["state"] == "delivered"


async def test_every_notice_carries_the_digest_of_the_journal_row_that_published_it(desk: Desk) -> None:
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
        _, change = await desk.office.added(day="2027-03-01")
        await desk.delivered()
        carried = json.loads(receiver.asked[1].body)["journal"]
    journal = await desk.office.client.get(
        "/v1/journal", params={"after": carried["number"] - 1, "limit": 1}, headers=desk.office.otto
    )
    [row] = journal.json()["data"]
    assert (row["operation"], row["noun_id"]) == ("published", change["id"])
    assert row["digest"] == carried["digest"]


async def test_addresses_that_nobody_confirmed_or_that_unsubscribed_are_forgotten(desk: Desk) -> None:
    for name in ("old", "new", "gone"):
        await desk.office.client.post("/v1/subscriptions", json={"address": f"{name}@example.com"})
    async with open_office() as post:
        await with_mail(desk, post.port).delivered()
    await desk.pool.execute(
        "UPDATE delivery d SET made_at = d.made_at - interval '8 days' FROM subscription s"
        " WHERE s.id = d.subscription_id AND s.address = 'old@example.com'"
    )
    await desk.pool.execute(
        "UPDATE subscription SET state = 'ended', ended_at = created_at - interval '31 days'"
        " WHERE address = 'gone@example.com'"
    )
    await desk.delivered()
    kept = [row["address"] for row in await desk.pool.fetch("SELECT address FROM subscription ORDER BY id")]
    assert kept == ["new@example.com", "forgotten"]


async def test_two_workers_share_the_work_and_send_nothing_twice(desk: Desk) -> None:
    async with receiving() as receiver:
        for number in range(30):
            await desk.webhook(receiver, f"/{number}", purpose="news")
        async with (
            working(desk.pool, desk.clock, desk.settings),
            working(desk.pool, desk.clock, desk.settings),
        ):
            await idle(desk.pool, desk.clock)
        ids = [asked.headers["webhook-id"] for asked in receiver.asked]
    assert len(ids) == len(set(ids)) == 30


async def test_a_mail_to_a_client_says_what_changes_and_carries_links_that_do_not_act(desk: Desk) -> None:
    body = {
        "client_id": desk.client_id,
        "purpose": "contract",
        "address": "notices@client.example",
        "declaration": "Clause 9.2",
    }
    await desk.office.client.post("/v1/subscriptions", json=body, headers=desk.office.bram)
    _, change = await desk.office.added(day="2027-03-01")
    async with open_office() as post:
        mailing = with_mail(desk, post.port)
        await mailing.delivered()
        [mail] = post.mails

    text = plain(mail)
    assert mail["To"] == "notices@client.example"
    assert "Acme Hosting GmbH" in mail["Subject"]
    assert "8 December 2026" in text
    assert "/links/object/" in text
    assert "/links/acknowledge/" in text
    assert mail["List-Unsubscribe"] is None
    announced, _ = await desk.ledger(change=change["id"])
    assert announced["state"] == "sent"
    assert (await desk.notices())[0]["state"] == "open"


async def test_a_mail_to_the_public_can_be_unsubscribed_from(desk: Desk) -> None:
    await desk.office.client.post("/v1/subscriptions", json={"address": "reader@example.com"})
    async with open_office() as post:
        mailing = with_mail(desk, post.port)
        await mailing.delivered()
        await desk.pool.execute("UPDATE subscription SET state = 'confirmed'")
        await desk.office.added(day="2027-03-01")
        await mailing.delivered()
        confirm, news = post.mails
    assert "/links/confirm/" in plain(confirm)
    assert "/links/unsubscribe/" in str(news["List-Unsubscribe"])
    assert "/links/object/" not in plain(news)


async def test_our_own_mail_server_being_away_costs_nobody_their_channel(desk: Desk) -> None:
    await desk.office.client.post("/v1/subscriptions", json={"address": "reader@example.com"})
    async with open_office() as post:
        away = with_mail(desk, post.port)
    patient = away._replace(settings=replace(away.settings, retry_schedule=Schedule.read("0s, 1h")))
    for hours in range(4):
        await patient.pool.execute("UPDATE delivery SET due_at = made_at")
        async with working(patient.pool, patient.clock, patient.settings):
            while (await desk.ledger())[0]["attempts"] == hours:  # noqa: ASYNC110 - the worker has no event for it
                await asyncio.sleep(0.02)
    [delivery] = await desk.ledger()
    assert (delivery["state"], delivery["attempts"]) == ("pending", 4)
    assert await desk.pool.fetchval("SELECT state FROM subscription") == "pending"


async def test_a_mailbox_that_is_refused_for_good_is_used_no_more(desk: Desk) -> None:
    await desk.office.client.post("/v1/subscriptions", json={"address": "reader@example.com"})
    async with open_office() as post:
        post.refusals = {"RCPT": "550 5.1.1 No such user"}
        await with_mail(desk, post.port).delivered()
    [delivery] = await desk.ledger()
    assert (delivery["state"], "550" in delivery["last_status"]) == ("failed", True)
    assert await desk.pool.fetchval("SELECT state FROM subscription") == "suspended"


async def test_without_a_mail_server_mail_waits_and_webhooks_go(desk: Desk) -> None:
    await desk.office.client.post("/v1/subscriptions", json={"address": "reader@example.com"})
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
    states = {each["channel"]: each["state"] for each in await desk.ledger()}
    assert states == {"email": "pending", "webhook": "delivered"}


async def test_a_delivery_that_cannot_be_composed_holds_up_no_other(desk: Desk) -> None:
    async with receiving() as receiver:
        made = await desk.webhook(receiver)
        await desk.delivered()
        # An outcome about no change is a fault of ours.
        await desk.pool.execute(
            "INSERT INTO delivery (subscription_id, client_id, channel, occasion, state, made_at, due_at)"
            " VALUES ($1, $2, 'webhook', 'outcome', 'pending', $3, $3)",
            UUID(made["subscription"]["id"]),
            UUID(desk.client_id),
            desk.clock.now(),
        )
        await desk.office.added(day="2027-03-01")
        patient = desk._replace(settings=reaching(desk.settings, "0s, 1h"))
        await patient.delivered()
        assert len(receiver.asked) == 2
    spoilt = [each for each in await desk.ledger() if each["occasion"] == "outcome"]
    assert [(each["state"], each["last_status"]) for each in spoilt] == [
        ("pending", "It could not be composed: ValueError.")
    ]


async def test_what_follows_from_one_attempt_and_cannot_be_done_spoils_no_other_and_is_sent_once(
    desk: Desk,
) -> None:
    other = await clients.taken_on(desk.office, desk.pool, desk.clock, "C-2", channel=False)
    key = await clients.key(desk.pool, desk.clock, other)
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await webhook(desk.office.client, key, receiver, "/other")
        await desk.delivered()
        _, change = await desk.office.added(day="2027-03-01")
        # A fault that nobody foresaw, in the second client's notice.
        await desk.pool.execute(BROKEN.format(client=other))
        await desk.delivered()
        assert len(receiver.asked) == 4
    announced = [
        each for each in await desk.ledger(change=change["id"]) if each["occasion"] == "announcement"
    ]
    assert [each["state"] for each in announced] == ["delivered", "delivered"]
    given = {row["client_id"]: row["given_on"] for row in await desk.pool.fetch("SELECT * FROM notice")}
    assert (given[UUID(desk.client_id)] is None, given[UUID(other)]) == (False, None)


async def test_a_worker_outlives_a_database_that_is_away_for_a_moment(desk: Desk) -> None:
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
        async with working(desk.pool, desk.clock, desk.settings):
            async with desk.pool.acquire() as db:
                await db.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            await desk.office.added(day="2027-03-01")
            await receiver.received(2)
    assert len(receiver.asked) == 2


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text
