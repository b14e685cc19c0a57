"""From the mail over the page to the button: a client under specific authorisation answers without an account."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from lxml import html
from msgspec.structs import replace

from registry.clock import Clock
from registry.database import Pool
from registry.settings import Settings
from tests.registry import clients
from tests.registry.delivery.postoffice import PostOffice, open_office
from tests.registry.office import Office
from tests.registry.pages.reading import text
from tests.registry.pages.test_links import Mailed, paths, press, private
from tests.registry.test_notices import later
from tests.registry.working import Desk, reaching


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
    client_id = await clients.taken_on(office, pool, clock, channel=False, authorisation="specific")
    desk = Desk(office, pool, clock, settings, client_id, await clients.key(pool, clock, client_id))
    await pool.execute(clients.CHANNEL, UUID(client_id), clock.now())
    _, change = await office.added(day="2027-06-01")
    await desk.delivered()
    return Mailed(desk, post, change["id"], paths(post))


async def stands(mailed: Mailed) -> list[tuple[str, str | None, str | None]]:
    """State, reason and actor of what the client authorises, as it reads them by the API."""
    path = f"/v1/clients/{mailed.desk.client_id}/authorisations"
    found = await mailed.desk.office.client.get(path, headers=mailed.desk.dana)
    return [(one["state"], one["reason"], one["decided_by"]) for one in found.json()["data"]]


async def test_the_mail_leads_to_a_page_that_offers_both_answers(mailed: Mailed) -> None:
    body = mailed.post.mails[-1].get_body(("plain",))
    assert body is not None
    assert "Authorise or refuse this change" in body.get_content()
    assert "Object to this change" not in body.get_content()
    answer = await mailed.desk.office.client.get(mailed.links["object"])
    private(answer)
    document = html.document_fromstring(answer.text)
    assert text(document.xpath("//h1")[0]) == "Authorise or refuse this change"
    assert document.xpath("//button/@value") == ["authorised", "refused"]
    assert document.xpath("//textarea/@required") == []
    assert [state for state, _, _ in await stands(mailed)] == ["pending"]


@pytest.mark.parametrize("moment", ["2026-11-24T12:00:00+01:00", "2027-02-01T12:00:00+01:00"])
@pytest.mark.parametrize(
    ("decision", "said", "notice"),
    [
        ("authorised", "You have authorised this change", "authorised"),
        ("refused", "You have refused this change", "refused"),
    ],
)
async def test_a_button_is_recorded_as_the_clients_decision_and_twice_is_once(
    mailed: Mailed, pool: Pool, *, decision: str, said: str, notice: str, moment: str
) -> None:
    desk, path = await later(mailed.desk, moment), mailed.links["object"]
    fields = {"decision": decision, "reason": "As agreed <b>by phone</b>."}
    first, second = [await press(desk.office.client, path, **fields) for _ in range(2)]
    looked = await desk.office.client.get(path)
    assert (first.status_code, second.status_code) == (200, 200)
    private(first)
    assert first.text == second.text == looked.text
    assert said in first.text
    assert "<b>by phone" not in first.text
    [(state, reason, by)] = await stands(mailed)
    assert (state, reason) == (decision, "As agreed <b>by phone</b>.")
    assert str(by).startswith("link:")
    rows = await pool.fetch("SELECT actor FROM journal WHERE operation = $1", decision)
    assert [row["actor"] for row in rows] == [by]
    [noticed] = await desk.notices()
    assert noticed["state"] == notice


async def test_a_later_decision_replaces_the_first_and_a_bad_text_sends_nothing(mailed: Mailed) -> None:
    client, path = mailed.desk.office.client, mailed.links["object"]
    await press(client, path, decision="refused", reason="")
    assert await stands(mailed) != []
    page = html.document_fromstring((await client.get(path)).text)
    assert page.xpath("//button/@value") == ["authorised"]
    spoilt = await press(client, path, decision="authorised", reason="bad \x07 bell")
    assert spoilt.status_code == 400
    assert "Nothing was sent" in spoilt.text
    assert [state for state, _, _ in await stands(mailed)] == ["refused"]
    await press(client, path, decision="authorised", reason="")
    assert [(state, reason) for state, reason, _ in await stands(mailed)] == [("authorised", None)]


async def test_a_withdrawn_change_is_authorised_by_nobody(mailed: Mailed) -> None:
    desk = mailed.desk
    drafted = await desk.office.about(mailed.change_id, "withdrawal")
    await desk.office.publish(drafted.json()["id"])
    answer = await press(desk.office.client, mailed.links["object"], decision="authorised", reason="Yes")
    assert answer.status_code == 409
    assert "was withdrawn" in answer.text
    assert await stands(mailed) == []
