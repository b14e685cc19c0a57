"""Which published changes do not bind a client, and the register folded without them.

Under specific authorisation nothing widens before the client authorised it; against an objection nothing
goes on without a decision. Until then the client's list is folded without the change, and says so.

What a change says of an organisation of ours binds every client: where we are is a fact, and nobody's data can be
kept in a company that has moved away. So it is never folded out and never a deviation. The client is told of it as
of anything that widens; if it refuses or objects, what is left is to end the contract, and attention says so.

Withdrawing a change equals never having published it. So a client on which a change was never binding authorises
no withdrawal of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from registry.resources.authorisations import Decision, DecisionState
from registry.resources.bindings import Contested, KnownClient
from registry.resources.changes import Operation
from registry.resources.client_lists import DeviationReason
from registry.resources.periods import PublishedPart, TermsPeriod
from registry.resources.world import KnownOrganisation, KnownSubProcessor, World
from registry.rules.fold import FoldError, fold, standing
from registry.rules.patches import Document

GOES_ON = frozenset({"rejected", "retracted"})
"""Outcomes of an objection after which the change binds the client."""


class Standing(Struct, frozen=True, kw_only=True):
    """How a contested change stands for one subject."""

    change_id: UUID | None
    number: int
    reason: DeviationReason | None
    """Why it does not bind; None: it does."""
    binds_from: date | None = None
    """Where it binds: from when on at the earliest, if that was decided later than the change itself."""


class LeftOut(Struct, frozen=True, kw_only=True):
    """A change left out of a client's fold, for one subject."""

    number: int
    subject_id: UUID
    reason: DeviationReason
    effective_on: date
    binds_from: date | None = None
    """The first day on which it binds the client all the same; None: that is not settled."""


class Bound(Struct, frozen=True, kw_only=True):
    """A subject folded for one client, with what was left out."""

    periods: tuple[TermsPeriod, ...]
    deviations: tuple[LeftOut, ...]


def standings(client: KnownClient, subject_id: UUID) -> list[Standing]:
    """How the client's contested changes stand for a subject."""
    return [_standing(client, one, subject_id) for one in client.contested]


def bound(
    parts: Iterable[PublishedPart],
    subject_id: UUID,
    contested: Sequence[Standing],
    initial: Document | None = None,
    known: int | None = None,
) -> Bound:
    """The periods of a subject without the changes that do not bind, and without what rests on those."""
    seen = [part for part in parts if known is None or part.number <= known]
    out: dict[int, DeviationReason] = {}
    later: dict[int, date] = {}
    for one in contested:
        if one.reason is not None:
            out.setdefault(one.number, one.reason)
        elif one.binds_from is not None:
            later[one.number] = max(one.binds_from, later.get(one.number, one.binds_from))
    for part in seen:
        if part.operation is Operation.WITHDRAW and part.about in out:
            out.pop(part.number, None)
    days = {part.number: part.effective_on for part in standing(seen)}
    days = {part.number: days.get(part.number, part.effective_on) for part in seen}
    while True:
        kept = [part for part in seen if part.number not in out and part.about not in out]
        try:
            periods = fold([*kept, *_postponed(kept, later)], initial)
        except FoldError as error:
            if not out or error.number in out:
                raise
            out[error.number] = DeviationReason.RESTS_ON_ANOTHER
            continue
        break
    withdrawn = {
        part.about for part in seen if part.operation is Operation.WITHDRAW and part.number not in out
    }
    return Bound(
        periods=tuple(periods),
        deviations=tuple(
            LeftOut(
                number=number,
                subject_id=subject_id,
                reason=reason,
                effective_on=days[number],
            )
            for number, reason in sorted(out.items())
            if number in days and number not in withdrawn
        )
        + tuple(
            LeftOut(
                number=number,
                subject_id=subject_id,
                reason=DeviationReason.BINDS_LATER,
                effective_on=days[number],
                binds_from=day,
            )
            for number, day in sorted(later.items())
            if number in days and days[number] < day and number not in {*out, *withdrawn}
        ),
    )


def bound_world(
    register: World, client: KnownClient, parts: Mapping[UUID, Sequence[PublishedPart]]
) -> tuple[World, list[LeftOut]]:
    """The register as it binds the client, with what was left out of it.

    `parts` holds the published parts of every subject of a contested change; `register` says up to which number
    they count.
    """
    sub_processors: dict[UUID, KnownSubProcessor] = {}
    organisations: dict[UUID, KnownOrganisation] = {}
    deviations: list[LeftOut] = []
    for subject_id, published in parts.items():
        organisation = register.organisations.get(subject_id)
        if organisation is not None and organisation.own:
            continue
        contested = standings(client, subject_id)
        if subject_id in register.sub_processors:
            folded = bound(published, subject_id, contested, known=register.change_no)
            engaged = register.sub_processors[subject_id]
            sub_processors[subject_id] = replace(engaged, periods=folded.periods)
        elif organisation is not None:
            folded = bound(published, subject_id, contested, organisation.document, known=register.change_no)
            organisations[subject_id] = replace(organisation, periods=folded.periods)
        deviations += folded.deviations
    return register.altered(organisations, sub_processors), deviations


def _standing(client: KnownClient, one: Contested, subject_id: UUID) -> Standing:
    if one.objection is None:
        return _authorised(client, one, subject_id)
    reason = None
    if one.binds_from is None and one.objection not in GOES_ON:
        is_open = one.objection == "open"
        reason = DeviationReason.OBJECTION_OPEN if is_open else DeviationReason.OBJECTION_UPHELD
    return Standing(change_id=one.change_id, number=one.number, reason=reason, binds_from=one.binds_from)


def _authorised(client: KnownClient, one: Contested, subject_id: UUID) -> Standing:
    """Specific authorisation: the last decision on the change, for this subject or for all of it, holds."""
    last = last_decision(client, one.change_id, subject_id)
    if last is None:
        return Standing(
            change_id=one.change_id, number=one.number, reason=DeviationReason.AUTHORISATION_PENDING
        )
    refused = last.state is DecisionState.REFUSED
    return Standing(
        change_id=one.change_id,
        number=one.number,
        reason=DeviationReason.AUTHORISATION_REFUSED if refused else None,
        binds_from=None if refused else last.effective_on,
    )


def last_decision(client: KnownClient, change_id: UUID, subject_id: UUID | None) -> Decision | None:
    """What the client last decided on a change, for this subject or for all of it."""
    about = [
        decision
        for decision in client.decisions
        if decision.change_id == change_id and decision.sub_processor_id in (None, subject_id)
    ]
    return about[-1] if about else None


def _postponed(parts: Sequence[PublishedPart], later: Mapping[int, date]) -> list[PublishedPart]:
    """Changes that came to bind after their day hold for this client from then on."""
    newest = max((part.number for part in parts), default=0)
    return [
        PublishedPart(
            number=newest + 1,
            operation=Operation.POSTPONE,
            effective_on=later[part.number],
            patch={},
            about=part.number,
        )
        for part in standing(parts)
        if part.number in later and part.effective_on < later[part.number]
    ]
