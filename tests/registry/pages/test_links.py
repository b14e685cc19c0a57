"""What the links of mails lead to: pages that do nothing until their button is pressed, and then do it once."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest
from lxml import html
from msgspec.structs import replace

from registry.actions.links import Issuing
from registry.app import create_app
from registry.clock import Clock
from registry.database import Pool
from registry.resources.links import LinkPurpose
from registry.settings import Settings
from tests.registry import clients
from tests.registry.delivery.postoffice import PostOffice, open_office
from tests.registry.office import Office, terms
from tests.registry.pages.reading import text, texts
from tests.registry.test_notices import later
from tests.registry.working import Desk, open_desk, reaching

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ADDRESS = "dpo@client.example"
REASON = "We do not want it there.\nNot at all: “Ünïcode” & <b>markup</b>."
LINK = re.compile(r"http://127\.0\.0\.1:8000(/links/(\w+)/[A-Za-z0-9_-]+)")


class Mailed(NamedTuple):
    """A client whose notice of a change went out by mail, and the paths of the links in it."""

    desk: Desk
    post: PostOffice
    change_id: str
    links: dict[str, str]


@pytest.fixture
async def post() -> AsyncIterator[PostOffice]:
    async with open_office() as opened:
        yield opened


@pytest.fixture
def settings(settings: Settings, post: PostOffice) -> Settings:
    mail = Settings.load(
        {
            "ONWARD_SMTP_URL": f"smtp+plain://127.0.0.1:{post.port}",
            "ONWARD_MAIL_FROM": "Privacy <privacy@register.example>",
        }
    )
    return replace(reaching(settings), smtp=mail.smtp, mail_from=mail.mail_from)


@pytest.fixture
async def mailed(office: Office, pool: Pool, clock: Clock, settings: Settings, post: PostOffice) -> Mailed:
    desk = await open_desk(office, pool, clock, settings)
    await pool.execute(clients.CHANNEL, UUID(desk.client_id), clock.now())
    _, change = await office.added(day="2027-06-01")
    await desk.delivered()
    return Mailed(desk, post, change["id"], paths(post))


def paths(post: PostOffice) -> dict[str, str]:
    """The paths of the links in the last mail, by what they are for."""
    body = post.mails[-1].get_body(("plain",))
    assert body is not None
    return {purpose: path for path, purpose in LINK.findall(body.get_content())}


async def press(client: httpx.AsyncClient, path: str, **fields: Any) -> httpx.Response:
    """Press the button of a page, as a browser does."""
    return await client.post(path, data=fields) if fields else await client.post(path, headers=FORM)


def private(answer: httpx.Response) -> None:
    """Nobody may keep, list or pass on the address of such a page."""
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert "etag" not in answer.headers


async def state_of(pool: Pool) -> list[Any]:
    """Everything that a link could alter."""
    return [
        [tuple(row) for row in await pool.fetch(f"SELECT * FROM {table} ORDER BY 1, 2")]
        for table in ("subscription", "delivery", "notice", "objection", "link_token", "head")
    ]


async def issued(pool: Pool, clock: Clock, settings: Settings, purpose: LinkPurpose, **where: Any) -> str:
    """The path of a new link for the first subscription."""
    issuing = Issuing(settings.public_url, clock.now())
    subscription = await pool.fetchval("SELECT id FROM subscription ORDER BY id LIMIT 1")
    address = issuing.issue(purpose, subscription, where.get("change_id"))
    async with pool.acquire() as db:
        await issuing.store(db)
    return address.removeprefix(settings.public_url)


# Nothing happens by reading


async def test_whoever_only_fetches_a_link_alters_nothing(mailed: Mailed, pool: Pool) -> None:
    before = await state_of(pool)
    assert sorted(mailed.links) == ["acknowledge", "object"]
    for path in mailed.links.values():
        for method in ("GET", "HEAD", "GET"):
            answer = await mailed.desk.office.client.request(method, path)
            assert answer.status_code == 200
            private(answer)
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert await state_of(pool) == before


async def test_a_page_names_nothing_of_its_own_address(mailed: Mailed) -> None:
    for path in mailed.links.values():
        answer = await mailed.desk.office.client.get(path)
        assert path.rpartition("/")[2] not in answer.text


@pytest.mark.parametrize("purpose", [each.value for each in LinkPurpose])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("token", ["a" * 43, "short", "x" * 500, "%00" * 43])
async def test_a_guessed_link_is_not_there_and_says_what_to_do(
    client: httpx.AsyncClient, purpose: str, method: str, token: str
) -> None:
    answer = await client.request(
        method, f"/links/{purpose}/{token}", headers=FORM if method == "POST" else {}
    )
    assert answer.status_code == 404
    private(answer)
    assert "take the one of the latest mail" in answer.text or "control characters" in answer.text


async def test_a_link_is_good_for_one_purpose_alone(mailed: Mailed) -> None:
    token = mailed.links["acknowledge"].rpartition("/")[2]
    for purpose in ("object", "confirm", "unsubscribe", "delete"):
        path = f"/links/{purpose}/{token}"
        assert (await mailed.desk.office.client.get(path)).status_code == 404
        if purpose != "delete":
            assert (await press(mailed.desk.office.client, path, reason="No")).status_code == 404


async def test_a_link_expires(mailed: Mailed) -> None:
    path = mailed.links["object"]
    long_after = await later(mailed.desk, "2028-01-15T10:00:00+01:00")
    for answer in (
        await long_after.office.client.get(path),
        await press(long_after.office.client, path, reason="No"),
    ):
        assert answer.status_code == 404
        assert "Links in our mails expire" in answer.text


async def test_a_mailbox_that_is_the_clients_no_more_speaks_for_it_no_more(
    mailed: Mailed, pool: Pool
) -> None:
    await pool.execute("UPDATE subscription SET state = 'ended'")
    for path in mailed.links.values():
        assert (await mailed.desk.office.client.get(path)).status_code == 404
        assert (await press(mailed.desk.office.client, path, reason=REASON)).status_code == 404
    [notice] = await mailed.desk.notices()
    assert (notice["state"], notice["acknowledged_at"]) == ("open", None)


@pytest.mark.parametrize(
    "media_type", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""]
)
async def test_only_forms_are_taken(mailed: Mailed, media_type: str) -> None:
    answer = await mailed.desk.office.client.post(
        mailed.links["object"], content=b'{"reason":"No"}', headers={"Content-Type": media_type}
    )
    assert answer.status_code == 415
    private(answer)
    refused = await mailed.desk.office.client.post(
        f"/v1/changes/{mailed.change_id}/objections",
        content=b"reason=No",
        headers={**FORM, **mailed.desk.dana},
    )
    assert refused.status_code == 415


# To object


async def test_the_page_to_object_says_what_changes_for_whom_and_until_when(mailed: Mailed) -> None:
    document = html.document_fromstring((await mailed.desk.office.client.get(mailed.links["object"])).text)
    [main] = document.xpath("//main")
    said = text(main)
    assert "Acme Hosting GmbH is added as a sub-processor from 1 June 2027" in said
    assert "You may object until 8 December 2026, that day included." in said
    assert "Germany" in said
    [form] = document.xpath("//form")
    assert (form.get("method"), form.get("action")) == ("post", None)
    assert document.xpath("//label[@for='reason']")
    assert document.xpath("//textarea[@id='reason' and @name='reason']")
    assert document.xpath("//script") == []


async def test_objecting_gives_a_receipt_and_a_mail_and_twice_is_once(mailed: Mailed, pool: Pool) -> None:
    desk, path = mailed.desk, mailed.links["object"]
    first = await press(desk.office.client, path, reason=REASON)
    second = await press(desk.office.client, path, reason="Again")
    looked = await desk.office.client.get(path)
    assert (first.status_code, second.status_code, looked.status_code) == (200, 200, 200)
    private(first)
    assert first.text == second.text == looked.text
    assert "Your objection has arrived" in first.text
    assert "<b>markup</b>" not in first.text
    [row] = await pool.fetch("SELECT number, actor, digest FROM journal WHERE operation = 'objected'")
    assert row["digest"].hex() in first.text
    assert row["actor"].startswith("link:")
    [objection] = (await desk.office.client.get("/v1/objections", headers=desk.dana)).json()["data"]
    assert (objection["reason"], objection["state"]) == (REASON, "open")
    await desk.delivered()
    mail = mailed.post.mails[-1]
    assert "Your objection has arrived" in str(mail["subject"])
    assert "We do not want it there." in mail.as_string()


async def test_a_button_pressed_by_many_at_once_has_acted_once(mailed: Mailed, pool: Pool) -> None:
    client = mailed.desk.office.client
    sent = await asyncio.gather(*(press(client, mailed.links["object"], reason=REASON) for _ in range(5)))
    read = await asyncio.gather(*(press(client, mailed.links["acknowledge"]) for _ in range(5)))
    assert {answer.status_code for answer in (*sent, *read)} == {200}
    assert len({answer.text for answer in sent}) == 1
    for operation in ("objected", "acknowledged"):
        rows = await pool.fetchval("SELECT count(*) FROM journal WHERE operation = $1", operation)
        assert rows == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Write why you object"), ("bad \x07 bell", "control characters"), ("x" * 20_001, "20000")],
)
async def test_what_was_typed_is_kept_when_it_cannot_be_taken(mailed: Mailed, typed: str, said: str) -> None:
    answer = await press(mailed.desk.office.client, mailed.links["object"], reason=typed, other="1")
    assert answer.status_code == 400
    private(answer)
    document = html.document_fromstring(answer.content)
    assert said in texts(document, "//*[@role='alert']")[0]
    [field] = document.xpath("//textarea")
    assert field.get("aria-describedby") == "fault"
    if "\x07" not in typed:
        assert (field.text or "").strip() == typed
    assert (await mailed.desk.office.client.get("/v1/objections", headers=mailed.desk.dana)).json()[
        "data"
    ] == []


async def test_a_form_that_is_no_form_is_refused(mailed: Mailed) -> None:
    for body in (b"reason=%ff%fe", b"\xff\xfe", b"&".join([b"a=1"] * 2_000)):
        answer = await mailed.desk.office.client.post(mailed.links["object"], content=body, headers=FORM)
        assert answer.status_code == 400
        private(answer)
        assert "Open the page again" in answer.text


async def test_after_the_last_day_the_page_says_so_and_loses_nothing(mailed: Mailed) -> None:
    last = await later(mailed.desk, "2026-12-08T23:59:00+01:00")
    assert "textarea" in (await last.office.client.get(mailed.links["object"])).text
    too_late = await later(mailed.desk, "2026-12-09T00:00:00+01:00")
    looked = await too_late.office.client.get(mailed.links["object"])
    assert looked.status_code == 200
    assert "in time until 2026-12-08" in looked.text
    assert "<form" not in looked.text
    sent = await press(too_late.office.client, mailed.links["object"], reason=REASON)
    assert sent.status_code == 409
    assert "We do not want it there." in sent.text
    assert "in time until 2026-12-08" in sent.text


async def test_the_page_shows_the_client_what_touches_it_and_no_more(
    office: Office, pool: Pool, clock: Clock, settings: Settings, post: PostOffice
) -> None:
    desk = await open_desk(office, pool, clock, settings)
    for name in ("desk", "payroll"):
        await office.client.post(
            "/v1/services", json={"key": name, "name": name.title()}, headers=office.noor
        )
    used = terms()
    used["uses"]["hosting"]["services"] = {"desk": True}
    used["uses"]["salaries"] = {
        "purpose": "Salary slips",
        "data": {"contact": {"text": "Contact details"}},
        "places": {"main": {"role": "storage", "text": "Norway"}},
        "services": {"payroll": True},
    }
    other = await clients.taken_on(office, pool, clock, "C-2", channel=False, services={"desk": True})
    await pool.execute(clients.CHANNEL, UUID(other), clock.now())
    await office.added(day="2027-06-01", **used)
    await desk.delivered()
    page = (await office.client.get(paths(post)["object"])).text
    assert "Germany" in page
    assert "Salary slips" not in page
    assert "Norway" not in page
    body = post.mails[-1].get_body(("plain",))
    assert body is not None
    assert "Germany" in body.get_content()
    assert "Salary slips" not in body.get_content()


@pytest.mark.parametrize("goes_on", [False, True])
async def test_the_page_tells_what_became_of_the_objection(mailed: Mailed, *, goes_on: bool) -> None:
    client, path = mailed.desk.office.client, mailed.links["object"]
    await press(client, path, reason=REASON)
    [objection] = (await client.get("/v1/objections", headers=mailed.desk.dana)).json()["data"]
    address = f"/v1/objections/{objection['id']}"
    seen = await client.get(address, headers=mailed.desk.office.bram)
    what, body = "resolution", {"outcome": "rejected", "reason": "It is safe there."}
    if goes_on:
        what, body = "decision", {"reason": "It is safe there.", "binds_from": "2027-08-01"}
    headers = {**mailed.desk.office.bram, "If-Match": seen.headers["etag"]}
    done = await client.post(f"{address}/{what}", json=body, headers=headers)
    assert done.status_code == 200
    for answer in (await client.get(path), await press(client, path, reason="Still not")):
        private(answer)
        assert "Your objection is decided" in answer.text
        assert "It is safe there." in answer.text
        assert ("1 August 2027" in answer.text) == goes_on
        assert "<form" not in answer.text


# To acknowledge


async def test_to_acknowledge_is_no_consent_and_is_noted_once(mailed: Mailed, pool: Pool) -> None:
    client, path = mailed.desk.office.client, mailed.links["acknowledge"]
    asked = (await client.get(path)).text
    assert "it is no consent" in asked
    assert "8 December 2026" in asked
    first, second = await press(client, path), await press(client, path)
    assert (first.status_code, second.status_code) == (200, 200)
    private(first)
    assert "It is on record since" in first.text
    assert first.text == second.text
    [notice] = await mailed.desk.notices()
    assert notice["state"] == "open"
    assert notice["acknowledged_at"] is not None
    assert await pool.fetchval("SELECT count(*) FROM journal WHERE operation = 'acknowledged'") == 1
    # Having read it, the client may object all the same.
    assert (await press(client, mailed.links["object"], reason=REASON)).status_code == 200


# To confirm and to unsubscribe


async def asked_for_news(desk: Desk, **members: Any) -> None:
    body = {"channel": "email", "purpose": "news", "address": "reader@example.com", **members}
    assert (await desk.office.client.post("/v1/subscriptions", json=body)).status_code == 202
    await desk.delivered()


async def test_news_begin_with_the_button_and_end_with_one_click(
    office: Office, pool: Pool, clock: Clock, settings: Settings, post: PostOffice
) -> None:
    desk = await open_desk(office, pool, clock, settings)
    await asked_for_news(desk, kinds=["added"])
    path = paths(post)["confirm"]
    page = (await office.client.get(path)).text
    assert "reader@example.com" in page
    assert "Kind added" in page
    assert await pool.fetchval("SELECT state FROM subscription") == "pending"
    for answer in (await press(office.client, path), await press(office.client, path)):
        assert answer.status_code == 200
        private(answer)
        assert "Your address is confirmed" in answer.text
    assert await pool.fetchval("SELECT state FROM subscription") == "confirmed"

    await office.added(day="2027-06-01")
    await desk.delivered()
    unsubscribing = paths(post)["unsubscribe"]
    assert unsubscribing in str(post.mails[-1]["list-unsubscribe"])
    await office.client.get(unsubscribing)
    assert await pool.fetchval("SELECT state FROM subscription") == "confirmed"
    one_click = await office.client.post(unsubscribing, content="List-Unsubscribe=One-Click", headers=FORM)
    assert one_click.status_code == 200
    assert "location" not in one_click.headers
    assert await pool.fetchval("SELECT state FROM subscription") == "ended"
    again = await press(office.client, unsubscribing)
    assert (again.status_code, again.text) == (200, one_click.text)
    # A link to confirm what has ended is not good any more.
    assert (await press(office.client, path)).status_code == 404


async def test_one_click_is_taken_in_parts_too_as_mail_programs_send_it(
    office: Office, pool: Pool, clock: Clock, settings: Settings
) -> None:
    desk = await open_desk(office, pool, clock, settings)
    await asked_for_news(desk)
    path = await issued(pool, clock, settings, LinkPurpose.UNSUBSCRIBE)
    answer = await office.client.post(path, files={"List-Unsubscribe": (None, "One-Click")})
    assert answer.status_code == 200
    assert await pool.fetchval("SELECT state FROM subscription") == "ended"


async def test_what_a_contract_promises_is_not_unsubscribed_by_any_link(
    mailed: Mailed, pool: Pool, clock: Clock, settings: Settings
) -> None:
    path = await issued(pool, clock, settings, LinkPurpose.UNSUBSCRIBE)
    for answer in (await mailed.desk.office.client.get(path), await press(mailed.desk.office.client, path)):
        assert answer.status_code == 409
        assert "promised by a contract" in answer.text
    assert await pool.fetchval("SELECT state FROM subscription") == "confirmed"


async def test_a_link_to_confirm_expires_after_a_week(
    office: Office, pool: Pool, clock: Clock, settings: Settings, post: PostOffice
) -> None:
    desk = await open_desk(office, pool, clock, settings)
    await asked_for_news(desk)
    path = paths(post)["confirm"]
    after = (clock.now() + timedelta(days=7, minutes=1)).isoformat()
    late = await later(desk, after)
    assert (await press(late.office.client, path)).status_code == 404
    assert await pool.fetchval("SELECT state FROM subscription") == "pending"


# The form for the public


async def test_anybody_subscribes_on_a_page_and_is_told_the_same_whatever_is_known(
    office: Office, pool: Pool
) -> None:
    form = {
        "address": " Reader@Example.com ",
        "kind": ["added", "removed"],
        "category": "hosting",
        "country": "BE",
    }
    first = await office.client.post("/subscribe", data=form)
    second = await office.client.post("/subscribe", data={"address": "reader@example.com"})
    await pool.execute("UPDATE subscription SET state = 'confirmed'")
    third = await office.client.post("/subscribe", data={"address": "reader@example.com"})
    assert [each.status_code for each in (first, second, third)] == [200, 200, 200]
    assert first.text == second.text == third.text
    private(first)
    row = await pool.fetchrow("SELECT kinds, categories, countries, services, client_id FROM subscription")
    assert dict(row or {}) == {
        "kinds": ["added", "removed"],
        "categories": ["hosting"],
        "countries": ["BE"],
        "services": [],
        "client_id": None,
    }


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"address": "nobody"}, "address"),
        ({"address": ""}, "address"),
        ({"address": "a@b.example\r\nBcc: c@d.example"}, "address"),
        ({"address": "a@b.example", "kind": "deleted"}, "deleted"),
        ({"address": "a@b.example", "service": "nope"}, "nope"),
        ({"address": "a@b.example", "country": "XX"}, "XX"),
    ],
)
async def test_what_is_wrong_with_the_form_is_said_and_the_rest_kept(
    office: Office, pool: Pool, form: dict[str, str], said: str
) -> None:
    answer = await office.client.post("/subscribe", data={**form, "category": "hosting"})
    assert answer.status_code == 400
    document = html.document_fromstring(answer.text)
    assert said in texts(document, "//*[@role='alert']")[0]
    assert document.xpath("//input[@name='category' and @value='hosting']/@checked")
    assert await pool.fetchval("SELECT count(*) FROM subscription") == 0
    assert await pool.fetchval("SELECT count(*) FROM delivery") == 0


async def test_the_list_and_the_feeds_lead_to_the_form_where_mail_is_sent(
    office: Office, pool: Pool, settings: Settings
) -> None:
    for path in ("/", "/feeds"):
        document = html.document_fromstring((await office.client.get(path)).text)
        assert document.xpath("//main//a[@href='/subscribe']")
    assert "<form" in (await office.client.get("/subscribe")).text
    mute = httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(replace(settings, smtp=None), pool)),  # type: ignore[arg-type]
        base_url=settings.public_url,
    )
    for path in ("/", "/feeds"):
        document = html.document_fromstring((await mute.get(path)).text)
        assert document.xpath("//a[@href='/subscribe']") == []
    assert "sends no mail" in (await mute.get("/subscribe")).text
    refused = await mute.post("/subscribe", data={"address": "a@b.example"})
    assert refused.status_code == 409
    assert await pool.fetchval("SELECT count(*) FROM subscription") == 0


async def test_the_mail_to_confirm_a_contract_address_says_for_whom_and_what_begins_with_it(
    office: Office, pool: Pool, clock: Clock, settings: Settings, post: PostOffice
) -> None:
    desk = await open_desk(office, pool, clock, settings)
    body = {"channel": "email", "purpose": "contract", "address": ADDRESS}
    made = await office.client.post("/v1/subscriptions", json=body, headers=desk.dana)
    assert made.status_code == 201
    await asked_for_news(desk)
    contract, news = sorted(post.mails, key=lambda mail: str(mail["to"]) != ADDRESS)
    said, other = (
        " ".join(part.get_content().split())
        for mail in (contract, news)
        if (part := mail.get_body(("plain",)))
    )
    assert "to this address for Client NV." in said
    assert "The days to object to a change count from the day" in said
    assert "Client NV" not in other
    assert "days to object" not in other
