"""The published changes that somebody follows."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from registry.database import Connection
from registry.errors import Fault, InvalidError, Source
from registry.resources.filters import Filter
from registry.resources.proposals import ProposedPart
from registry.resources.stored import ChangeRow
from registry.rules.fold import fold
from registry.rules.scopes import EVERYTHING, Scope, matches, of_facts, of_terms
from registry.store import changes as store
from registry.store import organisations, outlines, services, sub_processors, subjects
from registry.store.outlines import Outline
from registry.store.subjects import Subject
from transfers.law import Law

AT_ONCE = 200
"""How many changes are read at a time to find out what they are about."""

IN_OUTLINE = 2_000
"""How many are looked through at a time."""


class Scopes:
    """What each published change is about, remembered: a published change is never altered.

    One entry for each change of the register, and equal ones are one.
    """

    def __init__(self, law: Law) -> None:
        self._law = law
        self._known: dict[int, Scope] = {}
        self._same: dict[Scope, Scope] = {}

    async def of(self, db: Connection, numbers: Sequence[int]) -> Mapping[int, Scope]:
        """What the published changes with these numbers are about."""
        unknown = [number for number in numbers if number not in self._known]
        for begin in range(0, len(unknown), AT_ONCE):
            rows = await store.numbered(db, unknown[begin : begin + AT_ONCE])
            for number, scope in (await scopes_of(db, rows, self._law)).items():
                self._known[number] = self._same.setdefault(scope, scope)
        return self._known


async def newest(
    db: Connection, scopes: Scopes, wanted: Filter, *, until: int, limit: int
) -> tuple[list[ChangeRow], int]:
    """The newest changes that match, up to a number, newest first; and the number from which on all are in."""
    found: list[int] = []
    last = until
    while last > 0 and len(found) < limit:
        seen = await outlines.until(db, last, min(IN_OUTLINE, last))
        found += await _matching(db, scopes, wanted, seen)
        last = seen[-1].number - 1 if seen else 0
    shown = found[:limit]
    rows = sorted(await store.numbered(db, shown), key=lambda row: row.number or 0, reverse=True)
    return rows, shown[-1] if len(shown) == limit else 1


async def between(
    db: Connection, scopes: Scopes, wanted: Filter, *, first: int, last: int
) -> Sequence[ChangeRow]:
    """The changes that match from one number to another, oldest first."""
    seen = await outlines.until(db, last, last - first + 1)
    return await store.numbered(db, await _matching(db, scopes, wanted, seen))


async def _matching(db: Connection, scopes: Scopes, wanted: Filter, seen: Sequence[Outline]) -> list[int]:
    """The numbers of those that match; what they are about is only asked where that decides."""
    of_kind = [each for each in seen if matches(wanted, each.kind, each.about_kind, EVERYTHING)]
    if wanted.by_kind_alone:
        return [each.number for each in of_kind]
    about = await scopes.of(db, [each.number for each in of_kind])
    return [
        each.number for each in of_kind if matches(wanted, each.kind, each.about_kind, about[each.number])
    ]


async def require_services(db: Connection, keys: Sequence[str]) -> None:
    """``InvalidError`` that names the first key that is no service's."""
    if not keys:
        return
    known = {service.key for service in await services.everything(db)}
    for key in keys:
        if key not in known:
            listed = f"those known are {', '.join(sorted(known))}" if known else "there is none yet"
            message = f"There is no service {key!r} on the register; {listed}."
            raise InvalidError(message, [Fault(message=message, member="service", source=Source.QUERY)])


async def scopes_of(db: Connection, rows: Sequence[ChangeRow], law: Law) -> dict[int, Scope]:
    """What published changes are about, by number: their subjects as they were known before each, and with it.

    It may be asked inside the transaction that publishes.
    """
    changed = [part for row in rows for part in row.parts]
    own_facts = {part.organisation_id for part in changed if part.organisation_id}
    terms_of = {part.sub_processor_id for part in changed if part.sub_processor_id}
    known = await sub_processors.concerned(db, list(terms_of), list(own_facts))
    organisation_of = {row.id: row.organisation_id for row in known}
    sub_processor_of = {organisation: key for key, organisation in organisation_of.items()}
    terms_of = {*organisation_of}
    facts_of = own_facts | {*organisation_of.values()}
    terms = await subjects.parts(db, Subject.SUB_PROCESSOR, list(terms_of))
    facts = await subjects.parts(db, Subject.ORGANISATION, list(facts_of))
    documents = {row.id: row.document for row in await organisations.many(db, list(facts_of))}

    def known_facts(organisation_id: UUID, number: int) -> list[dict[str, object]]:
        """Every version of an organisation's facts, as known at a number."""
        made = documents[organisation_id]
        return [made, *(each.document for each in fold(facts[organisation_id], made, number))]

    def scope(part: ProposedPart, number: int) -> Scope:
        if part.sub_processor_id is None:
            key = part.subject_id
            done = terms.get(sub_processor_of.get(key, key), [])
            return of_facts(
                [*known_facts(key, number - 1), *known_facts(key, number)], fold(done, known=number), law
            )
        done = terms[part.sub_processor_id]
        own = known_facts(organisation_of[part.sub_processor_id], number)
        return of_terms(fold(done, known=number - 1), fold(done, known=number), own, law)

    found: dict[int, Scope] = {}
    for row in rows:
        number = row.number or 0
        whole = [scope(part, number) for part in row.parts]
        found[number] = whole[0]
        for each in whole[1:]:
            found[number] |= each
    return found
