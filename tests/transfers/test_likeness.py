"""What is alike before the law is answered alike: the days and facts that turn nothing, and those that do."""

from datetime import date, timedelta
from typing import Any

import msgspec
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.transfers.strategies import FIRST, LAST, bodies, days, days_around, read
from tests.transfers.tables import cases, facts_of, make_facts
from transfers import assess, load_law
from transfers.facts import Facts
from transfers.findings import Assessment
from transfers.likeness import Likeness

LAW = load_law()
LIKENESS = Likeness(LAW)
DAY = date(2026, 11, 23)
thorough = settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))


def but_its_day(answer: Assessment) -> Assessment:
    return msgspec.structs.replace(answer, as_of=DAY)


def answered(facts: Facts, day: date) -> Assessment:
    return but_its_day(assess(facts, LAW, day))


def same(one: Facts, day: date, other: Facts, other_day: date) -> None:
    """If they are alike, they have the same answer, finding for finding, until the same day."""
    if LIKENESS.of(one, day) == LIKENESS.of(other, other_day):
        assert (one, day, answered(one, day)) == (one, day, answered(other, other_day))


STEPS = st.sampled_from([-400, -30, -2, -1, 0, 1, 2, 30, 400])


def _moved(value: Any, by: st.DataObject) -> Any:
    """Move every day of a body by some days of its own."""
    if isinstance(value, dict):
        return {key: _moved(member, by) for key, member in value.items()}
    if isinstance(value, list):
        return [_moved(member, by) for member in value]
    if isinstance(value, date):
        return min(max(value + timedelta(days=by.draw(STEPS)), FIRST), LAST)
    return value


@thorough
@given(bodies(LAW), days(LAW), STEPS, st.data())
def test_days_of_facts_that_turn_nothing_leave_the_answer_as_it_is(
    body: dict[str, Any], day: date, step: int, by: st.DataObject
) -> None:
    moved = min(max(day + timedelta(days=step), FIRST), LAST)

    same(read(body), day, read(_moved(body, by)), moved)


@thorough
@given(bodies(LAW), st.sampled_from(days_around(LAW)), st.sampled_from([-1, 1]))
def test_around_every_day_of_the_law_what_is_alike_is_answered_alike(
    body: dict[str, Any], day: date, step: int
) -> None:
    facts = read(body)

    same(facts, day, facts, day + timedelta(days=step))


@thorough
@given(bodies(LAW), bodies(LAW), days(LAW), st.data())
def test_parts_of_facts_that_do_not_matter_leave_the_answer_as_it_is(
    body: dict[str, Any], other: dict[str, Any], day: date, data: st.DataObject
) -> None:
    """One part, or one member of a part, is taken from other facts."""
    part = data.draw(st.sampled_from(["exporter", "importer", "data", "access", "safeguards"]))
    assume(part in body and part in other)
    taken = other[part]
    if isinstance(taken, dict) and taken:
        member = data.draw(st.sampled_from(sorted(taken)))
        taken = body[part] | {member: taken[member]}

    same(read(body), day, read(body | {part: taken}), day)


def test_every_case_of_the_tables_is_alike_to_another_only_where_their_answers_agree() -> None:
    found: dict[Any, Assessment] = {}
    for _, case in cases():
        facts = facts_of(case)
        key = LIKENESS.of(facts, case.on)
        answer = answered(facts, case.on)
        assert found.setdefault(key, answer) == answer


def clauses(**members: Any) -> dict[str, Any]:
    tia = {"outcome": "adequate", "completed_on": "2026-08-01"}
    return {"type": "scc", "set": "2021/914", "module": 2, "annexes_complete": True, "tia": tia} | members


def test_contracts_of_other_days_and_plain_third_countries_are_alike() -> None:
    one = make_facts("DE controller to IN processor", safeguards=[clauses(concluded_on="2023-03-01")])
    other = make_facts(
        "FR controller to KE processor",
        safeguards=[clauses(concluded_on="2024-11-30")],
        data={"hr": True, "special_categories": True},
    )

    assert LIKENESS.of(one, DAY) == LIKENESS.of(other, DAY - timedelta(days=7))
    assert LIKENESS.of(one, DAY) != LIKENESS.of(one, date(2023, 3, 1))


def test_a_contract_of_the_day_itself_is_not_alike_to_one_that_is_still_to_come() -> None:
    facts = make_facts("DE controller to IN processor", safeguards=[clauses(concluded_on="2026-11-23")])

    assert LIKENESS.of(facts, DAY) != LIKENESS.of(facts, DAY - timedelta(days=1))


def test_what_a_decision_asks_for_is_not_alike() -> None:
    listed = {"certifications": [{"framework": "eu_us_dpf", "status": "active"}]}
    plain = make_facts("DE controller to US processor", importer=listed)
    staff = make_facts("DE controller to US processor", importer=listed, data={"hr": True})

    assert LIKENESS.of(plain, DAY) != LIKENESS.of(staff, DAY)


def test_entries_on_a_list_count_where_a_decision_asks_for_the_list() -> None:
    def listed(place: str, until: str) -> Facts:
        entry = {"framework": "eu_us_dpf", "status": "active", "valid_until": until}
        return make_facts(f"DE controller to {place} processor", importer={"certifications": [entry]})

    for place, alike in (("JP", True), ("GB", True), ("US", False)):
        soon, later = listed(place, "2027-03-01"), listed(place, "2027-09-01")
        assert (LIKENESS.of(soon, DAY) == LIKENESS.of(later, DAY)) is alike
        assert (answered(soon, DAY) == answered(later, DAY)) is alike
        none = make_facts(f"DE controller to {place} processor", importer={"certifications": []})
        assert LIKENESS.of(soon, DAY) != LIKENESS.of(none, DAY)
