"""Our own list, kept elsewhere: what of an entry differs from the register, from what to what."""

from datetime import date

from msgspec import UNSET

from registry.resources.changes import Difference, DraftKind, DraftOperation, PartDraft
from registry.resources.terms import Terms
from registry.resources.watches import Weight
from registry.resources.world import World
from registry.rules.differences import Names, differences
from registry.rules.documents import canonical
from registry.rules.fold import on
from registry.rules.imports.planning import PlannedDraft
from registry.rules.patches import Document, merge
from registry.rules.watching.readings import Found, told_of


def found_of(item: PlannedDraft, world: World, day: date, problems: tuple[str, ...]) -> Found:
    """A planned change as a difference between the list and the register."""
    if item.draft is None:
        told: tuple[str, ...] = (f"The list does not have it; change {item.withdraws} is to be withdrawn.",)
        return Found(name=item.name, weight=Weight.MATERIAL, told=(*told, *problems), listed=None)
    told = tuple(line for part in item.draft.parts for line in _told(part, world, day))
    is_wording = item.draft.kind is DraftKind.CORRECTION
    return Found(
        name=item.name,
        weight=Weight.CORRECTION if is_wording else Weight.MATERIAL,
        told=tuple(dict.fromkeys((*told, *problems))),
        listed=None,
    )


def _told(part: PartDraft, world: World, day: date) -> list[str]:
    if part.operation is DraftOperation.END:
        return ["It is on the register, and not on the list."]
    if part.operation is DraftOperation.START:
        uses = part.patch.get("uses", {}).values()
        said = "; ".join(
            f"{use['purpose']}, {', '.join(place['text'] for place in use['places'].values())}"
            for use in uses
        )
        return [f"It is on the list, and not on the register: {said}."]
    old, new = _before_and_after(part, world, day)
    names = Names(
        services=world.services,
        organisations={
            str(key): str(known.document_on(day)["legal_name"]) for key, known in world.organisations.items()
        },
    )
    return [_line(one) for one in differences(old, new, names)]


def _before_and_after(part: PartDraft, world: World, day: date) -> tuple[Document, Document]:
    if part.organisation_id is not UNSET:
        old = world.organisations[part.organisation_id].document_on(day)
        return old, merge(old, part.patch)
    period = on(world.sub_processors[part.sub_processor_id].periods, day) if part.sub_processor_id else None
    old = canonical(period.document, Terms) if period else {}
    return old, canonical(merge(old, part.patch), Terms)


def _line(one: Difference) -> str:
    return told_of(one.label, one.old, one.new)
