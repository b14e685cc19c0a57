"""Subscriptions: whose they are, how they are confirmed, rotated and ended, and what is refused."""

from typing import Any
from uuid import UUID

import pytest

from registry.actions import links
from registry.clock import Clock
from registry.database import Pool
from registry.resources.access_keys import KeyRole
from registry.settings import Settings
from registry.store import subscriptions as store
from tests.registry import clients
from tests.registry.delivery.receivers import always, answer, receiving
from tests.registry.office import Office, place
from tests.registry.working import Desk, delivered, open_desk, reaching, verified, webhook

NEWS = {"channel": "email", "purpose": "news", "address": "Reader@Example.com"}
CONTRACT = {"channel": "email", "purpose": "contract", "address": "notices@client.example"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return reaching(settings)


@pytest.fixture
async def client_id(office: Office, pool: Pool, clock: Clock) -> str:
    return await clients.taken_on(office, pool, clock, channel=False)


@pytest.fixture
async def dana(pool: Pool, clock: Clock, client_id: str) -> dict[str, str]:
    return await clients.key(pool, clock, client_id)


@pytest.fixture
async def desk(office: Office, pool: Pool, clock: Clock, settings: Settings) -> Desk:
    return await open_desk(office, pool, clock, settings)


async def subscribe(office: Office, who: dict[str, str], **body: Any) -> dict[str, Any]:
    made = await office.client.post("/v1/subscriptions", json=body, headers=who)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


async def test_anybody_gets_the_same_answer_whether_an_address_is_known_or_not(
    office: Office, pool: Pool
) -> None:
    answers = [await office.client.post("/v1/subscriptions", json=NEWS) for _ in range(2)]
    await pool.execute("UPDATE subscription SET state = 'confirmed'")
    answers.append(
        await office.client.post("/v1/subscriptions", json={**NEWS, "address": "reader@example.com"})
    )
    assert [each.status_code for each in answers] == [202, 202, 202]
    assert len({each.content for each in answers}) == 1
    assert await pool.fetchval("SELECT count(*) FROM subscription") == 1
    assert await pool.fetchval("SELECT count(*) FROM delivery") == 1


async def test_an_address_is_sent_one_mail_to_confirm_it_in_an_hour(office: Office, pool: Pool) -> None:
    await office.client.post("/v1/subscriptions", json=NEWS)
    await pool.execute("UPDATE delivery SET made_at = made_at - interval '61 minutes'")
    await office.client.post("/v1/subscriptions", json=NEWS)
    await office.client.post("/v1/subscriptions", json=NEWS)
    assert await pool.fetchval("SELECT count(*) FROM delivery WHERE occasion = 'confirmation'") == 2


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({"channel": "webhook", "address": "https://example.com/hook"}, "channel"),
        ({"purpose": "contract", "address": "a@example.com"}, "purpose"),
        ({"client_id": str(UUID(int=7)), "address": "a@example.com"}, "client_id"),
        ({"address": "a@example.com\r\nBcc: b@example.com"}, "address"),
        ({"address": "nobody"}, "address"),
        ({}, "address"),
        ({"address": "a@example.com", "services": ["unknown"]}, "services[0]"),
        ({"address": "a@example.com", "countries": ["QQ"]}, "countries[0]"),
        ({"address": "a@example.com", "kinds": ["moved"]}, "kinds[0]"),
    ],
)
async def test_what_anybody_may_not_ask_for_is_refused_by_name_and_leaves_nothing(
    office: Office, pool: Pool, body: dict[str, Any], member: str
) -> None:
    refused = await office.client.post("/v1/subscriptions", json=body)
    assert refused.status_code == 400
    assert member in [fault["member"] for fault in refused.json()["errors"]]
    assert await pool.fetchval("SELECT count(*) FROM subscription") == 0


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({"channel": "webhook", "address": "http://example.com/hook"}, "address"),
        ({"channel": "webhook", "address": "https://127.1/"}, "address"),
        ({"channel": "webhook", "address": "https://2130706433/"}, "address"),
        ({"channel": "webhook", "address": "https://localhost/"}, "address"),
        ({"channel": "webhook", "address": "https://no-such-name.invalid/"}, "address"),
        ({"channel": "webhook", "address": "example.com"}, "address"),
        ({"channel": "webhook", "address": "https://[::ffff:127.0.0.1]/"}, "address"),
        ({"channel": "webhook", "address": "https://user:secret@example.com/"}, "address"),
        ({"channel": "feed", "address": "https://example.com/"}, "address"),
        ({"channel": "feed", "purpose": "contract"}, "purpose"),
        ({**CONTRACT, "services": ["desk"]}, "services"),
    ],
)
async def test_a_channel_that_would_reach_the_wrong_place_or_nobody_is_refused(
    office: Office, pool: Pool, dana: dict[str, str], body: dict[str, Any], member: str
) -> None:
    refused = await office.client.post("/v1/subscriptions", json=body, headers=dana)
    assert refused.status_code == 400, refused.text
    assert ".." not in refused.json()["detail"]
    assert member in [fault["member"] for fault in refused.json()["errors"]]
    assert await pool.fetchval("SELECT count(*) FROM subscription") == 0


async def test_a_webhook_is_used_once_it_answered_a_test(
    office: Office, pool: Pool, clock: Clock, settings: Settings, dana: dict[str, str]
) -> None:
    async with receiving() as receiver:
        made = await webhook(office.client, dana, receiver)
        before = made["subscription"]["state"]
        await delivered(pool, clock, settings)
    found = await office.client.get(f"/v1/subscriptions/{made['subscription']['id']}", headers=dana)
    assert (before, found.json()["state"]) == ("pending", "confirmed")
    assert "secret" not in found.text


async def test_a_secret_is_shown_once_and_both_sign_while_it_is_rotated(
    office: Office, pool: Pool, clock: Clock, settings: Settings, dana: dict[str, str]
) -> None:
    once = {**dana, "Idempotency-Key": "rotate"}
    async with receiving() as receiver:
        made = await webhook(office.client, dana, receiver)
        address = f"/v1/subscriptions/{made['subscription']['id']}/rotation"
        rotated = await office.client.post(address, headers=once)
        again = await office.client.post(address, headers=once)
        await delivered(pool, clock, settings)
        [asked] = receiver.asked
    assert rotated.status_code == 201
    assert (again.json()["secret"], again.json()["subscription"]) == (None, rotated.json()["subscription"])
    assert rotated.json()["secret"] != made["secret"]
    assert verified(asked, made["secret"])
    assert verified(asked, rotated.json()["secret"])


async def test_a_private_feed_is_known_by_its_token_until_it_is_rotated(
    office: Office, pool: Pool, dana: dict[str, str]
) -> None:
    made = await subscribe(office, dana, channel="feed")
    subscription_id = made["subscription"]["id"]
    rotated = await office.client.post(f"/v1/subscriptions/{subscription_id}/rotation", headers=dana)
    async with pool.acquire() as db:
        old = await store.of_token(db, links.digest(made["secret"]))
        new = await store.of_token(db, links.digest(rotated.json()["secret"]))
    assert made["subscription"]["state"] == "confirmed"
    assert old is None
    assert str(new and new.id) == subscription_id


async def test_no_secret_or_address_reaches_the_journal(
    office: Office, pool: Pool, dana: dict[str, str]
) -> None:
    await office.client.post("/v1/subscriptions", json=NEWS)
    made = await subscribe(office, dana, channel="feed")
    await subscribe(office, dana, **CONTRACT)
    written = b"".join(row["payload"] for row in await pool.fetch("SELECT payload FROM journal"))
    assert made["secret"].encode() not in written
    assert b"reader@example.com" not in written.lower()
    assert b"notices@client.example" not in written


async def test_a_last_contract_channel_is_replaced_and_never_just_removed(
    office: Office, client_id: str
) -> None:
    first = await subscribe(office, office.bram, client_id=client_id, declaration="Clause 9.2", **CONTRACT)
    address = f"/v1/subscriptions/{first['subscription']['id']}"
    read = await office.client.get(address, headers=office.bram)
    seen = {**office.bram, "If-Match": read.headers["etag"]}
    refused = await office.client.delete(address, headers=seen)
    pending = await subscribe(
        office, office.bram, client_id=client_id, **{**CONTRACT, "address": "b@client.example"}
    )
    still = await office.client.delete(address, headers=seen)
    confirmed = await office.client.post(
        f"/v1/subscriptions/{pending['subscription']['id']}/confirmation",
        json={"declaration": "Letter of 3 November"},
        headers=office.bram,
    )
    ended = await office.client.delete(address, headers=seen)
    assert (refused.status_code, still.status_code) == (409, 409)
    assert "Make another" in refused.json()["detail"]
    assert (confirmed.json()["state"], ended.status_code) == ("confirmed", 204)
    assert (await office.client.get(address, headers=office.bram)).json()["state"] == "ended"


async def test_a_client_cannot_declare_an_address_its_own_nor_have_it_twice(
    office: Office, dana: dict[str, str]
) -> None:
    declared = await office.client.post(
        "/v1/subscriptions", json={**CONTRACT, "declaration": "Mine"}, headers=dana
    )
    await subscribe(office, dana, **CONTRACT)
    twice = await office.client.post("/v1/subscriptions", json=CONTRACT, headers=dana)
    assert (declared.status_code, twice.status_code) == (403, 409)


async def test_news_are_filtered_and_what_is_read_first_is_altered(
    office: Office, dana: dict[str, str]
) -> None:
    made = await subscribe(office, dana, **{**NEWS, "countries": ["UK"]})
    address = f"/v1/subscriptions/{made['subscription']['id']}"
    unread = await office.client.patch(address, json={"kinds": ["removed"]}, headers=dana)
    read = await office.client.get(address, headers=dana)
    altered = await office.client.patch(
        address, json={"kinds": ["removed"]}, headers={**dana, "If-Match": read.headers["etag"]}
    )
    assert (unread.status_code, altered.status_code) == (428, 200)
    assert (altered.json()["countries"], altered.json()["kinds"]) == (["GB"], ["removed"])


async def test_news_come_to_those_who_asked_for_what_a_change_is_about(
    office: Office, pool: Pool, dana: dict[str, str]
) -> None:
    wanted = {
        "everything": {},
        "the country": {"countries": ["DE"]},
        "another country": {"countries": ["FR"]},
        "the category": {"categories": ["hosting"]},
        "another category": {"categories": ["support"]},
        "the kind": {"kinds": ["added"]},
        "another kind": {"kinds": ["removed"]},
    }
    ids = {}
    for number, (name, filters) in enumerate(wanted.items()):
        made = await subscribe(office, dana, **{**NEWS, "address": f"a{number}@client.example", **filters})
        ids[name] = UUID(made["subscription"]["id"])
    await pool.execute("UPDATE subscription SET state = 'confirmed'")
    _, change = await office.added(day="2027-03-01")
    rows = await pool.fetch("SELECT subscription_id FROM delivery WHERE change_id = $1", UUID(change["id"]))
    told = {name for name, key in ids.items() if key in {row["subscription_id"] for row in rows}}
    assert told == {"everything", "the country", "the category", "the kind"}


async def test_who_follows_additions_learns_that_one_does_not_come(
    office: Office, pool: Pool, dana: dict[str, str]
) -> None:
    await subscribe(office, dana, **{**NEWS, "kinds": ["added"]})
    await pool.execute("UPDATE subscription SET state = 'confirmed'")
    _, change = await office.added(day="2027-03-01")
    drafted = await office.about(change["id"], "withdrawal")
    await office.publish(drafted.json()["id"])
    assert await pool.fetchval("SELECT count(*) FROM delivery WHERE occasion = 'announcement'") == 2


async def test_who_asks_sees_and_touches_its_own_alone(
    office: Office, pool: Pool, clock: Clock, dana: dict[str, str]
) -> None:
    other = await clients.key(pool, clock, await clients.taken_on(office, pool, clock, "C-2", channel=False))
    made = await subscribe(office, dana, channel="feed")
    address = f"/v1/subscriptions/{made['subscription']['id']}"
    for method, path in (
        ("GET", address),
        ("PATCH", address),
        ("DELETE", address),
        ("POST", f"{address}/rotation"),
        ("POST", f"{address}/confirmation"),
    ):
        body: dict[str, Any] | None = {} if method == "PATCH" or path.endswith("confirmation") else None
        answered = await office.client.request(method, path, json=body, headers={**other, "If-Match": "*"})
        assert answered.status_code == 404, (method, path)
        assert (await office.client.request(method, path, json=body)).status_code == 401
    assert (await office.client.get("/v1/subscriptions", headers=other)).json()["data"] == []
    assert len((await office.client.get("/v1/subscriptions", headers=dana)).json()["data"]) == 1
    for who, status in ((office.noor, 403), (office.otto, 200), (office.bram, 200)):
        assert (await office.client.get(address, headers=who)).status_code == status


async def test_a_channel_is_made_by_the_client_or_in_its_name_and_by_nobody_else(
    office: Office, pool: Pool, clock: Clock, client_id: str, dana: dict[str, str]
) -> None:
    elsewhere = await clients.taken_on(office, pool, clock, "C-2", channel=False)
    contracts = await clients.key(pool, clock, client_id, KeyRole.CONTRACTS, "Tool")
    feed = {"channel": "feed", "client_id": client_id}
    answers: dict[str, tuple[dict[str, str], dict[str, Any], int]] = {
        "another client": (dana, {"channel": "feed", "client_id": elsewhere}, 400),
        "procurement": (office.noor, feed, 403),
        "auditor": (office.otto, feed, 403),
        "a contract tool": (contracts, feed, 403),
        "privacy": (office.bram, feed, 201),
        "nobody there": (office.bram, {"channel": "feed", "client_id": str(UUID(int=7))}, 400),
    }
    for name, (who, body, status) in answers.items():
        made = await office.client.post("/v1/subscriptions", json=body, headers=who)
        assert made.status_code == status, name


async def test_who_confirms_a_channel_during_a_notice_period_gets_its_notice_then(desk: Desk) -> None:
    office = desk.office
    await subscribe(office, office.bram, client_id=desk.client_id, declaration="Clause 9.2", **CONTRACT)
    _, change = await office.added(day="2027-03-01")
    past, _ = await office.added("Other GmbH", day="2027-03-01")
    await office.alter(past, "2027-03-02", place("lyon", "Lyon, France"))
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
        told = [asked.body for asked in receiver.asked]
    assert len(told) == 4  # The test, and the three changes that are yet to come.
    assert sum(change["id"].encode() in body for body in told) == 1


async def test_a_test_that_is_refused_leaves_the_channel_pending(
    office: Office, pool: Pool, clock: Clock, settings: Settings, dana: dict[str, str]
) -> None:
    async with receiving(always(answer("401 Unauthorized"))) as receiver:
        made = await webhook(office.client, dana, receiver)
        await delivered(pool, clock, reaching(settings, "0s, 1h"))
    found = await office.client.get(f"/v1/subscriptions/{made['subscription']['id']}", headers=dana)
    assert found.json()["state"] == "pending"
