"""The changes that an import drafts: of which kind, and about whom."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from registry.resources.changes import DraftKind, Effect, NewSubProcessor
from registry.resources.periods import TermsPeriod
from registry.resources.world import World
from registry.rules.differences import Names, differences
from registry.rules.imports.entities import Listed
from registry.rules.imports.facts import facts_of
from registry.rules.imports.names import Entity
from registry.rules.imports.texts import slug
from registry.rules.patches import Document

ONE_DAY = timedelta(days=1)


def kind_of(*pairs: tuple[Document, Document]) -> DraftKind:
    """A correction where only wording differs between each old document and its new one.

    The effect decides, never the list.
    """
    effects = {found.effect for old, new in pairs for found in differences(old, new, Names())}
    return DraftKind.CORRECTION if effects <= {Effect.WORDING} else DraftKind.MATERIAL_CHANGE


def new_sub_processor(listed: Listed, organisation_id: UUID | None) -> NewSubProcessor:
    """A sub-processor that is new: of an organisation that is known, or of one as the list describes it."""
    if organisation_id is not None:
        return NewSubProcessor(organisation_id=organisation_id)
    return NewSubProcessor(organisation=facts_of(listed))


def begins_on(periods: Sequence[TermsPeriod], day: date) -> bool:
    """Whether it comes onto the list on the day: a period begins then, and none ends the day before."""
    return any(period.first == day for period in periods) and not any(
        period.last is not None and period.last + ONE_DAY == day for period in periods
    )


def entity_of(facts: Document) -> Entity:
    """An organisation of the register as a list would name it."""
    legal_name = str(facts["legal_name"])
    return Entity(written=legal_name, legal_name=legal_name, trading_name=facts.get("trading_name"))


def new_services(named: Sequence[str], world: World) -> dict[str, str]:
    """Services that the list names and the register does not have, with keys of their own."""
    taken = set(world.services)
    known = set(world.services.values())
    return {slug(name, taken, "service"): name for name in named if name not in known}
