"""What a vendor's own list means for the register: its sub-processors are engaged by it, not by us.

Drafted is what can be drafted without a doubt: one that is new, one that is gone, and what changed of one that the
vendor alone engages. Where a sub-processor works for others too, a person must say which of its uses are meant.
"""

from datetime import date
from uuid import UUID

from msgspec import UNSET, Struct

from registry.resources.changes import ChangeDraft, DraftKind, DraftOperation, PartDraft
from registry.resources.terms import Terms
from registry.resources.world import KnownSubProcessor, World
from registry.rules.documents import canonical
from registry.rules.fold import on
from registry.rules.imports.documents import difference
from registry.rules.imports.drafting import entity_of, kind_of, new_sub_processor
from registry.rules.imports.entities import Listed
from registry.rules.imports.identities import Identities
from registry.rules.imports.matching import match, names_of
from registry.rules.imports.names import entity, key_of
from registry.rules.imports.planning import PlannedDraft
from registry.rules.patches import Document
from registry.rules.watching.readings import Found, Reading

ENGAGERS = "engaged_by"


class Chain(Struct, frozen=True, kw_only=True):
    """Whose list it is, and how a draft is to be made."""

    vendor: UUID
    """The vendor's organisation."""
    day: date
    reason: str
    identities: Identities


def drafted(found: Found, reading: Reading, world: World, chain: Chain) -> PlannedDraft | str | None:
    """The draft for what was found; a sentence where a person must look, None where nothing is to be done."""
    if found.listed is None:
        return _gone(found, world, chain)
    listed = found.listed
    matches = match([listed], world, chain.identities)
    if matches.is_ours(listed):
        return "It is one of our own entities, so they give our data back to us. Look at it by hand."
    known = matches.of(listed)
    period = on(known.periods, chain.day) if known else None
    engaged = {ENGAGERS: {str(chain.vendor): True}}
    if period is None:
        part = PartDraft(
            sub_processor_id=known.id if known else UNSET,
            sub_processor=UNSET if known else new_sub_processor(listed, matches.organisation(listed)),
            operation=DraftOperation.START,
            effective_on=chain.day,
            patch={**reading.document(listed, {}), **engaged},
        )
        return _planned(listed, DraftKind.ADDED, part, chain)
    assert known is not None  # noqa: S101 - who has a period is known
    old = canonical(period.document, Terms)
    engagers: Document = old.get(ENGAGERS, {})
    if str(chain.vendor) not in engagers:
        patch = {ENGAGERS: {**_engagers(engagers, world), str(chain.vendor): True}}
        note = _elsewhere(reading.document(listed, {}), old)
        return _set(listed, known, old, {**old, **patch}, chain, note=note)
    if len(engagers) > 1:
        return "It works for others too. Say by hand which of its uses are theirs."
    return _set(listed, known, old, reading.document(listed, old), chain)


def _set(
    listed: Listed,
    known: KnownSubProcessor,
    old: Document,
    new: Document,
    chain: Chain,
    *,
    note: str | None = None,
) -> PlannedDraft | None:
    patch = difference(old, new)
    if not patch:
        return None
    part = PartDraft(
        sub_processor_id=known.id, operation=DraftOperation.SET, effective_on=chain.day, patch=patch
    )
    return _planned(listed, kind_of((old, new)), part, chain, note)


def _elsewhere(theirs: Document, ours: Document) -> str | None:
    """What to note where the vendor's list has places that our terms do not have."""
    known = {_place(place) for place in _places(ours)}
    lacking = [str(place["text"]) for place in _places(theirs) if _place(place) not in known]
    if not lacking:
        return None
    where = "; ".join(dict.fromkeys(lacking))[:1_000]
    return f"Their list has places that its terms do not have: {where}. Add them where they are meant for our data."


def _places(document: Document) -> list[Document]:
    return [place for use in document.get("uses", {}).values() for place in use["places"].values()]


def _place(place: Document) -> str:
    """A country or group, where it is known; its text otherwise."""
    return str(place.get("country") or place.get("group") or str(place["text"]).casefold())


def _engagers(engagers: Document, world: World) -> Document:
    """Who engages it now, by name: without any it is the register's own company."""
    return engagers or {str(known.id): True for known in world.own[:1]}


def _gone(found: Found, world: World, chain: Chain) -> PlannedDraft | str | None:
    names = {key_of(found.name), entity(found.name).key}
    for key in sorted(world.named.get(str(chain.vendor), ())):
        known = world.sub_processors[key]
        period = on(known.periods, chain.day)
        if period is None or str(chain.vendor) not in period.document.get(ENGAGERS, {}):
            continue
        facts = world.organisations[known.organisation_id].document_on(chain.day)
        if not names & set(names_of(entity_of(facts))):
            continue
        alone = len(period.document[ENGAGERS]) == 1
        part = PartDraft(
            sub_processor_id=key,
            operation=DraftOperation.END if alone else DraftOperation.SET,
            effective_on=chain.day,
            patch={} if alone else {ENGAGERS: {str(chain.vendor): None}},
        )
        kind = DraftKind.REMOVED if alone else DraftKind.MATERIAL_CHANGE
        draft = ChangeDraft(kind=kind, reason=chain.reason, parts=[part])
        return PlannedDraft(row=None, name=found.name, draft=draft)
    return None


def _planned(
    listed: Listed, kind: DraftKind, part: PartDraft, chain: Chain, note: str | None = None
) -> PlannedDraft:
    draft = ChangeDraft(kind=kind, reason=chain.reason, note=note, parts=[part])
    return PlannedDraft(row=listed.row, name=listed.entity.legal_name, draft=draft)
