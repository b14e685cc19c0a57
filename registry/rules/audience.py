"""Whom a change touches, and what each is owed for it.

A change touches a client where the client's own list or safeguards differ on any day from today on on which
its contract runs. What is owed is decided by the effect on that client (Article 28(2) GDPR), and each is told
only what touches it. What does not bind a client for now is told all the same: a notice too many is none too few.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from msgspec import UNSET, Struct
from msgspec.structs import replace

from registry.resources.bindings import KnownClient
from registry.resources.changes import ChangeKind, Difference, Effect, Notice, Part
from registry.resources.clients import ClientTerms
from registry.resources.notices import AuthorisationKind
from registry.resources.organisations import OrganisationFacts
from registry.resources.proposals import Proposed, ProposedPart
from registry.resources.terms import Terms
from registry.resources.world import World
from registry.rules.clients.binding import standings
from registry.rules.clients.narrowing import Scope, narrowed, scope
from registry.rules.differences import Names
from registry.rules.effect import notice
from registry.rules.fold import on
from registry.rules.patches import Document, Path, matches
from registry.rules.proposals import Proposal, compared, names, turning_days
from registry.rules.views import frozen

ONE_DAY = timedelta(days=1)

COLLEAGUES_ONLY: tuple[Path, ...] = (("contacts",), ("safeguards", "*", "reference"), ("notice_days",))
"""Members that not even a client is told of: whom we know at the vendor, and where our papers are."""


class Touched(Struct, frozen=True, kw_only=True):
    """A client that a change touches, with the terms of its contract as they are now."""

    client_id: UUID
    reference: str
    owed: Notice
    """`full_period` or `at_once`; who is owed nothing is not touched."""
    authorisation: AuthorisationKind
    notice_days: int
    objection_days: int
    parts: tuple[Part, ...]
    """What it means for this client, as it is told: the parts and differences that touch it."""
    widens_on: date | None
    """The first day yet to come on which it widens something for this client; absent: it never does, or has."""
    earliest_effective_on: date
    """The first day on which it may widen anything for this client, were it published today."""

    @property
    def news(self) -> list[dict[str, Any]]:
        """The parts as they are kept for good with the notice."""
        return frozen(self.parts)


Told = tuple[tuple[Difference, ...], ...]
"""What differs for a scope on a day, part by part."""


def audience(proposal: Proposal, clients: Iterable[KnownClient], today: date) -> tuple[Touched, ...]:
    """The clients that the change touches, in the order in which they are given."""
    comparing = _Comparing(proposal)
    days = turning_days(proposal, today)
    found = []
    for client in clients:
        if not client.runs_from(today):
            continue
        touched = _touched(client, comparing, _days(client, days, today), today)
        if touched is not None:
            found.append(touched)
    return tuple(found)


def earliest(owed: Notice, notice_days: int, today: date) -> date:
    """N days' notice given today: today does not count, so the first lawful day is N + 1 days off."""
    return today + timedelta(days=notice_days) + ONE_DAY if owed is Notice.FULL_PERIOD else today


def _days(client: KnownClient, days: Sequence[date], today: date) -> list[date]:
    """The days on which the change shows, and those on which the client's own scope turns."""
    own = [period.valid_from for period in client.periods]
    own += [decision.effective_on for decision in client.decisions if decision.use_key is not None]
    return sorted({*days, *(day for day in own if day > today)})


def _touched(
    client: KnownClient, comparing: "_Comparing", days: Sequence[date], today: date
) -> Touched | None:
    told: list[dict[tuple[object, ...], Difference]] = [{} for _ in comparing.proposal.parts]
    widens_on: date | None = None
    for day in days:
        within = scope(client, day)
        if within is None:
            continue
        for known, differences, late in zip(
            told, comparing.on(day, within), comparing.late(today), strict=True
        ):
            for difference in differences:
                known.setdefault((difference.path, difference.old, difference.new), difference)
                if difference.effect is Effect.WIDENS and widens_on is None and not late:
                    widens_on = day
    owed = notice({difference.effect for known in told for difference in known.values()})
    if owed is Notice.NONE:
        return None
    if _never_bound(client, comparing.proposal.proposed):
        owed, widens_on = Notice.AT_ONCE, None
    terms = terms_now(client, today)
    return Touched(
        client_id=client.id,
        reference=client.reference,
        owed=owed,
        authorisation=terms.authorisation,
        notice_days=terms.notice_days,
        objection_days=terms.objection_days,
        parts=tuple(_parts(comparing.proposal.parts, told)),
        widens_on=widens_on,
        earliest_effective_on=earliest(owed, terms.notice_days, today),
    )


def _never_bound(client: KnownClient, proposed: Proposed) -> bool:
    """Whether this withdraws what the client has not authorised or rightly objects to: nothing widens for it."""
    return proposed.kind is ChangeKind.WITHDRAWAL and any(
        standing.reason is not None
        for part in proposed.parts
        for standing in standings(client, part.subject_id)
        if standing.number == proposed.about
    )


def terms_now(client: KnownClient, today: date) -> ClientTerms:
    """The terms of the day, or those that the contract will begin with."""
    period = client.on(today) or next(
        period for period in client.periods if period.valid_until is None or period.valid_until >= today
    )
    return period.terms


def _parts(shown: Sequence[Part], told: Sequence[dict[tuple[object, ...], Difference]]) -> Iterator[Part]:
    for part, known in zip(shown, told, strict=True):
        differences = tuple(each for each in known.values() if not _for_colleagues(each.path))
        if differences:
            yield replace(part, patch=UNSET, differences=differences)


def _for_colleagues(path: Path) -> bool:
    return any(matches(path[: len(pattern)], pattern) for pattern in COLLEAGUES_ONLY)


class _Comparing:
    """What a change alters within a scope on a day, worked out once for all clients of that scope."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        self._known: dict[tuple[date, Scope], Told] = {}
        self._names: dict[date, Names] = {}

    def late(self, today: date) -> list[bool]:
        """For each part, whether it was already true before today: then there is no day to wait for."""
        return [
            min(part.effective_on, part.previously_on or part.effective_on) < today
            for part in self.proposal.parts
        ]

    def on(self, day: date, within: Scope) -> Told:
        key = (day, within)
        if key not in self._known:
            self._known[key] = tuple(
                self._compared(part, day, within) for part in self.proposal.proposed.parts
            )
        return self._known[key]

    def _compared(self, part: ProposedPart, day: date, within: Scope) -> tuple[Difference, ...]:
        before, after = self.proposal.before, self.proposal.after
        was: Document | None
        becomes: Document | None
        kind: type[Terms | OrganisationFacts] = Terms
        if part.sub_processor_id is not None:
            was, becomes = (terms_on(world, part.sub_processor_id, day, within) for world in (before, after))
            if was is None and becomes is None:
                was, becomes = _as_link((before, after), part.sub_processor_id, day, within)
        else:
            kind = OrganisationFacts
            if not any(takes_part(world, part.subject_id, day, within) for world in (before, after)):
                return ()
            was, becomes = (
                world.organisations[part.subject_id].document_on(day) for world in (before, after)
            )
        if was == becomes:
            return ()
        if day not in self._names:
            self._names[day] = names(after, day)
        return compared(was, becomes, kind, self._names[day])


def terms_on(world: World, sub_processor_id: UUID, day: date, within: Scope) -> Document | None:
    """The terms of a sub-processor on a day, as far as they touch the scope."""
    period = on(world.sub_processors[sub_processor_id].periods, day)
    return None if period is None else narrowed(period.document, sub_processor_id, within)


def _as_link(
    worlds: tuple[World, World], sub_processor_id: UUID, day: date, within: Scope
) -> tuple[Document | None, Document | None]:
    """The terms of a sub-processor that does nothing for the scope itself, but engages one that does.

    What it does for others makes no difference; what the data rest on as they pass through it does.
    """
    organisation = str(worlds[1].sub_processors[sub_processor_id].organisation_id)
    passes = any(
        organisation in (document.get("engaged_by") or {})
        for world in worlds
        for key in world.named.get(organisation, ())
        if (document := terms_on(world, key, day, within)) is not None
    )
    if not passes:
        return None, None
    was, becomes = (on(world.sub_processors[sub_processor_id].periods, day) for world in worlds)
    if was is None or becomes is None:
        return was.document if was else None, becomes.document if becomes else None
    return was.document, {**becomes.document, "uses": was.document["uses"]}


def takes_part(world: World, organisation_id: UUID, day: date, within: Scope) -> bool:
    """Whether it is ours, whom every client entrusts its data to, or on the scope's list of the day, or named there."""
    if world.organisations[organisation_id].own:
        return True
    itself = world.engaged.get(organisation_id)
    around = {*world.named.get(str(organisation_id), ()), *((itself,) if itself is not None else ())}
    for key in around:
        document = terms_on(world, key, day, within)
        if document is not None and (
            world.sub_processors[key].organisation_id == organisation_id
            or str(organisation_id) in str(document)
        ):
            return True
    return False
