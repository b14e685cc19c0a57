"""Objections: in time or not, by whom, once, received, decided with a reason, and what the client's list does then."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from registry.clock import Clock
from registry.database import Pool
from registry.settings import Settings
from tests.registry import clients
from tests.registry.delivery.receivers import receiving
from tests.registry.office import Office, organisation, place, terms
from tests.registry.test_notices import later
from tests.registry.working import Desk, open_desk, reaching

OBJECTION = {"reason": "We do not want it there."}
EFFECTIVE = "2027-06-01"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return reaching(settings)


@pytest.fixture
async def desk(office: Office, pool: Pool, clock: Clock, settings: Settings) -> Desk:
    return await open_desk(office, pool, clock, settings)


async def announced(desk: Desk) -> tuple[str, str]:
    """A sub-processor that starts on 1 June 2027: its id, and that of the change. Nobody has accepted the notice."""
    vendor, change = await desk.office.added(day=EFFECTIVE)
    return vendor, change["id"]


async def given(desk: Desk) -> tuple[str, str]:
    """As `announced`, and the client's receiver accepted it today: objections are in time until 8 December."""
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
        found = await announced(desk)
        await desk.delivered()
    return found


async def object_to(
    desk: Desk, change_id: str, who: dict[str, str] | None = None, **members: Any
) -> httpx.Response:
    return await desk.office.client.post(
        f"/v1/changes/{change_id}/objections", json={**OBJECTION, **members}, headers=who or desk.dana
    )


async def objected(desk: Desk, change_id: str) -> dict[str, Any]:
    made = await object_to(desk, change_id)
    assert made.status_code == 201, made.text
    objection: dict[str, Any] = made.json()["objection"]
    return objection


async def act(
    desk: Desk, objection_id: str, what: str, who: dict[str, str] | None = None, **body: Any
) -> httpx.Response:
    """Resolve, retract or decide on an objection, as it is now."""
    path = f"/v1/objections/{objection_id}"
    seen = await desk.office.client.get(path, headers=desk.office.otto)
    assert seen.status_code == 200, seen.text
    headers = {**(who or desk.office.bram), "If-Match": seen.headers["etag"]}
    return await desk.office.client.post(f"{path}/{what}", json=body or None, headers=headers)


async def own_list(desk: Desk, day: str = EFFECTIVE) -> tuple[set[str], list[str]]:
    """The sub-processors of the client's list of a day, and why changes are left out of it."""
    path = f"/v1/clients/{desk.client_id}/sub-processors"
    found = await desk.office.client.get(path, params={"as_of": day}, headers=desk.dana)
    assert found.status_code == 200, found.text
    body = found.json()
    listed = {one["id"] for one in body["data"] if one["status"] in ("active", "ending")}
    return listed, [one["reason"] for one in body["deviations"]]


async def attention(desk: Desk, code: str) -> list[dict[str, Any]]:
    found = await desk.office.client.get("/v1/attention", params={"code": code}, headers=desk.office.otto)
    assert found.status_code == 200, found.text
    data: list[dict[str, Any]] = found.json()["data"]
    return data


# In time


@pytest.mark.parametrize(
    ("moment", "status"), [("2026-12-08T23:59:00+01:00", 201), ("2026-12-09T00:00:00+01:00", 409)]
)
async def test_an_objection_is_in_time_through_the_whole_of_the_last_day(
    desk: Desk, moment: str, status: int
) -> None:
    _, change_id = await given(desk)
    then = await later(desk, moment)
    made = await object_to(then, change_id)
    assert made.status_code == status, made.text
    [notice] = [one for one in await then.notices() if one["change_id"] == change_id]
    if status == 201:
        assert (made.json()["objection_until"], notice["state"]) == ("2026-12-08", "objected")
    else:
        assert "in time until 2026-12-08, that day included" in made.json()["detail"]
        assert notice["state"] == "accepted_by_silence"
        assert (await then.office.client.get("/v1/objections", headers=desk.dana)).json()["data"] == []


async def test_nobody_is_late_who_was_never_told(desk: Desk) -> None:
    _, change_id = await announced(desk)
    long_after = await later(desk, "2028-03-01T10:00:00+01:00")
    made = await object_to(long_after, change_id)
    assert (made.status_code, made.json()["objection_until"]) == (201, None)


async def test_an_objection_made_twice_is_refused_and_says_where_the_first_is(desk: Desk) -> None:
    _, change_id = await given(desk)
    await objected(desk, change_id)
    again = await object_to(desk, change_id)
    assert again.status_code == 409
    assert "/v1/objections" in again.json()["detail"]


async def test_of_many_at_once_one_is_made(desk: Desk) -> None:
    _, change_id = await given(desk)
    answers = await asyncio.gather(*(object_to(desk, change_id) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]


async def test_a_request_that_comes_twice_under_one_key_is_one_objection(desk: Desk) -> None:
    _, change_id = await given(desk)
    who = {**desk.dana, "Idempotency-Key": str(uuid4())}
    first, second = [await object_to(desk, change_id, who) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    listed = await desk.office.client.get("/v1/objections", headers=desk.dana)
    assert len(listed.json()["data"]) == 1


async def test_a_withdrawn_change_leaves_nothing_to_object_to(desk: Desk) -> None:
    _, change_id = await given(desk)
    drafted = await desk.office.about(change_id, "withdrawal")
    assert (await desk.office.publish(drafted.json()["id"])).status_code == 201
    refused = await object_to(desk, change_id)
    assert refused.status_code == 409
    assert "withdrawn" in refused.json()["detail"]


async def test_what_narrows_is_told_and_not_objected_to(desk: Desk) -> None:
    vendor, _ = await desk.office.added(day="2026-01-01")
    change = await desk.office.published(
        kind="removed",
        parts=[{"sub_processor_id": vendor, "operation": "end", "effective_on": "2027-01-01"}],
    )
    refused = await object_to(desk, change["id"])
    assert refused.status_code == 409
    assert "narrows or ends processing" in refused.json()["detail"]


@pytest.mark.parametrize("reason", ["", "a\u0000b", "x" * 20_001, None])
async def test_a_reason_that_cannot_be_kept_is_refused_by_its_name(desk: Desk, reason: str | None) -> None:
    _, change_id = await given(desk)
    refused = await object_to(desk, change_id, reason=reason)
    assert refused.status_code == 400
    assert "reason" in refused.json()["detail"]


# By whom


async def test_a_client_objects_for_itself_alone_and_sees_no_other_ones(
    desk: Desk, pool: Pool, clock: Clock
) -> None:
    _, change_id = await given(desk)
    mine = await objected(desk, change_id)
    other_id = await clients.taken_on(desk.office, pool, clock, "C-2")
    other = await clients.key(pool, clock, other_id, holder="Olga")
    client = desk.office.client

    assert (await object_to(desk, change_id, other, client_id=desk.client_id)).status_code == 400
    assert (await client.get("/v1/objections", headers=other)).json()["data"] == []
    of_other = await client.get("/v1/objections", params={"client": desk.client_id}, headers=other)
    assert of_other.json()["data"] == []
    of_change = await client.get(f"/v1/changes/{change_id}/objections", headers=other)
    assert of_change.json()["data"] == []
    path = f"/v1/objections/{mine['id']}"
    absent = await client.get(f"/v1/objections/{uuid4()}", headers=other)
    hidden = await client.get(path, headers=other)
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.json()["title"] == absent.json()["title"]
    taken_back = await client.post(
        f"{path}/retraction",
        headers={**other, "If-Match": (await client.get(path, headers=desk.dana)).headers["etag"]},
    )
    assert taken_back.status_code == 404
    assert [one["id"] for one in (await client.get("/v1/objections", headers=desk.dana)).json()["data"]] == [
        mine["id"]
    ]


async def test_who_was_not_told_cannot_object_and_learns_nothing_of_drafts(desk: Desk) -> None:
    drafted = await desk.office.draft(
        kind="added",
        parts=[
            {
                "sub_processor": {"organisation": organisation("Secret Plans BV")},
                "operation": "start",
                "effective_on": EFFECTIVE,
                "patch": terms(),
            }
        ],
    )
    client = desk.office.client
    for change_id in (drafted.json()["id"], str(uuid4())):
        assert (await object_to(desk, change_id)).status_code == 404
        listed = await client.get(f"/v1/changes/{change_id}/objections", headers=desk.dana)
        assert listed.status_code == 404


async def test_a_colleague_records_what_reached_us_on_paper(desk: Desk) -> None:
    _, change_id = await given(desk)
    assert (await object_to(desk, change_id, desk.office.bram)).status_code == 400
    made = await object_to(desk, change_id, desk.office.bram, client_id=desk.client_id)
    assert made.status_code == 201
    unknown = await object_to(desk, change_id, desk.office.bram, client_id=str(uuid4()))
    assert unknown.status_code == 404
    seen = await desk.office.client.get(f"/v1/objections/{made.json()['objection']['id']}", headers=desk.dana)
    assert seen.json()["reason"] == OBJECTION["reason"]


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        ("noor", (403, 403, 403, 403)),
        ("otto", (403, 403, 403, 403)),
        ("dana", (201, 403, 403, 200)),
        ("nobody", (401, 401, 401, 401)),
    ],
)
async def test_who_may_not_is_refused(desk: Desk, who: str, statuses: tuple[int, ...]) -> None:
    """To object, to decide, to go on against it, and to take it back."""
    _, change_id = await given(desk)
    people = {"noor": desk.office.noor, "otto": desk.office.otto, "dana": desk.dana, "nobody": {}}
    made = await object_to(desk, change_id, people[who] or {"X-Nobody": "1"})
    if made.status_code == 201:
        objection_id = made.json()["objection"]["id"]
    else:
        objection_id = (await objected(desk, change_id))["id"]
    key = people[who] or {"X-Nobody": "1"}
    found = (
        made,
        await act(desk, objection_id, "resolution", key, outcome="rejected", reason="No"),
        await act(desk, objection_id, "decision", key, reason="No"),
        await act(desk, objection_id, "retraction", key),
    )
    assert tuple(answer.status_code for answer in found) == statuses


# Received, told, decided


async def test_the_receipt_is_a_row_of_the_journal_and_goes_out_on_the_clients_channel(desk: Desk) -> None:
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
        _, change_id = await announced(desk)
        await desk.delivered()
        receipt = (await object_to(desk, change_id)).json()
        await desk.delivered()
        told = receiver.asked[-1].body
    journal = await desk.office.client.get("/v1/journal", params={"limit": 200}, headers=desk.office.otto)
    [row] = [one for one in journal.json()["data"] if one["number"] == receipt["journal_number"]]
    assert (row["operation"], row["digest"]) == ("objected", receipt["journal_digest"])
    assert b'"type":"change.outcome"' in told
    assert b'"state":"objected"' in told


async def test_a_client_that_objects_is_not_reminded_and_one_that_takes_it_back_in_time_is(
    desk: Desk,
) -> None:
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
        _, change_id = await announced(desk)
        await desk.delivered()
        objection = await objected(desk, change_id)
        [reminder] = [one for one in await desk.ledger() if one["occasion"] == "reminder"]
        assert (reminder["state"], reminder["last_status"]) == ("suppressed", "the client objects")
        assert (await act(desk, objection["id"], "retraction", desk.dana)).status_code == 200
        await desk.delivered()
        before = len(receiver.asked)
        await (await later(desk, "2026-12-01T08:01:00+01:00")).delivered()
        assert b'"type":"change.reminder"' in receiver.asked[before].body


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("withdrawn", "upheld"),
        ("alternative_offered", "upheld"),
        ("rejected", "rejected"),
        ("terminated", "terminated"),
    ],
)
async def test_a_decision_is_told_with_its_reason_and_closes_the_objection(
    desk: Desk, outcome: str, state: str
) -> None:
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
        _, change_id = await announced(desk)
        await desk.delivered()
        objection = await objected(desk, change_id)
        done = await act(desk, objection["id"], "resolution", outcome=outcome, reason="As we wrote.")
        assert (done.status_code, done.json()["state"]) == (200, outcome)
        await desk.delivered()
        told = receiver.asked[-1].body
    assert f'"state":"{outcome}"'.encode() in told
    assert b'"outcome":"As we wrote."' in told
    [notice] = await desk.notices()
    assert notice["state"] == state
    for again in ("rejected", "withdrawn"):
        closed = await act(desk, objection["id"], "resolution", outcome=again, reason="No")
        assert closed.status_code == 409
    assert (await act(desk, objection["id"], "retraction", desk.dana)).status_code == 409
    assert (await object_to(desk, change_id)).status_code == 409


async def test_a_decision_is_made_on_what_was_seen(desk: Desk) -> None:
    _, change_id = await given(desk)
    objection = await objected(desk, change_id)
    path = f"/v1/objections/{objection['id']}"
    for what, body in (
        ("resolution", {"outcome": "rejected", "reason": "No"}),
        ("retraction", None),
        ("decision", {"reason": "No"}),
    ):
        unseen = await desk.office.client.post(f"{path}/{what}", json=body, headers=desk.office.bram)
        assert unseen.status_code == 428
        stale = {**desk.office.bram, "If-Match": '"older"'}
        assert (await desk.office.client.post(f"{path}/{what}", json=body, headers=stale)).status_code == 412


async def test_a_withdrawal_meets_the_objection_and_says_so(desk: Desk) -> None:
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
        vendor, change_id = await announced(desk)
        await desk.delivered()
        objection = await objected(desk, change_id)
        drafted = await desk.office.about(change_id, "withdrawal")
        assert (await desk.office.publish(drafted.json()["id"])).status_code == 201
        await desk.delivered()
        outcomes = [asked.body for asked in receiver.asked if b'"state":"withdrawn"' in asked.body]
    [told] = outcomes
    assert b"is withdrawn by change" in told
    seen = (await desk.office.client.get(f"/v1/objections/{objection['id']}", headers=desk.dana)).json()
    assert (seen["state"], seen["resolution"]) == ("withdrawn", "Change 1 is withdrawn by change 2.")
    assert await attention(desk, "objection_open") == []
    assert await own_list(desk) == (set(), [])
    assert vendor


async def test_a_withdrawal_of_an_objection_that_was_decided_changes_nothing_of_it(desk: Desk) -> None:
    _, change_id = await given(desk)
    objection = await objected(desk, change_id)
    await act(desk, objection["id"], "resolution", outcome="rejected", reason="No")
    drafted = await desk.office.about(change_id, "withdrawal")
    assert (await desk.office.publish(drafted.json()["id"])).status_code == 201
    seen = (await desk.office.client.get(f"/v1/objections/{objection['id']}", headers=desk.dana)).json()
    assert (seen["state"], seen["resolution"]) == ("rejected", "No")


# The list of the client


async def test_the_change_stays_out_of_the_clients_list_until_its_objection_is_decided_against(
    desk: Desk,
) -> None:
    vendor, change_id = await given(desk)
    objection = await objected(desk, change_id)
    effective = await later(desk, "2027-06-01T09:00:00+02:00")
    assert await own_list(effective) == (set(), ["objection_open"])
    safeguards = await effective.office.client.get(
        f"/v1/clients/{desk.client_id}/safeguards", headers=desk.dana
    )
    assert [one["reason"] for one in safeguards.json()["deviations"]] == ["objection_open"]
    assert safeguards.json()["sub_processors"] == []
    public = await effective.office.client.get(f"/v1/sub-processors/{vendor}")
    assert public.json()["status"] == "active"

    decided = await later(desk, "2027-06-10T09:00:00+02:00")
    done = await act(decided, objection["id"], "resolution", outcome="rejected", reason="It is safe there.")
    assert done.status_code == 200
    assert await own_list(decided, "2027-06-09") == (set(), ["binds_later"])
    assert await own_list(decided, "2027-06-10") == ({vendor}, [])


@pytest.mark.parametrize("outcome", ["withdrawn", "alternative_offered", "terminated"])
async def test_what_is_upheld_stays_out_of_it(desk: Desk, outcome: str) -> None:
    _, change_id = await given(desk)
    objection = await objected(desk, change_id)
    await act(desk, objection["id"], "resolution", outcome=outcome, reason="You are right.")
    assert await own_list(desk) == (set(), ["objection_upheld"])
    assert await own_list(desk, "2029-01-01") == (set(), ["objection_upheld"])


async def test_an_objection_taken_back_before_the_day_lets_the_change_bind_on_it(desk: Desk) -> None:
    vendor, change_id = await given(desk)
    objection = await objected(desk, change_id)
    await act(desk, objection["id"], "retraction", desk.dana)
    assert await own_list(desk) == ({vendor}, [])
    assert (await own_list(desk, "2027-05-31"))[0] == set()
    # Taken back in time, it may be made anew.
    assert (await object_to(desk, change_id)).status_code == 201
    assert await own_list(desk) == (set(), ["objection_open"])


@pytest.mark.parametrize("upheld", [False, True])
async def test_privacy_goes_on_against_it_by_a_decision_of_its_own_from_a_day_on(
    desk: Desk, *, upheld: bool
) -> None:
    vendor, change_id = await given(desk)
    objection = await objected(desk, change_id)
    if upheld:
        await act(desk, objection["id"], "resolution", outcome="alternative_offered", reason="Wait.")
    past = await act(desk, objection["id"], "decision", reason="We must.", binds_from="2026-11-23")
    assert past.status_code == 400
    done = await act(desk, objection["id"], "decision", reason="We must.", binds_from="2027-07-01")
    assert done.status_code == 200, done.text
    assert done.json()["decision"]["binds_from"] == "2027-07-01"
    assert done.json()["state"] == ("alternative_offered" if upheld else "rejected")
    assert await own_list(desk, "2027-06-30") == (set(), ["binds_later"])
    assert await own_list(desk, "2027-07-01") == ({vendor}, [])
    again = await act(desk, objection["id"], "decision", reason="We must.")
    assert again.status_code == 409


@pytest.mark.parametrize("state", ["rejected", "retracted"])
async def test_nothing_is_left_to_decide_where_the_change_binds_anyway(desk: Desk, state: str) -> None:
    _, change_id = await given(desk)
    objection = await objected(desk, change_id)
    if state == "rejected":
        await act(desk, objection["id"], "resolution", outcome="rejected", reason="No")
    else:
        await act(desk, objection["id"], "retraction", desk.dana)
    refused = await act(desk, objection["id"], "decision", reason="We must.")
    assert refused.status_code == 409
    assert state in refused.json()["detail"]


# Where colleagues look


async def test_colleagues_see_an_open_objection_wherever_they_look_and_the_public_nowhere(desk: Desk) -> None:
    vendor, change_id = await given(desk)
    client, path = desk.office.client, f"/v1/changes/{change_id}"
    before = await client.get(path, headers=desk.office.otto)
    public = await client.get(path)
    objection = await objected(desk, change_id)

    seen = await client.get(path, headers={**desk.office.otto, "If-None-Match": before.headers["etag"]})
    assert (before.json()["open_objections"], seen.json()["open_objections"]) == (0, 1)
    drafted = await desk.office.draft(
        kind="material_change",
        parts=[
            {
                "sub_processor_id": vendor,
                "operation": "set",
                "effective_on": "2027-09-01",
                "patch": place("lyon", "Lyon, France"),
            }
        ],
    )
    review = await desk.office.review(drafted.json()["id"])
    assert "objection_open" in [check["code"] for check in review.json()["checks"]]
    [item] = await attention(desk, "objection_open")
    assert (item["noun"], item["urgency"]) == ("objection", "soon")

    again = await client.get(path)
    assert again.text == public.text
    assert "objection" not in again.text
    assert again.headers["etag"] == public.headers["etag"]
    await act(desk, objection["id"], "resolution", outcome="rejected", reason="No")
    assert (await client.get(path, headers=desk.office.otto)).json()["open_objections"] == 0


async def test_everything_about_an_objection_is_journalled(desk: Desk) -> None:
    _, change_id = await given(desk)
    first = await objected(desk, change_id)
    await act(desk, first["id"], "retraction", desk.dana)
    second = await objected(desk, change_id)
    await act(desk, second["id"], "resolution", outcome="alternative_offered", reason="See below.")
    await act(desk, second["id"], "decision", reason="We must.")
    journal = await desk.office.client.get("/v1/journal", params={"limit": 200}, headers=desk.office.otto)
    rows = [one for one in journal.json()["data"] if one["noun"] == "objection"]
    assert [(one["operation"], one["noun_id"]) for one in rows] == [
        ("objected", first["id"]),
        ("retracted", first["id"]),
        ("objected", second["id"]),
        ("resolved", second["id"]),
        ("went_on", second["id"]),
    ]


async def test_a_page_of_objections_goes_on_where_the_last_one_ended(desk: Desk) -> None:
    _, change_id = await given(desk)
    first = await objected(desk, change_id)
    await act(desk, first["id"], "retraction", desk.dana)
    second = await objected(desk, change_id)
    seen, query = [], {"limit": "1"}
    while True:
        page = (await desk.office.client.get("/v1/objections", params=query, headers=desk.office.otto)).json()
        seen += [one["id"] for one in page["data"]]
        if page["pagination"]["next_cursor"] is None:
            break
        query = {"cursor": page["pagination"]["next_cursor"]}
    assert seen == [second["id"], first["id"]]
    open_ones = await desk.office.client.get(
        "/v1/objections", params={"state": "open", "change": change_id}, headers=desk.office.otto
    )
    assert [one["id"] for one in open_ones.json()["data"]] == [second["id"]]
