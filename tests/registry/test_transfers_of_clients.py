"""Transfers under the rules that come with a client's data: found by their ids, explained, and by those who may."""

from typing import Any

import httpx
import pytest

from registry.clock import Clock
from registry.database import Pool
from registry.resources.access_keys import KeyRole
from tests.registry import clients
from tests.registry.office import Office, place, terms


async def british(office: Office, pool: Pool, clock: Clock, reference: str = "BRITISH") -> str:
    return await clients.taken_on(office, pool, clock, reference, country="GB", day="2026-06-01")


async def routes(office: Office, client_id: str) -> list[dict[str, Any]]:
    """Every way that a client's data go, those to us first."""
    answer = await office.client.get(f"/v1/clients/{client_id}/safeguards", headers=office.bram)
    shown = answer.json()
    return [
        *shown["entrusted"],
        *(
            route
            for one in shown["sub_processors"]
            for use in one["uses"]
            for placed in use["places"]
            for route in placed["routes"]
        ),
    ]


async def read(
    office: Office, key: str, what: str = "", who: dict[str, str] | None = None, **query: str
) -> httpx.Response:
    return await office.client.get(f"/v1/transfers/{key}{what}", params=query, headers=who or office.bram)


@pytest.mark.parametrize("country", ["GB", "CH"])
async def test_every_route_of_a_client_is_found_by_its_id_with_facts_and_course(
    office: Office, pool: Pool, clock: Clock, country: str
) -> None:
    await office.added("Delhi Ltd", **terms("India"))
    await office.added("Cloud Inc.", **terms("Ohio, United States"))
    client_id = await clients.taken_on(office, pool, clock, country=country, day="2026-06-01")

    for route in await routes(office, client_id):
        found = await read(office, route["transfer_id"])
        course = await read(office, route["transfer_id"], "/timeline")

        assert (found.status_code, course.status_code) == (200, 200)
        one = found.json()
        assert (one["verdict"], one["regime"]) == (route["verdict"], route["regime"])
        assert one["client_id"] == (None if route["regime"] == "eu_gdpr" else client_id)
        assert all(fact["source"] for fact in one["facts"])
        assert course.json()["intervals"][-1]["verdict"] == route["verdict"]
        if one["client_id"] is not None:
            assert course.json()["intervals"][0]["first_day"] == "2026-06-01"


async def test_what_is_not_covered_or_in_doubt_always_says_why(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await office.added("Cloud Inc.", **terms("Ohio, United States"))
    await office.added("Delhi Ltd", **terms("India"))
    client_id = await british(office, pool, clock)

    found = await routes(office, client_id)

    open_ones = [one for one in found if one["verdict"] in ("needs_review", "not_covered")]
    assert {one["verdict"] for one in open_ones} == {"needs_review", "not_covered"}
    assert all(one["why"] for one in open_ones)
    assert all(not one["why"] for one in found if one not in open_ones)


async def test_a_key_of_a_client_finds_its_own_and_nobody_elses(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await office.added("Delhi Ltd", **terms("India"))
    mine, other = await british(office, pool, clock), await british(office, pool, clock, "OTHER")
    belgian = await clients.taken_on(office, pool, clock, "BELGIAN")
    to_us = {name: (await routes(office, name))[0]["transfer_id"] for name in (mine, other)}
    shared = next(
        one["transfer_id"] for one in (await routes(office, mine))[1:] if one["regime"] == "uk_gdpr"
    )

    for role in (KeyRole.CLIENT, KeyRole.CONTRACTS):
        key = await clients.key(pool, clock, mine, role)
        foreign = await clients.key(pool, clock, belgian, role)
        for what in ("", "/timeline"):
            assert (await read(office, to_us[mine], what, key)).status_code == 200
            assert (await read(office, to_us[other], what, key)).status_code == 404
            assert (await read(office, shared, what, key)).json()["client_id"] == mine
            assert (await read(office, shared, what, foreign)).status_code == 404
            assert (await read(office, shared, what, key, client=other)).status_code == 404
        listed = await office.client.get("/v1/transfers", headers=key)
        assert {one["client_id"] for one in listed.json()["data"]} == {mine}
        refused = await office.client.get("/v1/transfers", params={"client": other}, headers=key)
        assert refused.status_code == 404


async def test_the_list_of_a_client_has_all_its_routes(office: Office, pool: Pool, clock: Clock) -> None:
    key, _ = await office.added("Delhi Ltd", **terms("India"))
    await office.alter(key, "2026-02-01", place("paris", "Paris, France"))
    client_id = await british(office, pool, clock)
    query = {"client": client_id, "limit": "2"}

    found, cursor = [], None
    while True:
        asked = query if cursor is None else {"cursor": cursor, "limit": "2"}
        page = (await office.client.get("/v1/transfers", params=asked, headers=office.bram)).json()
        found += page["data"]
        cursor = page["pagination"]["next_cursor"]
        if cursor is None:
            break

    assert sorted(one["id"] for one in found) == sorted(
        one["transfer_id"] for one in await routes(office, client_id)
    )
    whole = (await office.client.get("/v1/transfers", headers=office.bram)).json()["data"]
    assert {one["regime"] for one in whole} == {"eu_gdpr"}
    unknown = await office.client.get("/v1/transfers", params={"client": key}, headers=office.bram)
    assert unknown.status_code == 404
