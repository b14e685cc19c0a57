"""Drafts: edited and discarded by those who read them; a bad one names its member and leaves nothing."""

from typing import Any

import pytest

from registry.database import Pool
from tests.registry.office import Office, part, place, terms


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


async def test_a_correction_that_touches_more_than_wording_is_refused(office: Office) -> None:
    key, _ = await office.added()
    refused = await office.draft(
        kind="correction", parts=[part(key, "set", "2026-01-01", place("us", "United States"))]
    )
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:onward:problem:correction-too-wide")
    assert refused.json()["errors"][0]["member"] == "parts[0].patch.uses.hosting.places.us"


async def test_a_patch_that_a_later_change_would_override_is_refused_and_names_it(office: Office) -> None:
    key, _ = await office.added()
    later = await office.alter(key, "2027-03-01", {"product": "Two"})
    refused = await office.draft(
        kind="material_change", parts=[part(key, "set", "2027-01-01", {"product": "One"})]
    )
    assert refused.status_code == 409
    assert later["id"] in refused.json()["detail"]


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
