"""The rules of clients by themselves: what binds them from when on, and their periods."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from registry.resources.authorisations import Decision, DecisionState
from registry.resources.bindings import Contested, KnownClient
from registry.resources.changes import Operation
from registry.resources.client_lists import DeviationReason
from registry.resources.clients import ClientPeriod, ClientTerms
from registry.resources.periods import PublishedPart
from registry.rules.clients.binding import bound, standings
from registry.rules.clients.periods import altered, ended
from registry.rules.fold import on
from tests.registry.office import place, terms

SUBJECT, CHANGE, CLIENT = UUID(int=1), UUID(int=2), UUID(int=3)
DAY = date(2026, 12, 1)
LATER = date(2027, 1, 15)


def start() -> PublishedPart:
    return PublishedPart(number=1, operation=Operation.START, effective_on=date(2026, 1, 1), patch=terms())


def added(number: int = 2, about: int | None = None) -> PublishedPart:
    patch = place("lyon", "Lyon, France")
    if about is not None:
        patch = {"uses": {"hosting": {"places": {"lyon": {"text": "Lyon (France)"}}}}}
    return PublishedPart(number=number, operation=Operation.SET, effective_on=DAY, patch=patch, about=about)


def client(*, objection: str | None = None, binds_from: date | None = None) -> KnownClient:
    contested = Contested(
        change_id=CHANGE,
        number=2,
        subjects=(SUBJECT,),
        objection=objection,
        withdrawn=False,
        binds_from=binds_from,
    )
    return KnownClient(
        id=CLIENT, version=1, reference="C-1", periods=(), has_channel=True, contested=(contested,)
    )


def decided(state: DecisionState, day: date, subject: UUID | None = None) -> Decision:
    return Decision(
        client_id=CLIENT,
        sub_processor_id=subject,
        use_key=None,
        change_id=CHANGE,
        state=state,
        effective_on=day,
        reason=None,
        seen=None,
        decided_at=datetime(2026, 12, 1, tzinfo=UTC),
        decided_by="Dana",
    )


def has_lyon(known: KnownClient, day: date, *parts: PublishedPart) -> bool:
    folded = bound(parts, SUBJECT, standings(known, SUBJECT))
    period = on(folded.periods, day)
    assert period is not None
    return "lyon" in period.document["uses"]["hosting"]["places"]


def with_decisions(known: KnownClient, *decisions: Decision) -> KnownClient:
    return KnownClient(
        id=known.id,
        version=1,
        reference=known.reference,
        periods=(),
        has_channel=True,
        decisions=decisions,
        contested=known.contested,
    )


def test_what_is_authorised_after_its_day_is_true_from_then_on() -> None:
    known = with_decisions(client(), decided(DecisionState.AUTHORISED, LATER))

    assert not has_lyon(known, DAY, start(), added())
    assert not has_lyon(known, date(2027, 1, 14), start(), added())
    assert has_lyon(known, LATER, start(), added())


def test_what_is_authorised_before_its_day_is_true_on_its_day() -> None:
    known = with_decisions(client(), decided(DecisionState.AUTHORISED, date(2026, 11, 1)))

    assert not has_lyon(known, date(2026, 11, 30), start(), added())
    assert has_lyon(known, DAY, start(), added())


def test_a_decision_about_another_sub_processor_says_nothing_of_this_one() -> None:
    known = with_decisions(client(), decided(DecisionState.AUTHORISED, DAY, UUID(int=9)))

    [standing] = standings(known, SUBJECT)

    assert standing.reason is DeviationReason.AUTHORISATION_PENDING


@pytest.mark.parametrize("objection", ["open", "withdrawn", "alternative_offered", "terminated"])
def test_an_objection_that_is_open_or_met_keeps_the_change_out(objection: str) -> None:
    assert not has_lyon(client(objection=objection), LATER, start(), added())


@pytest.mark.parametrize("objection", ["open", "rejected", "retracted", "alternative_offered"])
def test_a_decision_to_go_on_binds_from_its_day_on(objection: str) -> None:
    known = client(objection=objection, binds_from=LATER)

    assert not has_lyon(known, date(2027, 1, 14), start(), added())
    assert has_lyon(known, LATER, start(), added())


def test_a_correction_falls_with_the_change_that_it_corrects() -> None:
    folded = bound(
        (start(), added(), added(3, about=2)), SUBJECT, standings(client(objection="open"), SUBJECT)
    )

    assert [(one.number, one.reason) for one in folded.deviations] == [(2, DeviationReason.OBJECTION_OPEN)]


def test_a_withdrawn_change_is_no_deviation_any_more() -> None:
    withdrawal = PublishedPart(number=3, operation=Operation.WITHDRAW, effective_on=DAY, patch={}, about=2)

    folded = bound((start(), added(), withdrawal), SUBJECT, standings(client(objection="open"), SUBJECT))

    assert folded.deviations == ()
    assert len(folded.periods) == 1


def client_terms(days: int = 30) -> ClientTerms:
    return ClientTerms(name="Client NV", country="BE", notice_days=days, objection_days=14)


def period(first: str, last: str | None, days: int = 30) -> ClientPeriod:
    return ClientPeriod(
        valid_from=date.fromisoformat(first),
        valid_until=date.fromisoformat(last) if last else None,
        terms=client_terms(days),
    )


def shown(periods: list[ClientPeriod]) -> list[tuple[str, str | None, int]]:
    return [
        (
            one.valid_from.isoformat(),
            one.valid_until.isoformat() if one.valid_until else None,
            one.terms.notice_days,
        )
        for one in periods
    ]


def test_a_patch_holds_in_all_later_periods_and_leaves_a_gap_a_gap() -> None:
    known = [period("2025-01-01", "2025-12-31"), period("2027-01-01", None)]

    found = altered(known, {"notice_days": 60}, date(2025, 7, 1), None)

    assert shown(found) == [
        ("2025-01-01", "2025-06-30", 30),
        ("2025-07-01", "2025-12-31", 60),
        ("2027-01-01", None, 60),
    ]


def test_periods_that_meet_and_say_the_same_are_one() -> None:
    known = [period("2025-01-01", "2025-12-31"), period("2026-01-01", None, 60)]

    found = altered(known, {"notice_days": 30}, date(2026, 1, 1), None)

    assert shown(found) == [("2025-01-01", None, 30)]


def test_an_end_cuts_what_is_later() -> None:
    known = [period("2025-01-01", "2025-12-31"), period("2026-01-01", None, 60)]

    assert shown(ended(known, date(2025, 6, 30))) == [("2025-01-01", "2025-06-30", 30)]
