"""Two histories of published lists, replayed: each event one change, and in the end exactly the last list."""

import csv
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import feedparser
import pytest

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
    lines = [["Name", "Purpose", "Location", "Products"], *state]
    content = "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines) + "\n"
    body = {"name": "list.csv", "content": content, "commit": True, "effective_on": day}
    answer = await office.client.post("/v1/imports", json=body, headers=office.bram)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
