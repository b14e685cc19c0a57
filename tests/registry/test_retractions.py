"""Withdrawals, postponements and corrections: what may be said of another change, and when."""

from typing import Any

import pytest

from tests.registry.office import Office, part, place, terms


async def drafted(office: Office, change: dict[str, Any], what: str, **body: Any) -> str:
    answer = await office.about(change["id"], what, **body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_change_is_withdrawn_once_however_many_withdrawals_were_drafted(office: Office) -> None:
    key, _ = await office.added()
    change = await office.alter(key, "2027-03-01", place("fr", "France"))
    first = await drafted(office, change, "withdrawal")
    second = await drafted(office, change, "withdrawal")

    assert (await office.publish(first)).status_code == 201
    assert (await office.publish(second)).status_code == 409
    for path in ("/", "/feeds/changes.rss", "/v1/changes", f"/v1/changes/{change['id']}"):
        assert (await office.client.get(path)).status_code == 200


async def test_a_postponement_that_was_overtaken_is_refused_when_published(office: Office) -> None:
    key, _ = await office.added()
    change = await office.alter(key, "2027-03-01", place("fr", "France"))
    far = await drafted(office, change, "postponement", effective_on="2027-05-01")
    near = await drafted(office, change, "postponement", effective_on="2027-04-01")
    gone = await drafted(office, change, "withdrawal")

    done = await office.publish(far)
    assert done.status_code == 201
    read = (await office.client.get(f"/v1/changes/{change['id']}")).json()
    assert read["postponed_by"] == done.json()["id"]
    assert (await office.publish(near)).status_code == 400
    assert (await office.publish(gone)).status_code == 409
    assert await office.places(key, "2027-04-30") == {"Germany"}


async def test_a_withdrawn_change_can_no_longer_be_postponed(office: Office) -> None:
    key, _ = await office.added()
    change = await office.alter(key, "2027-03-01", place("fr", "France"))
    later = await drafted(office, change, "postponement", effective_on="2027-05-01")
    await office.publish(await drafted(office, change, "withdrawal"))
    assert (await office.publish(later)).status_code == 409


async def test_a_change_that_a_correction_mends_is_not_withdrawn_before_the_correction(
    office: Office,
) -> None:
    key, _ = await office.added()
    change = await office.alter(key, "2027-02-01", {"summary": "Frist words"})
    correction = await office.published(
        kind="correction",
        about=change["id"],
        parts=[part(key, "set", "2027-02-01", {"summary": "First words"})],
    )
    refused = await office.about(change["id"], "withdrawal")
    assert refused.status_code == 409
    assert str(correction["number"]) in refused.json()["detail"]
    await office.publish(await drafted(office, correction, "withdrawal"))
    assert (await office.publish(await drafted(office, change, "withdrawal"))).status_code == 201
    assert "summary" not in (await office.terms(key))[-1]["terms"]


async def test_a_correction_is_of_the_change_itself(office: Office) -> None:
    key, _ = await office.added()
    change = await office.alter(key, "2027-02-01", {"summary": "Frist words"})
    correction = await office.published(
        kind="correction",
        about=change["id"],
        parts=[part(key, "set", "2027-02-01", {"summary": "First wrods"})],
    )
    again = [part(key, "set", "2027-02-01", {"summary": "First words"})]
    assert (await office.draft(kind="correction", about=correction["id"], parts=again)).status_code == 400
    assert (await office.draft(kind="correction", about=change["id"], parts=again)).status_code == 201


async def test_a_postponement_past_a_later_word_on_the_same_member_is_refused(office: Office) -> None:
    key, _ = await office.added()
    first = await office.alter(key, "2027-02-01", {"product": "One"})
    later = await office.alter(key, "2027-03-01", {"product": "Two"})
    refused = await office.about(first["id"], "postponement", effective_on="2027-04-01")
    assert refused.status_code == 409
    assert str(later["number"]) in refused.json()["detail"]
    assert (await office.about(first["id"], "postponement", effective_on="2027-02-15")).status_code == 201


async def test_the_review_of_a_postponed_end_shows_what_goes_on(office: Office) -> None:
    key, _ = await office.added("Far Ltd", **terms("India"))
    end = await office.published(kind="removed", parts=[part(key, "end", "2027-01-01")])
    review = (
        await office.review(await drafted(office, end, "postponement", effective_on="2027-06-01"))
    ).json()
    assert [(one["before"], one["after"]) for one in review["transfers"]] == [(None, "not_covered")]
    assert ("transfer_not_covered", "blocks") in [(c["code"], c["level"]) for c in review["checks"]]
    assert review["notice"] == "full_period"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="no day"),
        pytest.param({"effective_on": "2027-05-01", "parts": []}, id="both"),
        pytest.param({"parts": [{"effective_on": "2027-05-01"}]}, id="no subject"),
    ],
)
async def test_a_postponement_says_one_day_for_each_subject(office: Office, body: dict[str, Any]) -> None:
    key, _ = await office.added()
    change = await office.alter(key, "2027-03-01", place("fr", "France"))
    assert (await office.about(change["id"], "postponement", **body)).status_code == 400
    twice = [{"sub_processor_id": key, "effective_on": "2027-05-01"}] * 2
    assert (await office.about(change["id"], "postponement", parts=twice)).status_code == 400


async def test_a_day_that_is_too_early_is_named_where_the_request_has_it(office: Office) -> None:
    old, _ = await office.added("Old Ltd")
    new, _ = await office.added("New Ltd")
    change = await office.published(
        kind="replaced",
        parts=[part(old, "end", "2027-03-01"), part(new, "set", "2027-03-01", place("fr", "France"))],
    )
    early = [{"sub_processor_id": new, "effective_on": "2027-02-01"}]
    refused = await office.about(change["id"], "postponement", parts=early)
    assert (refused.status_code, refused.json()["errors"][0]["member"]) == (400, "parts[0].effective_on")
