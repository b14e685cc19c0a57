"""Time makes news: verdicts that turn without anybody writing anything are recorded, once each."""

import asyncio
from datetime import date, datetime
from typing import Any

import httpx
import pytest

from registry.actions import reassessments
from registry.clock import Clock
from registry.database import Pool
from registry.resources.reassessments import Cause, Reassessment
from registry.settings import Settings
from tests.registry.office import Office, organisation, part, terms
from transfers import Law, load_law
from transfers.simulation import End, changed
from transfers.vocabulary import Verdict

LAW = load_law()
LISTED = {"framework": "eu_us_dpf", "valid_until": "2027-03-31"}


async def american(office: Office, name: str = "Listed Inc.") -> str:
    """A vendor in the United States whose entry on the list of the framework ends on a day."""
    facts = organisation(name, certifications_known=True, certifications={"dpf": LISTED})
    start = {"sub_processor": {"organisation": facts}, "operation": "start", "effective_on": "2026-01-01"}
    change = await office.published(kind="added", parts=[{**start, "patch": terms("United States")}])
    key: str = change["parts"][0]["sub_processor_id"]
    return key


class Days:
    """Reassessments on chosen days, in one register."""

    def __init__(self, pool: Pool, settings: Settings) -> None:
        self._pool = pool
        self._settings = settings

    def clock(self, day: str) -> Clock:
        class Standing(Clock):
            def now(self) -> datetime:
                return datetime.fromisoformat(f"{day}T10:00:00+01:00")

        return Standing(self._settings)

    async def on(self, day: str, law: Law = LAW) -> Reassessment:
        async with self._pool.acquire() as db:
            return await reassessments.reassess(db, reassessments.SYSTEM, self.clock(day), law)


@pytest.fixture
def days(pool: Pool, settings: Settings) -> Days:
    return Days(pool, settings)


async def journalled(office: Office) -> list[dict[str, Any]]:
    answer = await office.client.get("/v1/journal", params={"limit": 200}, headers=office.otto)
    assert answer.json()["verified"] is True
    return [row for row in answer.json()["data"] if row["operation"] == "turned"]


async def test_what_is_seen_for_the_first_time_has_not_turned(office: Office, days: Days) -> None:
    await american(office)
    found = await days.on("2026-11-24")

    assert (found.looked_at, found.turned) == (1, ())
    assert await journalled(office) == []


async def test_a_verdict_that_turned_because_a_day_passed_is_journalled_once(
    office: Office, days: Days
) -> None:
    key = await american(office)
    await days.on("2026-11-24")
    quiet = await days.on("2027-03-31")
    found = await days.on("2027-04-20")
    again = [await days.on("2027-04-20"), await days.on("2027-05-01")]

    assert quiet.turned == ()
    [turned] = found.turned
    assert (turned.before, turned.after, turned.cause) == (
        Verdict.COVERED_BY_ADEQUACY,
        Verdict.NOT_COVERED,
        Cause.DAY,
    )
    assert turned.day == date(2027, 4, 1), "told on its own day, however late somebody looks"
    assert str(turned.sub_processor_id) == key
    assert "certifications" in turned.event
    assert [one.turned for one in again] == [(), ()]
    [row] = await journalled(office)
    assert (row["noun"], row["noun_id"], row["actor"]) == ("transfer", str(turned.transfer_id), "system")
    assert row["payload"]["before"] == "covered_by_adequacy"
    assert row["payload"]["after"] == "not_covered"
    assert row["payload"]["day"] == "2027-04-01"


async def test_a_published_change_whose_day_has_come_is_named(office: Office, days: Days) -> None:
    key, _ = await office.added("Far Ltd", **terms("Germany"))
    change = await office.alter(key, "2027-02-01", {"uses": {"hosting": {"places": {"main": moved()}}}})
    await days.on("2026-11-24")
    [turned] = (await days.on("2027-02-01")).turned

    assert (turned.before, turned.after) == (Verdict.NO_TRANSFER, Verdict.NOT_COVERED)
    assert (turned.cause, turned.changes) == (Cause.CHANGE, (change["number"],))
    assert turned.event.startswith(f"Change {change['number']} takes effect")


def moved() -> dict[str, Any]:
    """The place of `terms`, moved to India."""
    return {"role": "storage", "text": "India", "country": "IN"}


async def test_law_data_that_moved_turn_verdicts_once_and_back(office: Office, days: Days) -> None:
    await office.added("London Ltd", **terms("United Kingdom"))
    other = changed(LAW, [End(decision="eu-gb-2021", last_day=date(2026, 11, 1))])
    await days.on("2026-11-24")
    first = await days.on("2026-11-25", other)
    second = await days.on("2026-11-25", other)
    back = await days.on("2026-11-26")

    [turned] = first.turned
    assert (turned.cause, turned.day) == (Cause.LAW, date(2026, 11, 25))
    assert (turned.before, turned.after) == (Verdict.COVERED_BY_ADEQUACY, Verdict.NOT_COVERED)
    assert turned.event == f"The law on record moved from {LAW.edition} to {other.edition}"
    assert second.turned == ()
    assert [one.after for one in back.turned] == [Verdict.COVERED_BY_ADEQUACY]


async def test_what_somebody_published_or_removed_is_no_turn(office: Office, days: Days) -> None:
    """A late change was told as a change; what is gone has no verdict to turn."""
    mended, _ = await office.added("Mended Ltd", **terms("India"))
    gone = await american(office, "Gone Inc.")
    await office.published(kind="removed", parts=[part(gone, "end", "2027-03-01")])
    await days.on("2026-11-24")
    await office.alter(
        mended,
        "2026-11-20",
        {"uses": {"hosting": {"places": {"main": {"role": "storage", "text": "Germany", "country": "DE"}}}}},
    )
    found = await days.on("2027-05-01")

    assert (found.looked_at, found.turned) == (1, ())
    assert await journalled(office) == []


async def test_several_turns_between_two_looks_are_told_one_by_one(office: Office, days: Days) -> None:
    key = await american(office)
    await days.on("2026-11-24")
    await office.alter(
        key,
        "2027-06-01",
        {"uses": {"hosting": {"places": {"main": {"role": "storage", "text": "Germany", "country": "DE"}}}}},
    )
    found = await days.on("2028-01-01")

    assert [(one.day, one.before, one.after) for one in found.turned] == [
        (date(2027, 4, 1), Verdict.COVERED_BY_ADEQUACY, Verdict.NOT_COVERED),
        (date(2027, 6, 1), Verdict.NOT_COVERED, Verdict.NO_TRANSFER),
    ]


async def test_many_processes_at_once_record_a_turn_once(office: Office, days: Days) -> None:
    await american(office)
    await days.on("2026-11-24")
    found = await asyncio.gather(*(days.on("2027-04-01") for _ in range(6)))

    assert sorted(len(one.turned) for one in found) == [0, 0, 0, 0, 0, 1]
    assert len(await journalled(office)) == 1


async def test_it_is_due_once_a_day_and_after_the_law_moved(office: Office, days: Days, pool: Pool) -> None:
    await american(office)
    other = changed(LAW, [End(decision="eu-gb-2021", last_day=date(2030, 1, 1))])
    async with pool.acquire() as db:
        assert await reassessments.is_due(db, days.clock("2026-11-24"), LAW)
        await days.on("2026-11-24")
        assert not await reassessments.is_due(db, days.clock("2026-11-24"), LAW)
        assert await reassessments.is_due(db, days.clock("2026-11-24"), other)
        assert await reassessments.is_due(db, days.clock("2026-11-25"), LAW)


async def test_reads_are_the_same_before_and_after(
    office: Office, days: Days, client: httpx.AsyncClient
) -> None:
    """Nothing is stored that a read would take for a verdict."""
    await american(office)
    before = await client.get("/v1/transfers", headers=office.otto)
    await days.on("2026-11-24")
    after = await client.get("/v1/transfers", headers=office.otto)

    assert before.json() == after.json()
