"""From when on two laws can disagree: never later than they do."""

from datetime import date
from typing import Any

import msgspec
import pytest

from registry.rules.hops import hops
from registry.rules.laws import Laws
from registry.rules.simulations import of_register
from tests.bench.registers import world
from transfers import load_law
from transfers.simulation import Amend, LawChange, changed
from transfers.standing import LAST_DAY

LAW = load_law()
DAY = date(2026, 11, 24)
KENYA: dict[str, Any] = {
    "id": "eu-ke",
    "regime": "eu_gdpr",
    "title": "Kenya",
    "codes": ["KE"],
    "event": "Decision for Kenya",
    "scope": "All recipients.",
    "first_day": "2027-01-01",
    "source": "https://eur-lex.europa.eu/",
    "checked_on": "2026-11-23",
    "sure": "unsure",
}


@pytest.mark.parametrize(
    ("change", "day"),
    [
        ({"type": "end", "decision": "eu-us-dpf-2023", "last_day": "2027-02-28"}, date(2027, 3, 1)),
        (
            {"type": "amend", "decision": "eu-gb-2021", "members": {"last_day": "2040-01-01"}},
            date(2031, 12, 28),
        ),
        ({"type": "add", "decision": KENYA}, date(2027, 1, 1)),
        ({"type": "add", "decision": KENYA | {"unsure_from": "2026-12-01"}}, date(2026, 12, 1)),
    ],
)
def test_the_first_difference_is_that_of_what_was_changed(change: dict[str, Any], day: date) -> None:
    made: LawChange = msgspec.convert(change, LawChange, strict=False)

    assert Laws(LAW, changed(LAW, [made])).differ_from == day


def test_what_cannot_turn_is_counted_although_it_is_not_made() -> None:
    end = msgspec.convert(
        {"type": "end", "decision": "eu-us-dpf-2023", "last_day": date(2027, 1, 1)}, LawChange
    )
    register = world()
    found = of_register(register, Laws(LAW, changed(LAW, [end])), DAY)

    assert found.looked_at == len(hops(register, DAY, LAW)) == 10_000
    assert {one.country for one in found.transfers} == {"US", "AS", "GU", "MP", "PR", "UM", "VI"}


def test_laws_that_are_the_same_never_differ() -> None:
    assert Laws(LAW, changed(LAW, [])).differ_from == LAST_DAY


def test_another_scope_counts_from_the_first_day_of_the_decision() -> None:
    members = {"public_bodies": "outside", "conditional": True}
    [korea] = [one for one in LAW.decisions() if one.id == "eu-kr-2021"]

    found = Laws(LAW, changed(LAW, [Amend(decision=korea.id, members=members)])).differ_from

    assert found <= korea.first_day
