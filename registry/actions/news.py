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
from registry.store import organisations, services, sub_processors, subjects
from registry.store.subjects import Subject
from transfers.law import Law

AT_ONCE = 200
"""How many changes are read at a time while those that match are looked for."""


class Scopes:
    """What each published change is about, remembered: a published change is never altered.

    One entry for each change of the register, and equal ones are one.
    """

    def __init__(self, law: Law) -> None:
        self._law = law
        self._known: dict[int, Scope] = {}
        self._same: dict[Scope, Scope] = {}

    async def of(self, db: Connection, rows: Sequence[ChangeRow]) -> Mapping[int, Scope]:
        """What these published changes are about, by number."""
        unknown = [row for row in rows if row.number is not None and row.number not in self._known]
        if unknown:
            for number, scope in (await scopes_of(db, unknown, self._law)).items():
                self._known[number] = self._same.setdefault(scope, scope)
        return {row.number: self._known[row.number] for row in rows if row.number is not None}


async def newest(
    db: Connection, scopes: Scopes, wanted: Filter, *, until: int, limit: int
) -> tuple[list[ChangeRow], int]:
    """The newest changes that match, up to a number, newest first; and the number from which on all are in."""
    found: list[ChangeRow] = []
    last = until
    while last > 0 and len(found) < limit:
        first = max(1, last - AT_ONCE + 1)
        found += reversed(await between(db, scopes, wanted, first=first, last=last))
        last = first - 1
    shown = found[:limit]
    return shown, (shown[-1].number or 1) if len(shown) == limit else 1


async def between(
    db: Connection, scopes: Scopes, wanted: Filter, *, first: int, last: int
) -> list[ChangeRow]:
    """The changes that match from one number to another, oldest first."""
    rows = await store.published(db, after=first - 1, until=last, limit=last - first + 1)
    if wanted.by_kind_alone:
        return [row for row in rows if matches(wanted, row.kind, row.about_kind, EVERYTHING)]
    about = await scopes.of(db, rows)
    return [row for row in rows if matches(wanted, row.kind, row.about_kind, about[row.number or 0])]


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
    organisation_of = {row.id: row.organisation_id for row in await sub_processors.everything(db)}
    sub_processor_of = {organisation: key for key, organisation in organisation_of.items()}
    own_facts = {part.organisation_id for part in changed if part.organisation_id}
    terms_of = {part.sub_processor_id for part in changed if part.sub_processor_id}
    terms_of |= {sub_processor_of[key] for key in own_facts if key in sub_processor_of}
    facts_of = own_facts | {organisation_of[key] for key in terms_of}
    terms = await subjects.parts(db, Subject.SUB_PROCESSOR, list(terms_of))
    facts = await subjects.parts(db, Subject.ORGANISATION, list(facts_of))
    documents = {row.id: row.document for row in await organisations.everything(db)}

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
