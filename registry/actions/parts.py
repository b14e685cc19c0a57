"""The parts of a draft: their subjects found or made, their places read."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType, to_builtins

from registry.actions.writing import Writing
from registry.database import Connection
from registry.errors import Fault, InvalidError, NotFoundError
from registry.resources.changes import NewSubProcessor, Operation, PartDraft
from registry.resources.organisations import OrganisationFacts
from registry.resources.proposals import ProposedPart
from registry.rules.documents import canonical
from registry.rules.members import OF_ORGANISATIONS, OF_TERMS, unknown
from registry.rules.organisations import with_codes_read
from registry.rules.reading import with_places_read
from registry.store import organisations as organisation_store
from registry.store import sub_processors as sub_processor_store
from registry.store.organisations import OrganisationRow
from registry.store.sub_processors import SubProcessorRow


async def read_parts(w: Writing, given: Sequence[PartDraft]) -> list[ProposedPart]:
    faults: list[Fault] = []
    parts = [await _part(w, part, index, faults) for index, part in enumerate(given)]
    if faults:
        raise InvalidError("Some parts of the change cannot be read; each fault says which and why.", faults)
    return parts


async def _part(w: Writing, given: PartDraft, index: int, faults: list[Fault]) -> ProposedPart:
    member = f"parts[{index}]"
    sub_processor_id, organisation_id = await _subject(w, given, member)
    return with_subject(given, sub_processor_id, organisation_id, member, faults)


def with_subject(
    given: PartDraft,
    sub_processor_id: UUID | None,
    organisation_id: UUID | None,
    member: str,
    faults: list[Fault],
) -> ProposedPart:
    """The part with its subject, which was found already, and its patch read; what is wrong goes to `faults`."""
    patch = given.patch
    known = OF_ORGANISATIONS if organisation_id is not None else OF_TERMS
    faults += [
        Fault(
            member=f"{member}.patch.{'.'.join(path)}",
            message=f"There is no member {path[-1]} that could be removed; there are: {', '.join(members)}.",
        )
        for path, members in unknown(patch, known)
    ]
    if organisation_id is None:
        patch = with_places_read(patch, f"{member}.patch", faults)
    else:
        patch = with_codes_read(patch, f"{member}.patch", faults)
    return ProposedPart(
        sub_processor_id=sub_processor_id,
        organisation_id=organisation_id,
        operation=Operation(given.operation.value),
        effective_on=given.effective_on,
        patch=patch,
    )


async def _subject(w: Writing, given: PartDraft, member: str) -> tuple[UUID | None, UUID | None]:
    """The sub-processor or the organisation that a part is about."""
    match (given.sub_processor_id, given.sub_processor, given.organisation_id):
        case (UUID() as known, UnsetType(), UnsetType()):
            return await _known(sub_processor_store.get, w, known, f"{member}.sub_processor_id"), None
        case (UnsetType(), NewSubProcessor() as new, UnsetType()):
            return await _new_sub_processor(w, new, member), None
        case (UnsetType(), UnsetType(), UUID() as known):
            return None, await _known(organisation_store.get, w, known, f"{member}.organisation_id")
    message = (
        "Name exactly one subject: `sub_processor_id` of one on the register, `sub_processor` for a new one,"
        " or `organisation_id` for an organisation's own facts."
    )
    raise InvalidError(message, [Fault(member=member, message=message)])


async def _known(
    get: Callable[[Connection, UUID], Awaitable[SubProcessorRow | OrganisationRow]],
    w: Writing,
    key: UUID,
    member: str,
) -> UUID:
    """A thing that a body names and that must be there: not being there is a fault of the body."""
    try:
        return (await get(w.db, key)).id
    except NotFoundError as error:
        raise InvalidError(error.detail, [Fault(member=member, message=error.detail)]) from error


async def _new_sub_processor(w: Writing, new: NewSubProcessor, member: str) -> UUID:
    member = f"{member}.sub_processor"
    if new.organisation is not UNSET and new.organisation_id is UNSET:
        return (await add_sub_processor(w, new.organisation, member))[0]
    if new.organisation is not UNSET or new.organisation_id is UNSET:
        message = "Give either `organisation_id` of one on the register, or `organisation` with its facts."
        raise InvalidError(message, [Fault(member=member, message=message)])
    organisation_id = await _known(
        organisation_store.get, w, new.organisation_id, f"{member}.organisation_id"
    )
    known = await sub_processor_store.of_organisation(w.db, organisation_id)
    if known is not None:
        return known.id
    return (await sub_processor_store.add(w.db, organisation_id, w.at)).id


async def add_sub_processor(w: Writing, facts: OrganisationFacts, member: str) -> tuple[UUID, UUID]:
    """A new organisation made a sub-processor, without terms: on nobody's list until a change starts it.

    The ids of the sub-processor and of the organisation; `member` is where its facts stand in the request.
    """
    document = read_facts(facts, f"{member}.organisation")
    organisation = await organisation_store.add(w.db, own=False, document=document, at=w.at)
    await w.journal("created", "organisation", organisation.id, facts)
    return (await sub_processor_store.add(w.db, organisation.id, w.at)).id, organisation.id


def read_facts(facts: OrganisationFacts, member: str) -> dict[str, Any]:
    """The document of a new organisation, its codes read."""
    faults: list[Fault] = []
    document = with_codes_read(canonical_facts(facts), member, faults)
    if faults:
        raise InvalidError("The organisation cannot be read; each fault says why.", faults)
    return document


def canonical_facts(facts: OrganisationFacts) -> dict[str, Any]:
    """An organisation's facts as the document that is stored."""
    return canonical(to_builtins(facts), OrganisationFacts)
