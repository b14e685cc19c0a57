"""Services: our offerings, named by permanent keys."""

from tests.registry.office import Office, terms


async def add(office: Office, key: str) -> dict[str, str]:
    made = await office.client.post(
        "/v1/services", json={"key": key, "name": key.title()}, headers=office.noor
    )
    assert made.status_code == 201
    return {"id": made.json()["id"], "etag": made.headers["etag"]}


async def test_a_key_is_taken_once(office: Office) -> None:
    await add(office, "desk")
    again = await office.client.post(
        "/v1/services", json={"key": "desk", "name": "Other"}, headers=office.noor
    )
    assert again.status_code == 409


async def test_a_service_is_renamed_by_whoever_read_it_and_keeps_its_key(office: Office) -> None:
    made = await add(office, "desk")
    address = f"/v1/services/{made['id']}"
    unread = await office.client.patch(address, json={"name": "Help desk"}, headers=office.bram)
    renamed = await office.client.patch(
        address, json={"name": "Help desk"}, headers={**office.bram, "If-Match": made["etag"]}
    )
    stale = await office.client.patch(
        address, json={"name": "No"}, headers={**office.bram, "If-Match": made["etag"]}
    )
    assert (unread.status_code, stale.status_code) == (428, 412)
    assert (renamed.json()["name"], renamed.json()["key"]) == ("Help desk", "desk")


async def test_a_day_has_the_services_made_by_then_or_in_its_terms(office: Office) -> None:
    await add(office, "desk")
    await add(office, "payroll")
    used = terms()
    used["uses"]["hosting"]["services"] = {"desk": True}
    await office.added(day="2020-01-01", **used)
    for day, keys in (("2019-12-31", []), ("2020-01-01", ["desk"]), ("2026-11-24", ["desk", "payroll"])):
        found = await office.client.get("/v1/services", params={"as_of": day})
        assert [service["key"] for service in found.json()["data"]] == keys


async def test_everyone_reads_services_and_only_colleagues_write_them(office: Office) -> None:
    await add(office, "desk")
    assert len((await office.client.get("/v1/services")).json()["data"]) == 1
    for who, status in (({}, 401), (office.otto, 403)):
        refused = await office.client.post("/v1/services", json={"key": "x", "name": "X"}, headers=who)
        assert refused.status_code == status
