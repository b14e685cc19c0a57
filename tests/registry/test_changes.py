"""Changes: true from their day, in whatever order they were published."""

from tests.registry.office import Office, organisation, part, place, terms


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

    assert (earlier.status_code, earlier.json()["errors"][0]["member"]) == (400, "effective_on")
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


async def test_a_change_whose_day_is_past_is_late_and_says_how_clients_were_told(office: Office) -> None:
    key, _ = await office.added()
    drafted = await office.draft(
        kind="material_change", parts=[part(key, "set", "2026-11-01", place("fr", "France"))]
    )
    told = {"told_on": "2026-09-15", "how": "Letter", "reference": "L-7"}
    done = await office.publish(drafted.json()["id"], already_told=told)
    assert done.json()["late"] is True
    assert done.json()["already_told"] == told


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


async def test_the_kind_of_a_use_is_more_than_wording_and_told_at_once(office: Office) -> None:
    key, _ = await office.added()
    patch = {"uses": {"hosting": {"type": "support"}}}

    refused = await office.draft(kind="correction", parts=[part(key, "set", "2027-01-10", patch)])
    drafted = await office.draft(kind="material_change", parts=[part(key, "set", "2027-01-10", patch)])

    assert (refused.status_code, refused.json()["type"]) == (422, "urn:onward:problem:correction-too-wide")
    assert (await office.review(drafted.json()["id"])).json()["notice"] == "at_once"


async def test_an_organisation_that_becomes_fixed_by_a_change_has_another_etag(office: Office) -> None:
    listed = await office.client.get("/v1/organisations", headers=office.otto)
    path = f"/v1/organisations/{listed.json()['data'][0]['id']}"
    before = await office.client.get(path, headers=office.otto)
    await office.added()

    after = await office.client.get(path, headers={**office.otto, "If-None-Match": before.headers["etag"]})

    assert (before.json()["written_by_changes"], after.status_code) == (False, 200)
    assert after.json()["written_by_changes"] is True
