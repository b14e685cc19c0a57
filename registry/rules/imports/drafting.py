"""The changes that an import drafts: of which kind, and about whom."""

from uuid import UUID

from registry.resources.changes import DraftKind, Effect, NewSubProcessor
from registry.rules.differences import Names, differences
from registry.rules.imports.entities import Listed
from registry.rules.imports.facts import facts_of
from registry.rules.patches import Document


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
