"""Changes: drafted, reviewed and published by two persons; true from their day; never altered."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient

from registry.clock import Clock
from registry.database import Pool
from registry.settings import Settings
from tests.registry.office import Office, organisation, part, place, terms, use


@pytest.fixture
async def office(client: AsyncClient, pool: Pool, clock: Clock, settings: Settings) -> Office:
    return await Office.open(client, pool, clock, settings)


async def test_a_draft_alters_nothing_and_its_publication_is_true_from_its_day(office: Office) -> None:
    drafted = await office.draft(
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
    assert drafted.status_code == 201
    key = drafted.json()["parts"][0]["sub_processor_id"]
    assert (await office.client.get(f"/v1/sub-processors/{key}")).status_code == 404

    published = await office.publish(drafted.json()["id"])

    assert published.status_code == 201
    assert published.json()["number"] == 1
    shown = (await office.client.get(f"/v1/sub-processors/{key}")).json()
    assert shown["status"] == "planned"
    for day, status in (("2027-01-31", "planned"), ("2027-02-01", "active"), ("2027-02-02", "active")):
        listed = (await office.client.get("/v1/sub-processors", params={"as_of": day})).json()["data"]
        found = (await office.client.get(f"/v1/sub-processors/{key}", params={"as_of": day})).json()
        assert found["status"] == status
        assert bool(listed) is (status == "active")


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


async def test_two_planned_changes_published_in_the_wrong_order_of_their_days_both_hold(
    office: Office,
) -> None:
    key, _ = await office.added()
    await office.alter(key, "2027-03-01", place("us", "United States"))
    await office.alter(key, "2027-01-01", place("fr", "France"))

    assert await office.places(key, "2026-12-31") == {"Germany"}
    assert await office.places(key, "2027-01-01") == {"Germany", "France"}
    assert await office.places(key, "2027-03-01") == {"Germany", "France", "United States"}
    assert [period["changes"] for period in await office.terms(key)] == [[1], [1, 3], [1, 3, 2]]


async def test_a_withdrawal_is_a_change_of_its_own_and_equals_never_having_been(office: Office) -> None:
    key, _ = await office.added()
    before = await office.terms(key)
    change = await office.alter(key, "2027-03-01", place("us", "United States"))
    later = await office.alter(key, "2027-04-01", {"product": "Cloud"})
    drafted = await office.about(change["id"], "withdrawal")
    assert drafted.status_code == 201
    assert drafted.json()["about"]["number"] == change["number"]

    withdrawal = (await office.publish(drafted.json()["id"])).json()

    assert (withdrawal["kind"], withdrawal["number"]) == ("withdrawal", later["number"] + 1)
    assert await office.places(key, "2027-03-01") == {"Germany"}
    assert (await office.terms(key))[0]["terms"] == before[0]["terms"]
    read = (await office.client.get(f"/v1/changes/{change['id']}")).json()
    assert read["withdrawn_by"] == withdrawal["id"]
    assert (await office.about(change["id"], "withdrawal")).status_code == 409


async def test_a_withdrawal_on_which_a_later_change_rests_is_refused_and_names_it(office: Office) -> None:
    key, _ = await office.added()
    change = await office.alter(key, "2027-03-01", place("us", "United States"))
    later = await office.alter(
        key, "2027-04-01", {"uses": {"hosting": {"places": {"us": {"role": "logging"}}}}}
    )

    refused = await office.about(change["id"], "withdrawal")

    assert refused.status_code == 409
    assert str(later["number"]) in refused.json()["detail"] or later["id"] in refused.json()["detail"]


async def test_a_postponement_moves_the_day_later_and_only_later(office: Office) -> None:
    key, _ = await office.added()
    change = await office.alter(key, "2027-03-01", place("us", "United States"))

    earlier = await office.about(change["id"], "postponement", effective_on="2027-02-01")
    drafted = await office.about(change["id"], "postponement", effective_on="2027-05-01")
    done = await office.publish(drafted.json()["id"])

    assert (earlier.status_code, earlier.json()["errors"][0]["member"]) == (400, "parts[0].effective_on")
    assert done.json()["parts"][0]["previously_on"] == "2027-03-01"
    assert await office.places(key, "2027-04-30") == {"Germany"}
    assert await office.places(key, "2027-05-01") == {"Germany", "United States"}


async def test_what_is_already_true_can_no_longer_be_postponed(office: Office) -> None:
    _, change = await office.added()
    refused = await office.about(change["id"], "postponement", effective_on="2027-05-01")
    assert refused.status_code == 409


async def test_several_changes_on_one_day_are_one_period(office: Office) -> None:
    key, _ = await office.added()
    for member in ("product", "summary"):
        await office.alter(key, "2027-03-01", {member: "Other"})
    await office.alter(key, "2027-03-01", place("fr", "France"))

    assert [(p["valid_from"], p["changes"]) for p in await office.terms(key)] == [
        ("2026-01-01", [1]),
        ("2027-03-01", [1, 2, 3, 4]),
    ]


async def test_one_change_replaces_one_sub_processor_by_another_on_two_days(office: Office) -> None:
    old, _ = await office.added("Old Mail SARL")
    change = await office.published(
        kind="replaced",
        parts=[
            {
                "sub_processor": {"organisation": organisation("New Mail BV")},
                "operation": "start",
                "effective_on": "2027-07-01",
                "patch": terms("Netherlands"),
            },
            part(old, "end", "2027-09-01"),
        ],
    )
    new = change["parts"][0]["sub_processor_id"]

    assert await office.places(old, "2027-08-31") == {"Germany"}
    assert await office.places(old, "2027-09-01") == set()
    assert await office.places(new, "2027-06-30") == set()
    assert await office.places(new, "2027-07-01") == {"Netherlands"}
    ending = (await office.client.get(f"/v1/sub-processors/{old}")).json()
    assert (ending["status"], ending["ends_on"]) == ("ending", "2027-09-01")


async def test_a_vendor_returns_after_an_end_under_its_old_id(office: Office) -> None:
    key, _ = await office.added()
    await office.published(kind="removed", parts=[part(key, "end", "2026-06-01")])
    await office.published(kind="added", parts=[part(key, "start", "2027-06-01", terms("France"))])

    assert await office.places(key, "2026-05-31") == {"Germany"}
    assert await office.places(key, "2026-06-01") == set()
    assert await office.places(key, "2027-06-01") == {"France"}


async def test_a_correction_mends_the_past_from_the_day_of_what_it_corrects(office: Office) -> None:
    key, change = await office.added(day="2026-01-01", **terms(product="Infrastucture"))
    await office.alter(key, "2026-06-01", place("fr", "France"))
    await office.published(
        kind="correction",
        about=change["id"],
        parts=[part(key, "set", "2026-01-01", {"product": "Infrastructure"})],
    )
    found = [period["terms"]["product"] for period in await office.terms(key)]
    assert found == ["Infrastructure", "Infrastructure"]


async def test_a_correction_that_touches_more_than_wording_is_refused(office: Office) -> None:
    key, _ = await office.added()
    refused = await office.draft(
        kind="correction", parts=[part(key, "set", "2026-01-01", place("us", "United States"))]
    )
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:onward:problem:correction-too-wide")
    assert refused.json()["errors"][0]["member"] == "parts[0].patch.uses.hosting.places.us"


async def test_a_change_whose_day_is_past_is_late_and_says_how_clients_were_told(office: Office) -> None:
    key, _ = await office.added()
    drafted = await office.draft(
        kind="material_change", parts=[part(key, "set", "2026-11-01", place("fr", "France"))]
    )
    told = {"told_on": "2026-09-15", "how": "Letter", "reference": "L-7"}
    done = await office.publish(drafted.json()["id"], already_told=told)
    assert done.json()["late"] is True
    assert done.json()["already_told"] == told


async def test_a_patch_that_a_later_change_would_override_is_refused_and_names_it(office: Office) -> None:
    key, _ = await office.added()
    later = await office.alter(key, "2027-03-01", {"product": "Two"})
    refused = await office.draft(
        kind="material_change", parts=[part(key, "set", "2027-01-01", {"product": "One"})]
    )
    assert refused.status_code == 409
    assert later["id"] in refused.json()["detail"]


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


async def test_a_draft_is_edited_and_discarded_with_the_version_that_was_read(office: Office) -> None:
    key, _ = await office.added()
    drafted = await office.draft(
        kind="material_change", parts=[part(key, "set", "2027-01-10", {"product": "Cloud"})]
    )
    address = f"/v1/changes/{drafted.json()['id']}"
    version = {"If-Match": drafted.headers["etag"]}

    edited = await office.client.patch(address, json={"reason": "Better"}, headers={**office.ada, **version})
    stale = await office.client.delete(address, headers={**office.noor, **version})
    gone = await office.client.delete(address, headers={**office.noor, "If-Match": edited.headers["etag"]})

    assert (edited.status_code, edited.json()["reason"], edited.json()["drafted_by"]) == (
        200,
        "Better",
        "Ada",
    )
    assert stale.status_code == 412
    assert gone.status_code == 204
    assert (await office.client.get(address, headers=office.otto)).status_code == 404


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


async def test_drafts_are_nobody_elses_business(office: Office) -> None:
    key, _ = await office.added()
    drafted = await office.draft(
        kind="material_change", note="Secret", parts=[part(key, "set", "2027-01-10", {"product": "X"})]
    )
    address = f"/v1/changes/{drafted.json()['id']}"

    assert (await office.client.get(address)).status_code == 404
    assert (await office.client.get(address, headers=office.otto)).json()["note"] == "Secret"
    assert (await office.client.get("/v1/changes/drafts")).status_code == 401
    assert [one["id"] for one in (await office.client.get("/v1/changes")).json()["data"]] != [
        drafted.json()["id"]
    ]


async def test_the_stream_of_changes_goes_on_after_a_number(office: Office) -> None:
    key, _ = await office.added()
    await office.alter(key, "2027-01-10", {"product": "Cloud"})
    first = (await office.client.get("/v1/changes", params={"limit": 1})).json()
    second = (await office.client.get("/v1/changes", params={"after": first["last_number"]})).json()
    nothing = (await office.client.get("/v1/changes", params={"after": second["last_number"]})).json()

    assert [one["number"] for one in first["data"] + second["data"]] == [1, 2]
    assert nothing == {"data": [], "last_number": 2}
    assert "patch" not in second["data"][0]["parts"][0]


async def test_an_organisation_is_altered_by_a_change_once_something_rests_on_it(office: Office) -> None:
    key, _ = await office.added()
    found = await office.client.get(f"/v1/sub-processors/{key}/terms", headers=office.otto)
    address = f"/v1/organisations/{found.json()['organisation_id']}"
    tag = (await office.client.get(address, headers=office.noor)).headers["etag"]
    direct = await office.client.patch(
        address, json={"facts": organisation("Other")}, headers={**office.noor, "If-Match": tag}
    )
    await office.published(
        kind="correction",
        parts=[
            {
                "organisation_id": found.json()["organisation_id"],
                "operation": "set",
                "effective_on": "2026-10-01",
                "patch": {"address": "Hauptstraße 1a, Berlin"},
            }
        ],
    )

    assert (direct.status_code, direct.json()["type"]) == (409, "urn:onward:problem:written-by-changes")
    for day, address_line in (
        ("2026-09-30", "Hauptstraße 1, Berlin"),
        ("2026-10-01", "Hauptstraße 1a, Berlin"),
    ):
        shown = await office.client.get(address, params={"as_of": day}, headers=office.otto)
        assert shown.json()["facts"]["address"] == address_line


BAD: list[Any] = [
    pytest.param({"uses": {"hostng": {"purpose": "x"}}}, "parts[0].patch.uses", id="a key that is not there"),
    pytest.param({"uses": {"hostng": None}}, "parts[0]", id="a removal of what is not there"),
    pytest.param({"usess": {}}, "parts[0].patch", id="an unknown member"),
    pytest.param({"product": "a\u0000b"}, "parts[0].patch.product", id="a NUL byte"),
    pytest.param({"product": "x" * 5000}, "parts[0].patch.product", id="a text that is too long"),
    pytest.param(
        place("x", "Paris, France; Rome, Italy"), "parts[0].patch.uses.hosting.places.x.text", id="two places"
    ),
    pytest.param(
        {"uses": {"hosting": {"places": {"x": {"role": "backup", "text": "X", "country": "QX"}}}}},
        "parts[0].patch.uses.hosting.places.x.country",
        id="a code that never was",
    ),
    pytest.param({}, "parts[0].patch", id="an empty patch"),
]


@pytest.mark.parametrize(("patch", "member"), BAD)
async def test_a_bad_patch_names_its_member_and_leaves_nothing_behind(
    office: Office, pool: Pool, patch: dict[str, Any], member: str
) -> None:
    key, _ = await office.added()
    before = await pool.fetchval("SELECT journal_no FROM head")

    refused = await office.draft(kind="material_change", parts=[part(key, "set", "2027-01-01", patch)])

    assert refused.status_code in (400, 422), refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["errors"][0]["member"].startswith(member)
    assert await pool.fetchval("SELECT journal_no FROM head") == before
    assert await pool.fetchval("SELECT count(*) FROM change WHERE number IS NULL") == 0


@pytest.mark.parametrize(
    ("kind", "operation", "day", "status"),
    [
        pytest.param("removed", "end", "2025-12-31", 422, id="an end before the start"),
        pytest.param("added", "start", "2026-06-01", 422, id="a start of what is there"),
        pytest.param("added", "set", "2026-06-01", 400, id="a set in an added change"),
        pytest.param("removed", "end", "2027-02-30", 400, id="an impossible day"),
        pytest.param("removed", "end", "9999-12-31", 400, id="the end of time"),
    ],
)
async def test_days_and_operations_that_do_not_fit_are_refused(
    office: Office, kind: str, operation: str, day: str, status: int
) -> None:
    key, _ = await office.added()
    patch = None if operation == "end" else terms()
    refused = await office.draft(kind=kind, parts=[part(key, operation, day, patch)])
    assert refused.status_code == status, refused.text
    assert refused.json()["errors"]


async def test_every_publication_is_journalled_and_the_chain_verifies(office: Office) -> None:
    await office.added()
    journal = (await office.client.get("/v1/journal", headers=office.otto)).json()
    assert journal["verified"] is True
    assert [entry["operation"] for entry in journal["data"] if entry["noun"] == "change"] == [
        "drafted",
        "published",
    ]


async def test_a_journal_row_that_was_tampered_with_shows(office: Office, pool: Pool) -> None:
    await office.added()
    await pool.execute("UPDATE journal SET actor = 'key:somebody-else' WHERE operation = 'published'")
    journal = (await office.client.get("/v1/journal", headers=office.otto)).json()
    assert journal["verified"] is False


async def test_a_purged_payload_leaves_the_chain_verifiable(office: Office, pool: Pool) -> None:
    await office.added()
    await pool.execute("UPDATE journal SET payload = NULL, salt = NULL WHERE operation = 'drafted'")
    journal = (await office.client.get("/v1/journal", headers=office.otto)).json()
    assert journal["verified"] is True
