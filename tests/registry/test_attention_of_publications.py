"""What needs attention of how changes were published: late, as an emergency, by one person alone."""

from datetime import timedelta
from typing import Any, cast

import httpx
from msgspec.structs import replace

from registry.app import create_app
from registry.clock import Clock
from registry.database import Pool
from registry.settings import Settings
from tests.registry import clients
from tests.registry.office import Office, organisation, terms
from tests.registry.test_attention_of_clients import coded, given

AT = "2026-11-24"


def start(day: str) -> dict[str, Any]:
    return {
        "kind": "added",
        "parts": [
            {
                "sub_processor": {"organisation": organisation()},
                "operation": "start",
                "effective_on": day,
                "patch": terms(),
            }
        ],
    }


async def on_another_day(office: Office, pool: Pool, settings: Settings, days: int, **other: Any) -> Office:
    """The same people so many days later."""
    moment = cast("Any", settings.now) + timedelta(days=days)
    app = create_app(replace(settings, now=moment, **other), pool)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(cast("Any", app)), base_url=settings.public_url)
    people = {
        "procurement": office.noor,
        "privacy": office.bram,
        "admin": office.ada,
        "auditor": office.otto,
    }
    return Office(client, people)


async def test_a_late_change_stays_while_its_clients_may_object(
    office: Office, pool: Pool, clock: Clock, settings: Settings
) -> None:
    await clients.taken_on(office, pool, clock)
    _, change = await office.added(day="2026-11-01")
    [waiting] = await coded(office, "published_late")
    assert (waiting["subject"], waiting["until"], waiting["clients"]) == (change["id"], None, ["C-1"])
    await given(pool, clock)
    [item] = await coded(office, "published_late")
    assert (item["urgency"], item["since"], item["until"]) == ("open", AT, "2026-12-08")
    assert len(await coded(await on_another_day(office, pool, settings, 14), "published_late")) == 1
    assert await coded(await on_another_day(office, pool, settings, 15), "published_late") == []


async def test_what_was_told_by_other_means_or_touches_nobody_is_not_late(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await office.added("Nobody Ltd", day="2026-01-01")
    await clients.taken_on(office, pool, clock)
    drafted = await office.draft(**start("2026-11-01"))
    told = {"told_on": "2026-11-20", "how": "By letter"}
    assert (await office.publish(drafted.json()["id"], already_told=told)).status_code == 201
    assert await coded(office, "published_late") == []


async def test_an_emergency_is_told_with_its_reason_until_it_is_withdrawn(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock)
    drafted = await office.draft(**start("2026-11-26"))
    change_id = drafted.json()["id"]
    review = await office.review(change_id)
    accept = [
        {"code": check["code"], "subject": check["subject"], "reason": "Known"}
        for check in review.json()["checks"]
        if check["level"] == "blocks" and check["code"] != "notice_too_short"
    ]
    done = await office.client.post(
        f"/v1/changes/{change_id}/publication",
        json={"accept": accept, "emergency": "The vendor before is insolvent."},
        headers={**office.bram, "If-Match": review.headers["etag"]},
    )
    assert done.status_code == 201, done.text
    [item] = await coded(office, "emergency")
    assert "The vendor before is insolvent." in item["message"]
    assert item["clients"] == ["C-1"]
    withdrawal = await office.about(change_id, "withdrawal")
    assert (await office.publish(withdrawal.json()["id"])).status_code == 201
    assert await coded(office, "emergency") == []


async def test_what_one_person_published_alone_is_put_before_another_for_thirty_days(
    office: Office, pool: Pool, settings: Settings
) -> None:
    alone = await on_another_day(office, pool, settings, 0, second_person=False)
    drafted = await alone.draft(who=alone.bram, **start("2027-03-01"))
    assert (await alone.publish(drafted.json()["id"])).status_code == 201
    [item] = await coded(office, "published_alone")
    assert (item["urgency"], item["since"], item["subject"]) == ("open", AT, drafted.json()["id"])
    assert "Bram alone" in item["message"]
    assert len(await coded(await on_another_day(office, pool, settings, 29), "published_alone")) == 1
    assert await coded(await on_another_day(office, pool, settings, 30), "published_alone") == []
