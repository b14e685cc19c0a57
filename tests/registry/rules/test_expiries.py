"""What the register relies on and when that ends, as the public list shows it."""

from datetime import date
from typing import Any

from registry.actions import world
from registry.database import Pool
from registry.rules.expiries import Expiry, expiries
from tests.registry.office import Office, organisation, part, place, terms
from transfers import load_law

LAW = load_law()
TODAY = date(2026, 11, 24)
UK_ENDS = date(2031, 12, 27)
CLAUSES: dict[str, Any] = {
    "tool": {
        "type": "scc",
        "set": "2021/914",
        "module": 3,
        "concluded_on": "2025-05-01",
        "annexes_complete": True,
        "processing_unchanged": True,
        "clauses_modified": False,
        "tia": {"outcome": "adequate", "completed_on": "2026-09-01"},
    }
}
LISTED = {"framework": "eu_us_dpf", "valid_until": "2027-03-31"}
LISTED_UNTIL = date(2027, 3, 31)


async def american(office: Office, name: str, **members: Any) -> str:
    """A vendor in the United States whose entry on the list of the framework ends on a day."""
    facts = organisation(name, certifications_known=True, certifications={"dpf": LISTED})
    start = {"sub_processor": {"organisation": facts}, "operation": "start", "effective_on": "2026-01-01"}
    change = await office.published(
        kind="added", parts=[{**start, "patch": terms("United States", **members)}]
    )
    key: str = change["parts"][0]["sub_processor_id"]
    return key


async def found(pool: Pool) -> tuple[Expiry, ...]:
    async with pool.acquire() as db:
        return expiries(await world.read(db), LAW, TODAY)


async def test_the_last_day_of_a_decision_that_transfers_rely_on_is_told(office: Office, pool: Pool) -> None:
    await office.added("London Ltd", **terms("United Kingdom"))
    await office.added("Far Ltd", **terms("India"))
    decision, coverage = await found(pool)

    assert (decision.kind, decision.day, decision.subject) == ("decision", UK_ENDS, "eu-gb-2021")
    assert decision.url is not None
    assert decision.url.startswith("https://")
    assert (coverage.kind, coverage.day) == ("coverage", UK_ENDS)
    assert coverage.title.startswith("London Ltd: last day of cover for United Kingdom (Adequacy decision")


async def test_what_ends_for_several_places_of_a_vendor_is_told_once(office: Office, pool: Pool) -> None:
    key = await american(office, "Far Inc.")
    await office.alter(key, "2026-02-01", place("second", "Texas, United States"))
    [expiry] = await found(pool)

    assert (expiry.kind, expiry.day, expiry.subject) == ("coverage", LISTED_UNTIL, key)
    assert expiry.title.startswith(
        "Far Inc.: last day of cover for Texas, United States and United States (Adequacy decision"
    )
    transfers = await office.client.get("/v1/transfers", headers=office.otto)
    assert {one["valid_until"] for one in transfers.json()["data"]} == {LISTED_UNTIL.isoformat()}


async def test_what_ends_with_its_vendor_or_is_covered_otherwise_is_no_lapse(
    office: Office, pool: Pool
) -> None:
    gone = await american(office, "Gone Inc.")
    await office.published(kind="removed", parts=[part(gone, "end", "2027-04-01")])
    await american(office, "Safe Inc.", safeguards={"scc": CLAUSES})

    assert await found(pool) == ()


async def test_a_place_that_a_published_change_brings_is_counted(office: Office, pool: Pool) -> None:
    key, _ = await office.added("Soon Ltd", **terms("Germany"))
    await office.alter(key, "2027-01-01", place("second", "United Kingdom"))

    assert [(one.kind, one.day) for one in await found(pool)] == [
        ("decision", UK_ENDS),
        ("coverage", UK_ENDS),
    ]
