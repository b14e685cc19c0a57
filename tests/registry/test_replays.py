"""Histories of published lists, replayed: each event one change, and in the end exactly the last list."""

import csv
import io
from collections.abc import AsyncIterator, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, cast

import feedparser
import httpx
import pytest

from registry.app import create_app
from registry.clock import Clock
from registry.database import open_pool
from registry.settings import Settings
from tests import databases
from tests.conftest import NOW
from tests.registry.importing import listed, report
from tests.registry.office import Office, part

LISTS = Path(__file__).with_name("lists")

SERVICES = {
    "pro": "Claude Pro/Max",
    "api": "Anthropic API",
    "platform": "Claude Developer Platform",
    "work": "Claude for Work",
    "government": "Claude for Government",
}
ALL = set(SERVICES.values())


def events(name: str) -> list[dict[str, str]]:
    with (LISTS / f"{name}.events.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def last(name: str) -> list[list[str]]:
    with (LISTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def scope(products: str) -> set[str]:
    """The names of the services that a product cell means; empty: all of them."""
    if products.casefold() in ("", "all products"):
        return set()
    if " except " in products:
        return ALL - {products.split(" except ")[1]}
    return set(products.split(", "))


def use(event: dict[str, str]) -> dict[str, Any]:
    """The use of an event; a set of services is written whole, so what is not in it is taken out."""
    return {
        "purpose": event["purpose"],
        "places": {"main": {"role": "processing", "text": event["place"]}},
        "services": {
            key: True if SERVICES[key] in scope(event.get("products", "")) else None
            for key in SERVICES
            if scope(event.get("products", ""))
        },
    }


async def replay(office: Office, name: str) -> list[str]:
    """Draft and publish every event by two persons, each on its day; the ids of the changes in order."""
    keys: dict[str, str] = {}
    scopes: dict[str, set[str]] = {}
    ids = []
    for event in events(name):
        entity, day = event["name"], event["day"]
        if event["event"] == "removed":
            change = await office.published(kind="removed", parts=[part(keys[entity], "end", day)])
        elif event["event"] == "changed":
            patch = without_absent(use(event), scopes[entity])
            change = await office.alter(keys[entity], day, {"uses": {"main": patch}})
        else:
            start = without_absent(use(event), set())
            change = await office.published(
                kind="added",
                parts=[
                    {
                        "sub_processor": {"organisation": {"legal_name": entity}},
                        "operation": "start",
                        "effective_on": day,
                        "patch": {"uses": {"main": start}},
                    }
                ],
            )
            keys[entity] = change["parts"][0]["sub_processor_id"]
        scopes[entity] = scope(event.get("products", ""))
        ids.append(change["id"])
    return ids


def without_absent(patch: dict[str, Any], before: set[str]) -> dict[str, Any]:
    """A merge patch removes only what is there."""
    kept = {key: value for key, value in patch["services"].items() if value or SERVICES[key] in before}
    if not patch["services"]:
        kept = {key: None for key, name in SERVICES.items() if name in before}
    return {**patch, "services": kept}


async def rows(office: Office) -> Iterator[tuple[str, str, str, frozenset[str]]]:
    answer = await office.client.get("/v1/sub-processors", params={"limit": 200})
    return (
        (
            one["legal_name"],
            used["purpose"],
            ", ".join(place["text"] for place in used["places"]),
            frozenset(used["services"]),
        )
        for one in answer.json()["data"]
        for used in one["uses"]
    )


async def feed(office: Office) -> list[Any]:
    parsed = feedparser.parse((await office.client.get("/feeds/changes.rss")).content)
    assert not parsed.bozo
    return list(reversed(parsed.entries))


@pytest.mark.parametrize("name", ["range-labs", "anthropic"])
async def test_a_history_published_event_by_event_ends_in_the_last_list_and_is_the_feed(
    office: Office, name: str
) -> None:
    if name == "anthropic":
        for key, service in SERVICES.items():
            await office.client.post("/v1/services", json={"key": key, "name": service}, headers=office.noor)

    ids = await replay(office, name)

    expected = [(row[0], row[1], row[2], row[3] if name == "anthropic" else "") for row in last(name)]
    assert sorted(await rows(office), key=str) == sorted(
        ((who, what, where, frozenset(scope(products))) for who, what, where, products in expected), key=str
    )
    entries = await feed(office)
    assert [entry.id for entry in entries] == [f"urn:uuid:{change_id}" for change_id in ids]
    assert [entry.onward_kind for entry in entries] == [
        {"added": "added", "changed": "material_change", "removed": "removed"}[event["event"]]
        for event in events(name)
    ]
    for entry, event in zip(entries, events(name), strict=True):
        assert event["name"] in entry.title
        assert entry["onward_effective_on"] == event["day"]


@pytest.mark.parametrize("name", ["range-labs", "anthropic"])
async def test_a_history_imported_day_by_day_ends_in_the_last_list(office: Office, name: str) -> None:
    """Each state of the list is imported as it was on its day; the last once more changes nothing."""
    state: dict[str, list[str]] = {}
    made = []
    for day, of_day in groupby(events(name), key=lambda event: event["day"]):
        happened = list(of_day)
        for event in happened:
            state.pop(event["name"], None) if event["event"] == "removed" else state.update(
                {event["name"]: [event["name"], event["purpose"], event["place"], event.get("products", "")]}
            )
        done = await imported(office, list(state.values()), day)
        made.append((len(happened), done))
    again = await imported(office, list(state.values()), None)

    expected = [[*row[:3], row[3] if name == "anthropic" else ""] for row in last(name)]
    assert sorted(state.values()) == sorted(expected)
    assert {(who, what, where) for who, what, where, _ in await rows(office)} == {
        (who, what, where) for who, what, where, _ in expected
    }
    assert again["changes"] == []
    if name == "range-labs":
        assert all(events_of_day == len(done["changes"]) for events_of_day, done in made)


async def imported(office: Office, state: list[list[str]], day: str | None) -> dict[str, Any]:
    return await taken(office, [["Name", "Purpose", "Location", "Products"], *state], day)


async def taken(office: Office, lines: list[list[str]], day: str | None) -> dict[str, Any]:
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return await report(office, out.getvalue(), effective_on=day)


HEADINGS = {
    "name": "Name",
    "page": "Page",
    "purpose": "Purpose",
    "data": "Personal data",
    "place": "Location",
    "mechanism": "Transfer mechanism",
    "notes": "Notes",
}
FOUR = ("basecamp", "openproject-en", "tailscale", "donkey-republic")


def states(name: str) -> Iterator[tuple[dict[str, str], list[list[str]]]]:
    """Each event with the list as it is after it, headings included."""
    happened = events(name)
    members = [member for member in HEADINGS if member in happened[0]]
    rows_now: dict[str, list[str]] = {}
    for event in happened:
        if event["event"] == "gone":
            del rows_now[event["row"]]
        else:
            rows_now[event["row"]] = [event[member] for member in members]
        yield event, [[HEADINGS[member] for member in members], *rows_now.values()]


async def shown(office: Office) -> set[tuple[Any, ...]]:
    """The list of today as anybody reads it, without what tells when and by which change it came."""
    return {
        (
            one["legal_name"],
            one["trading_name"],
            one["country"],
            one["summary"],
            use_["purpose"],
            frozenset(use_["services"]),
            tuple(use_["data"]),
            frozenset((place["text"], place["country"], place["group"]) for place in use_["places"]),
        )
        for one in await listed(office)
        for use_ in one["uses"]
    }


async def fresh_list(name: str, office: Office) -> set[tuple[Any, ...]]:
    """What the last list of a history says, taken over into a register that holds nothing else."""
    *_, (_, lines) = states(name)
    await taken(office, lines, None)
    return await shown(office)


@pytest.mark.parametrize("name", FOUR)
async def test_each_event_of_a_history_is_one_change_of_its_kind_in_order_and_the_feed_has_just_those(
    office: Office, name: str, other_office: Office
) -> None:
    expected, made = [], []
    steps = list(states(name))
    for at, (event, lines) in enumerate(steps):
        # The first list came as a whole.
        whole = name != "basecamp" and at + 1 < len(steps) and steps[at + 1][0]["day"] == steps[0][0]["day"]
        expected += [] if event["change"] == "none" else [(event["change"], event["day"])]
        if not whole:
            told = await taken(office, lines, event["day"])
            assert len(told["changes"]) == (event["change"] != "none") or at < len(lines), event
            made += told["changes"]

    assert [change["kind"] for change in made] == [kind for kind, _ in expected]
    entries = await whole_feed(office, len(made))
    assert [entry["id"] for entry in entries] == [change["id"] for change in made]
    assert [(entry["kind"], entry["effective_on"]) for entry in entries] == expected
    assert all(entry["late"] for entry in entries if entry["kind"] != "correction")
    assert await shown(office) == await fresh_list(name, other_office)


@pytest.mark.parametrize("name", FOUR)
async def test_a_history_of_such_lists_day_by_day_ends_in_exactly_the_last_list(
    office: Office, name: str, other_office: Office
) -> None:
    for _, of_day in groupby(states(name), key=lambda step: step[0]["day"]):
        *_, (event, lines) = of_day
        await taken(office, lines, event["day"])

    again = await taken(office, lines, event["day"])

    assert again["changes"] == []
    assert await shown(office) == await fresh_list(name, other_office)


@pytest.fixture
def other_database_url(database_server: str, template: str) -> Iterator[str]:
    with databases.fresh(database_server, template) as dsn:
        yield dsn


@pytest.fixture
async def other_office(other_database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """Another register, with nothing in it."""
    settings = Settings(data_dir=tmp_path, database_url=other_database_url, now=NOW)
    async with await open_pool(other_database_url) as pool:
        app = create_app(settings, pool)
        transport = httpx.ASGITransport(cast("Any", app))
        async with (
            app.lifespan(),
            httpx.AsyncClient(transport=transport, base_url=settings.public_url) as client,
        ):
            yield await Office.open(client, pool, Clock(settings), settings)


async def whole_feed(office: Office, count: int) -> list[dict[str, Any]]:
    """Every change that is published, oldest first, as a program follows them."""
    found: list[dict[str, Any]] = []
    while page := (await office.client.get("/v1/changes", params={"after": len(found), "limit": 200})).json()[
        "data"
    ]:
        found += page
    assert len(found) == count
    return found
