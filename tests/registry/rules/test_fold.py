"""The fold: terms on every day from published changes, whatever the order of their publication."""

from datetime import date, timedelta
from itertools import pairwise, permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from registry.resources.changes import Operation
from registry.resources.periods import PublishedPart, TermsPeriod
from registry.rules.conflicts import conflict
from registry.rules.fold import ONE_DAY, FoldError, fold, on

FIRST = date(2026, 1, 1)
START = {"uses": {"hosting": {"purpose": "hosting", "places": {"de": {"text": "Germany"}}}}}


def part(
    number: int,
    operation: str,
    day: str | date,
    patch: dict[str, Any] | None = None,
    about: int | None = None,
) -> PublishedPart:
    return PublishedPart(
        number=number,
        operation=Operation(operation),
        effective_on=date.fromisoformat(day) if isinstance(day, str) else day,
        patch=patch or {},
        about=about,
    )


def plain(periods: list[TermsPeriod]) -> list[tuple[date | None, date | None, object]]:
    return [(period.first, period.last, period.document) for period in periods]


def place(key: str, text: str) -> dict[str, object]:
    return {"uses": {"hosting": {"places": {key: {"text": text}}}}}


def places(periods: list[TermsPeriod], day: str) -> set[str]:
    period = on(periods, date.fromisoformat(day))
    return set(period.document["uses"]["hosting"]["places"]) if period else set()


STARTED = part(1, "start", FIRST, START)


def test_before_the_start_there_is_nothing_and_from_it_on_the_terms() -> None:
    periods = fold([STARTED])
    assert on(periods, FIRST - ONE_DAY) is None
    assert on(periods, FIRST) == periods[0]
    assert periods[0].last is None


def test_two_changes_published_in_the_wrong_order_of_their_days_both_hold() -> None:
    late = part(2, "set", "2027-03-01", place("us", "USA"))
    early = part(3, "set", "2027-01-01", place("fr", "France"))
    periods = fold([STARTED, late, early])
    assert places(periods, "2026-12-31") == {"de"}
    assert places(periods, "2027-01-01") == {"de", "fr"}
    assert places(periods, "2027-02-28") == {"de", "fr"}
    assert places(periods, "2027-03-01") == {"de", "fr", "us"}


def test_several_changes_on_one_day_are_one_period() -> None:
    periods = fold([STARTED, *(part(n, "set", "2027-05-01", place(f"p{n}", "x")) for n in (2, 3, 4))])
    assert len(periods) == 2
    assert periods[1].changes == (1, 2, 3, 4)


def test_a_withdrawn_change_under_a_later_one_leaves_the_later_one() -> None:
    periods = fold(
        [
            STARTED,
            part(2, "set", "2027-01-01", place("us", "USA")),
            part(3, "set", "2027-02-01", place("fr", "France")),
            part(4, "withdraw", "2027-01-01", about=2),
        ]
    )
    assert places(periods, "2027-01-15") == {"de"}
    assert places(periods, "2027-02-01") == {"de", "fr"}


def test_a_withdrawal_on_which_a_later_change_rests_names_that_change() -> None:
    published = [
        STARTED,
        part(2, "set", "2027-01-01", place("us", "USA")),
        part(3, "set", "2027-02-01", {"uses": {"hosting": {"places": {"us": None}}}}),
    ]
    found = conflict(published, part(4, "withdraw", "2027-01-01", about=2))
    assert found is not None
    assert found.number == 3
    assert "uses.hosting.places.us" in found.reason


def test_a_patch_of_what_a_later_change_patches_too_names_that_change() -> None:
    published = [STARTED, part(2, "set", "2027-03-01", {"product": "Cloud"})]
    found = conflict(published, part(3, "set", "2027-01-01", {"product": "Classic"}))
    assert found is not None
    assert (found.number, found.day) == (2, date(2027, 3, 1))
    assert conflict(published, part(3, "set", "2027-01-01", {"summary": "Other"})) is None
    assert conflict(published, part(3, "set", "2027-04-01", {"product": "Classic"})) is None


def test_a_postponed_change_holds_from_its_later_day() -> None:
    periods = fold(
        [
            STARTED,
            part(2, "set", "2027-01-01", place("us", "USA")),
            part(3, "postpone", "2027-02-01", about=2),
            part(4, "postpone", "2027-03-01", about=2),
        ]
    )
    assert places(periods, "2027-02-28") == {"de"}
    assert places(periods, "2027-03-01") == {"de", "us"}


def test_a_correction_stands_right_behind_the_change_that_it_corrects() -> None:
    periods = fold(
        [
            part(1, "start", FIRST, {**START, "product": "Clud"}),
            part(2, "set", "2026-06-01", {"product": "Cloud Two"}),
            part(3, "set", FIRST, {"product": "Cloud"}, about=1),
        ]
    )
    assert [period.document["product"] for period in periods] == ["Cloud", "Cloud Two"]


def test_a_correction_follows_the_day_of_what_it_corrects() -> None:
    periods = fold(
        [
            part(1, "start", FIRST, {**START, "product": "Clud"}),
            part(2, "set", FIRST, {"product": "Cloud"}, about=1),
            part(3, "postpone", "2026-02-01", about=1),
        ]
    )
    assert plain(periods) == [(date(2026, 2, 1), None, {**START, "product": "Cloud"})]


def test_a_return_after_an_end_is_a_period_of_its_own() -> None:
    periods = fold(
        [STARTED, part(2, "end", "2026-07-01"), part(3, "start", "2027-07-01", {"product": "New"})]
    )
    assert [(period.first, period.last) for period in periods] == [
        (FIRST, date(2026, 6, 30)),
        (date(2027, 7, 1), None),
    ]
    assert periods[1].document == {"product": "New"}


def test_an_end_and_a_return_on_one_day_leave_no_gap() -> None:
    periods = fold(
        [STARTED, part(2, "end", "2026-07-01"), part(3, "start", "2026-07-01", {"product": "New"})]
    )
    assert [(period.first, period.last) for period in periods] == [
        (FIRST, date(2026, 6, 30)),
        (date(2026, 7, 1), None),
    ]


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        pytest.param([part(1, "end", FIRST)], "ends what is not there", id="an end before the start"),
        pytest.param(
            [part(1, "set", FIRST, {"a": 1})], "alters what is not there", id="a set before the start"
        ),
        pytest.param([STARTED, part(2, "start", "2027-01-01", START)], "already there", id="a second start"),
        pytest.param(
            [STARTED, part(2, "end", "2026-03-01"), part(3, "set", "2026-04-01", {"a": 1})],
            "alters what is not there",
            id="a set after the end",
        ),
        pytest.param(
            [STARTED, part(2, "set", "2026-02-01", {"uses": {"hostng": None}})],
            "removes uses.hostng",
            id="a key that is not there",
        ),
    ],
)
def test_changes_that_do_not_fit_together_say_which_and_why(parts: list[PublishedPart], reason: str) -> None:
    with pytest.raises(FoldError, match=reason) as raised:
        fold(parts)
    assert raised.value.number == parts[-1].number


def test_an_organisation_holds_from_ever_and_is_altered_from_a_day() -> None:
    periods = fold([part(1, "set", "2026-05-01", {"country": "FR"})], {"country": "DE"})
    assert plain(periods) == [
        (None, date(2026, 4, 30), {"country": "DE"}),
        (date(2026, 5, 1), None, {"country": "FR"}),
    ]


def test_what_was_known_is_the_fold_up_to_a_number() -> None:
    parts = [STARTED, part(2, "set", FIRST, place("us", "USA")), part(3, "withdraw", FIRST, about=2)]
    assert places(fold(parts, known=1), "2026-01-01") == {"de"}
    assert places(fold(parts, known=2), "2026-01-01") == {"de", "us"}
    assert places(fold(parts, known=3), "2026-01-01") == {"de"}


days = st.dates(FIRST, FIRST + timedelta(days=40))


@st.composite
def histories(draw: st.DrawFn) -> list[PublishedPart]:
    """A start and sets of different members on any days, published in any order."""
    count = draw(st.integers(1, 7))
    return [
        STARTED,
        *(
            part(index + 2, "set", draw(days), {f"member_{index}": draw(st.integers(0, 3))})
            for index in range(count)
        ),
    ]


@given(histories(), st.randoms())
def test_the_order_of_publication_does_not_matter(history: list[PublishedPart], random: Random) -> None:
    sets = history[1:]
    random.shuffle(sets)
    renumbered = [part(index + 2, "set", each.effective_on, each.patch) for index, each in enumerate(sets)]
    assert plain(fold([STARTED, *renumbered])) == plain(fold(history))


def test_all_orders_of_starts_sets_and_ends_that_are_lawful_agree() -> None:
    pieces = [
        ("set", "2026-03-01", {"a": 1}),
        ("set", "2026-02-01", {"b": 1}),
        ("end", "2026-04-01", {}),
        ("start", "2026-05-01", {"c": 1}),
    ]
    folds = set()
    for order in permutations(pieces):
        parts = [part(1, "start", "2026-01-01", {"z": 0})]
        parts += [part(n, *piece) for n, piece in enumerate(order, 2)]
        folds.add(str(plain(fold(parts))))
    assert len(folds) == 1


@given(histories(), st.data())
def test_withdrawn_equals_never_published(history: list[PublishedPart], data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(history[1:]))
    withdrawal = part(99, "withdraw", gone.effective_on, about=gone.number)
    never = [each for each in history if each is not gone]
    assert plain(fold([*history, withdrawal])) == plain(fold(never))


@given(histories(), st.data())
def test_postponed_equals_published_with_the_later_day(
    history: list[PublishedPart], data: st.DataObject
) -> None:
    moved = data.draw(st.sampled_from(history[1:]))
    later = data.draw(st.dates(moved.effective_on + ONE_DAY, FIRST + timedelta(days=60)))
    postponed = [*history, part(99, "postpone", later, about=moved.number)]
    as_if = [part(each.number, "set", later, each.patch) if each is moved else each for each in history]
    assert plain(fold(postponed)) == plain(fold(as_if))


@given(histories(), st.lists(days, max_size=3, unique=True))
def test_periods_never_overlap_and_stand_in_order(history: list[PublishedPart], turns: list[date]) -> None:
    parts = list(history)
    for index, day in enumerate(sorted(turns)):
        parts.append(part(50 + index, "end" if index % 2 == 0 else "start", day, {"back": index}))
    try:
        periods = fold(parts)
    except FoldError:
        reject()
    for before, after in pairwise(periods):
        assert before.last is not None
        assert after.first is not None
        assert before.last < after.first
    assert all(p.first is None or p.last is None or p.first <= p.last for p in periods)


@given(histories(), days)
def test_every_day_has_the_merge_of_what_was_effective_by_then(
    history: list[PublishedPart], day: date
) -> None:
    period = on(fold(history), day)
    expected = dict(START)
    for each in sorted(history[1:], key=lambda one: (one.effective_on, one.number)):
        if each.effective_on <= day:
            expected |= each.patch
    assert period is not None
    assert period.document == expected
