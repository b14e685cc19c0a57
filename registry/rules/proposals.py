"""What a change would make of the register: the world before, the world after, and the difference."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from registry.resources.changes import ChangeKind, Difference, Effect, Operation, Part
from registry.resources.organisations import OrganisationFacts
from registry.resources.periods import PublishedPart, TermsPeriod
from registry.resources.proposals import Proposed, ProposedPart
from registry.resources.terms import Terms
from registry.resources.world import KnownOrganisation, KnownSubProcessor, World
from registry.rules.conflicts import Conflict, folded
from registry.rules.differences import Names, differences
from registry.rules.documents import DocumentError, canonical, read
from registry.rules.fold import on, standing
from registry.rules.patches import Document
from registry.rules.references import dangling


class ConflictingError(Exception):
    """A published change stands against the proposed one."""

    def __init__(self, part: ProposedPart, index: int, found: Conflict) -> None:
        self.part = part
        self.index = index
        self.found = found
        super().__init__(found.reason)


class NotWholeError(Exception):
    """With the part applied, the terms or facts of its subject are not whole on a day."""

    def __init__(self, index: int, day: date | None, error: DocumentError) -> None:
        self.index = index
        self.day = day
        self.fault = error.fault
        super().__init__(str(error))


class Proposal(Struct, frozen=True, kw_only=True):
    """A change with everything that it would do."""

    proposed: Proposed
    before: World
    after: World
    parts: tuple[Part, ...]

    @property
    def effects(self) -> set[Effect]:
        return {difference.effect for part in self.parts for difference in part.differences}


def propose(world: World, published: Mapping[UUID, Sequence[PublishedPart]], proposed: Proposed) -> Proposal:
    """The proposal, folded beside all published changes.

    Raises `ConflictingError` where a published change stands against it, and `NotWholeError` where a
    patch names a member that does not exist or leaves a thing without what it must have.
    """
    organisations: dict[UUID, KnownOrganisation] = {}
    sub_processors: dict[UUID, KnownSubProcessor] = {}
    for index, part in enumerate(proposed.parts):
        beside = published[part.subject_id]
        added = PublishedPart(
            number=proposed.number,
            operation=part.operation,
            effective_on=part.effective_on,
            patch=part.patch,
            about=proposed.about,
        )
        initial = None
        if part.organisation_id is not None:
            initial = world.organisations[part.organisation_id].document
        found = folded(beside, added, initial)
        if isinstance(found, Conflict):
            raise ConflictingError(part, index, found)
        periods = tuple(found)
        _check(periods, part, index, proposed.number, world)
        if part.sub_processor_id is not None:
            known = world.sub_processors[part.sub_processor_id]
            sub_processors[known.id] = replace(known, periods=periods)
        elif part.organisation_id is not None:
            organisation = world.organisations[part.organisation_id]
            organisations[organisation.id] = replace(organisation, periods=periods)
    after = world.altered(organisations, sub_processors)
    return Proposal(
        proposed=proposed,
        before=world,
        after=after,
        parts=tuple(_part(part, proposed, published, world, after) for part in proposed.parts),
    )


def substance(proposal: Proposal) -> list[tuple[int, Difference]]:
    """What in a correction is more than wording, with the index of its part."""
    return [
        (index, difference)
        for index, part in enumerate(proposal.parts)
        for difference in part.differences
        if proposal.proposed.kind is ChangeKind.CORRECTION and difference.effect is not Effect.WORDING
    ]


def turning_days(proposal: Proposal, today: date) -> list[date]:
    """The days on which the change shows, from today on: its own, and the later turns of its subjects."""
    days = set()
    for part, shown in zip(proposal.proposed.parts, proposal.parts, strict=True):
        begins = max(today, min(part.effective_on, shown.previously_on or part.effective_on))
        days.add(begins)
        for world in (proposal.before, proposal.after):
            for period in _periods(world, part):
                if period.first is not None and period.first >= begins:
                    days.add(period.first)
    return sorted(days)


def names(world: World, day: date) -> Names:
    """Names for keys and ids on a day."""
    return Names(services=world.services, organisations=_NamesOn(world, day))


class _NamesOn(Mapping[str, str]):
    """The legal names of organisations on a day, by id; each is looked up when it is asked for."""

    def __init__(self, world: World, day: date) -> None:
        self._world = world
        self._day = day

    def __getitem__(self, key: str) -> str:
        try:
            organisation = self._world.organisations[UUID(key)]
        except ValueError as error:
            raise KeyError(key) from error
        return str(organisation.document_on(self._day).get("legal_name", ""))

    def __iter__(self) -> Iterator[str]:
        return map(str, self._world.organisations)

    def __len__(self) -> int:
        return len(self._world.organisations)


def subject_name(world: World, part: ProposedPart, day: date) -> str:
    """What the part is about: its legal name, with the name it trades under where that is another."""
    organisation_id = part.subject_id
    if part.sub_processor_id is not None:
        organisation_id = world.sub_processors[part.sub_processor_id].organisation_id
    facts = read(world.organisations[organisation_id].document_on(day), OrganisationFacts)
    brand = facts.trading_name
    return f"{facts.legal_name} ({brand})" if brand and brand not in facts.legal_name else facts.legal_name


def _check(periods: Iterable[TermsPeriod], part: ProposedPart, index: int, number: int, world: World) -> None:
    """Every period must be whole.

    One that another change made not whole is that change's conflict: it rests on what this one takes away.
    """
    kind = Terms if part.sub_processor_id is not None else OrganisationFacts
    for period in periods:
        try:
            _whole(period.document, kind, world)
        except DocumentError as error:
            last = period.changes[-1] if period.changes else number
            if last == number or period.first is None:
                raise NotWholeError(index, period.first, error) from error
            found = Conflict(
                number=last,
                day=period.first,
                reason=f"it alters {error.fault.member or 'something'}, which would not be there ({error})",
            )
            raise ConflictingError(part, index, found) from error


def _whole(document: Document, kind: type[Terms | OrganisationFacts], world: World) -> None:
    """Raise `DocumentError` for a document that is not whole, or that names what is not on the register."""
    found = read(document, kind)
    if isinstance(found, Terms) and (fault := dangling(found, world)) is not None:
        raise DocumentError(fault)


def _part(
    part: ProposedPart,
    proposed: Proposed,
    published: Mapping[UUID, Sequence[PublishedPart]],
    before: World,
    after: World,
) -> Part:
    kind = Terms if part.sub_processor_id is not None else OrganisationFacts
    old, new = _periods(before, part), _periods(after, part)
    initial = _initial(before, part)
    first = _first_day(part, proposed, published[part.subject_id])
    days = {first, part.effective_on} | {
        period.first for period in (*old, *new) if period.first is not None and period.first > first
    }
    found: dict[tuple[object, ...], Difference] = {}
    for day in sorted(days):
        was, becomes = _document(old, day, initial), _document(new, day, initial)
        for difference in compared(was, becomes, kind, names(after, day)):
            found.setdefault((difference.path, difference.old, difference.new), difference)
    previously = None
    if part.operation in (Operation.WITHDRAW, Operation.POSTPONE):
        previously = _previous_day(proposed, published[part.subject_id])
    return Part(
        sub_processor_id=part.sub_processor_id,
        organisation_id=part.organisation_id,
        name=subject_name(after, part, part.effective_on),
        operation=part.operation,
        effective_on=part.effective_on,
        previously_on=previously,
        patch=part.patch,
        differences=tuple(found.values()),
    )


def compared(
    was: Document | None, becomes: Document | None, kind: type[Terms | OrganisationFacts], named: Names
) -> tuple[Difference, ...]:
    """What differs between two documents of a subject, where None is a day without it."""
    old = canonical(was, kind) if was is not None else {}
    new = canonical(becomes, kind) if becomes is not None else {}
    found = differences(old, new, named)
    if was is None or becomes is None:
        whole = Effect.WIDENS if was is None else Effect.NARROWS
        return tuple(replace(difference, effect=whole) for difference in found)
    return found


def _initial(world: World, part: ProposedPart) -> Document | None:
    return world.organisations[part.organisation_id].document if part.organisation_id is not None else None


def _periods(world: World, part: ProposedPart) -> Sequence[TermsPeriod]:
    if part.sub_processor_id is not None:
        return world.sub_processors[part.sub_processor_id].periods
    return world.organisations[part.subject_id].periods


def _document(periods: Sequence[TermsPeriod], day: date, initial: Document | None) -> Document | None:
    period = on(periods, day)
    if period is not None:
        return period.document
    return initial if not periods else None


def _first_day(part: ProposedPart, proposed: Proposed, beside: Sequence[PublishedPart]) -> date:
    """The first day on which the change can make a difference."""
    return min(part.effective_on, _previous_day(proposed, beside) or part.effective_on)


def _previous_day(proposed: Proposed, beside: Sequence[PublishedPart]) -> date | None:
    """For a withdrawal, postponement or correction: the day of the change that it is about."""
    if proposed.about is None:
        return None
    return next((held.effective_on for held in standing(beside) if held.number == proposed.about), None)
