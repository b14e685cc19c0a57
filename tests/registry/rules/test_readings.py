"""What is said of many questions that are looked at together is what is said of each alone."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.rules.laws import Laws
from registry.rules.timelines import Readings
from tests.transfers.strategies import bodies, days, read
from transfers import load_law
from transfers.facts import Facts
from transfers.judging import judge
from transfers.law import Law
from transfers.simulation import End, changed
from transfers.timeline import Reading, reading_of

LAW = load_law()
LAWS = Laws(LAW, changed(LAW, [End(decision="32023D1795", last_day=date(2027, 1, 1))]))
NOW = Readings(LAWS.now)
THEN = Readings(LAWS.then, NOW, LAWS.differ_from)


def read_on(said: list[tuple[date, Reading]], day: date) -> Reading:
    return next(reading for first, reading in reversed(said) if first <= day)


def alone(facts: Facts, law: Law, day: date) -> Reading:
    return reading_of(judge(facts, law, day))


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(bodies(LAW), days(LAW), st.lists(st.integers(0, 4000), min_size=1, max_size=5))
def test_on_every_day_both_laws_say_what_they_say_of_the_question_alone(
    body: dict[str, Any], begin: date, later: list[int]
) -> None:
    facts = read(body)
    for known, law in ((NOW, LAWS.now), (THEN, LAWS.then)):
        said = known.of(facts, begin, None)
        turns = [first for first, _ in said]
        for day in {*turns, *(begin + timedelta(days=step) for step in later)}:
            assert read_on(said, day) == alone(facts, law, day)
        assert all(one[1] != following[1] for one, following in pairwise(said))
