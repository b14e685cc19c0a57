"""Publication: what one saw, by a second person, once, and for good."""

import asyncio

from registry.database import Pool
from tests.registry.office import Office, organisation, part, place, terms, use


async def test_a_review_shows_old_and_new_values_checks_and_verdicts(office: Office) -> None:
    key, _ = await office.added()
    drafted = await office.draft(
        kind="material_change", parts=[part(key, "set", "2027-01-10", place("in", "India"))]
    )

    review = (await office.review(drafted.json()["id"])).json()

    [difference] = review["parts"][0]["differences"]
    assert difference["path"] == ["uses", "hosting", "places", "in"]
    assert (difference["old"], difference["new"]) == (None, "India (backup)")
    assert difference["effect"] == "widens"
    assert review["notice"] == "full_period"
    assert review["earliest_effective_on"] == "2026-12-25"
    [new] = [one for one in review["transfers"] if one["before"] is None]
    assert (new["country"], new["after"], new["on"]) == ("IN", "not_covered", "2027-01-10")
    [kept] = [one for one in review["transfers"] if one["before"] is not None]
    assert (kept["before"], kept["after"]) == ("no_transfer", "no_transfer")
    assert [(check["code"], check["level"], check["subject"]) for check in review["checks"]] == [
        ("transfer_not_covered", "blocks", new["id"])
    ]


async def test_whoever_drafted_does_not_publish_admins_included(office: Office) -> None:
    drafted = await office.draft(
        who=office.ada,
        kind="added",
        parts=[
            {
                "sub_processor": {"organisation": organisation()},
                "operation": "start",
                "effective_on": "2027-02-01",
                "patch": terms(),
            }
        ],
    )
    change_id = drafted.json()["id"]

    refused = await office.publish(change_id, who=office.ada)

    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:onward:problem:second-person-needed"
    assert "Ada" in refused.json()["detail"]
    assert (await office.publish(change_id, who=office.bram)).status_code == 201


async def test_publishing_needs_the_review_that_was_seen(office: Office) -> None:
    key, _ = await office.added()
    drafted = await office.draft(
        kind="material_change", parts=[part(key, "set", "2027-01-10", {"product": "Cloud"})]
    )
    address = f"/v1/changes/{drafted.json()['id']}/publication"
    seen = (await office.review(drafted.json()["id"])).headers["etag"]

    without = await office.client.post(address, json={}, headers=office.bram)
    await office.client.post("/v1/services", json={"key": "new", "name": "New"}, headers=office.noor)
    stale = await office.client.post(address, json={}, headers={**office.bram, "If-Match": seen})

    assert without.status_code == 428
    assert stale.status_code == 412
    assert (await office.publish(drafted.json()["id"])).status_code == 201


async def test_what_blocks_stops_the_publication_until_it_is_accepted_by_code_and_subject(
    office: Office,
) -> None:
    drafted = await office.draft(
        kind="added",
        parts=[
            {
                "sub_processor": {"organisation": {"legal_name": "Bare Inc."}},
                "operation": "start",
                "effective_on": "2027-01-10",
                "patch": {"uses": {"hosting": use("India")}},
            }
        ],
    )
    address = f"/v1/changes/{drafted.json()['id']}/publication"
    review = await office.review(drafted.json()["id"])
    match = {**office.bram, "If-Match": review.headers["etag"]}
    blocks = {
        check["code"]: check["subject"] for check in review.json()["checks"] if check["level"] == "blocks"
    }
    assert set(blocks) == {"transfer_not_covered", "flow_down_missing", "identity_incomplete"}

    stopped = await office.client.post(address, json={"accept": []}, headers=match)
    unknown = [{"code": "chain_cycle", "subject": "x", "reason": "No"}]
    missed = await office.client.post(address, json={"accept": unknown}, headers=match)
    accept = [{"code": code, "subject": subject, "reason": "We know"} for code, subject in blocks.items()]
    done = await office.client.post(address, json={"accept": accept}, headers=match)

    assert (stopped.status_code, stopped.json()["type"]) == (409, "urn:onward:problem:checks-block")
    assert len(stopped.json()["errors"]) == 3
    assert missed.status_code == 422
    assert done.status_code == 201
    assert done.json()["accepted"] == accept


async def test_of_two_publishers_at_once_one_wins_and_the_other_is_told(office: Office) -> None:
    key, _ = await office.added()
    drafted = await office.draft(
        kind="material_change", parts=[part(key, "set", "2027-01-10", {"product": "Cloud"})]
    )
    change_id = drafted.json()["id"]
    review = await office.review(change_id)

    async def publish(who: dict[str, str]) -> int:
        answer = await office.client.post(
            f"/v1/changes/{change_id}/publication",
            json={},
            headers={**who, "If-Match": review.headers["etag"]},
        )
        return answer.status_code

    codes = await asyncio.gather(publish(office.bram), publish(office.ada))

    assert sorted(codes) in ([201, 409], [201, 412])


async def test_a_repeated_publication_with_its_idempotency_key_finds_out_that_it_was_done(
    office: Office, pool: Pool
) -> None:
    key, _ = await office.added()
    drafted = await office.draft(
        kind="material_change", parts=[part(key, "set", "2027-01-10", {"product": "Cloud"})]
    )
    change_id = drafted.json()["id"]
    review = await office.review(change_id)
    headers = {**office.bram, "If-Match": review.headers["etag"], "Idempotency-Key": "once"}
    address = f"/v1/changes/{change_id}/publication"

    first = await office.client.post(address, json={}, headers=headers)
    again = await office.client.post(address, json={}, headers=headers)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert await pool.fetchval("SELECT change_no FROM head") == 2


async def test_what_is_published_is_never_altered(office: Office) -> None:
    _, change = await office.added()
    address = f"/v1/changes/{change['id']}"
    tag = (await office.client.get(address, headers=office.ada)).headers["etag"]
    for answer in (
        await office.client.patch(address, json={"reason": "No"}, headers={**office.ada, "If-Match": tag}),
        await office.client.delete(address, headers={**office.ada, "If-Match": tag}),
        await office.publish(change["id"]),
    ):
        assert answer.status_code == 409
        assert answer.json()["type"] == "urn:onward:problem:already-published"


async def test_the_stream_of_changes_goes_on_after_a_number(office: Office) -> None:
    key, _ = await office.added()
    await office.alter(key, "2027-01-10", {"product": "Cloud"})
    first = (await office.client.get("/v1/changes", params={"limit": 1})).json()
    second = (await office.client.get("/v1/changes", params={"after": first["last_number"]})).json()
    nothing = (await office.client.get("/v1/changes", params={"after": second["last_number"]})).json()

    assert [one["number"] for one in first["data"] + second["data"]] == [1, 2]
    assert nothing == {"data": [], "last_number": 2}
    assert "patch" not in second["data"][0]["parts"][0]
