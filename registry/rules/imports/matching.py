"""Which entity of a list is which sub-processor of the register; a doubt is said, never decided."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from registry.resources.world import KnownOrganisation, KnownSubProcessor, World
from registry.rules.imports.entities import Listed
from registry.rules.imports.names import form_of, key_of, whole_key


class Known(Struct, frozen=True, kw_only=True):
    """An organisation of the register, with the names it goes by."""

    organisation: KnownOrganisation
    sub_processor: KnownSubProcessor | None
    legal_name: str
    trading_name: str | None


class Matches:
    """The organisations that the entities of a list were matched with."""

    def __init__(self) -> None:
        self._by_row: dict[int, Known] = {}
        self._remarks: dict[int, list[str]] = {}
        self.found: set[UUID] = set()
        """The sub-processors that the list has."""

    def of(self, listed: Listed) -> KnownSubProcessor | None:
        known = self._by_row.get(listed.row)
        return known.sub_processor if known else None

    def organisation(self, listed: Listed) -> UUID | None:
        """An organisation of this name, be it a sub-processor or not."""
        known = self._by_row.get(listed.row)
        return known.organisation.id if known else None

    def is_ours(self, listed: Listed) -> bool:
        """Whether it is one of our own legal entities."""
        known = self._by_row.get(listed.row)
        return known is not None and known.organisation.own

    def remarks(self, listed: Listed) -> tuple[str, ...]:
        return tuple(self._remarks.get(listed.row, ()))

    def take(self, listed: Listed, known: Known) -> None:
        self._by_row[listed.row] = known
        if known.sub_processor is not None:
            self.found.add(known.sub_processor.id)
        if known.legal_name != listed.entity.legal_name:
            self.remark(listed, f"It is on the register as “{known.legal_name}”, whose name stays.")
        brand = listed.entity.trading_name
        if brand and key_of(brand) not in {
            key_of(name) for name in (known.legal_name, known.trading_name) if name
        }:
            there = f"“{known.trading_name}”" if known.trading_name else "none"
            self.remark(
                listed,
                f"The list gives it the brand “{brand}”; the register has {there}, which stays. Change the"
                " organisation's facts if the list is right.",
            )

    def remark(self, listed: Listed, text: str) -> None:
        self._remarks.setdefault(listed.row, []).append(text)


def match(entities: Sequence[Listed], world: World) -> Matches:
    """Match by name and brand, by legal name, then by trading name; each organisation is matched once."""
    matches = Matches()
    left = _known(world)
    times = Counter(listed.entity.key for listed in entities)
    for by in (_wholly, _exactly, _by_legal_name, _by_trading_name):
        for listed in entities:
            # Where the list tells a GmbH from an Inc. of one name, so must the register.
            told_apart = times[listed.entity.key] > 1 and by not in (_wholly, _exactly)
            if matches.organisation(listed) is not None or told_apart:
                continue
            candidates = [known for known in left if by(listed, known)]
            if len(candidates) == 1:
                matches.take(listed, candidates[0])
                left.remove(candidates[0])
            elif candidates and by is _by_legal_name:
                names = ", ".join(f"“{known.legal_name}”" for known in candidates)
                matches.remark(
                    listed, f"It may be one of {names} on the register; it is taken for a new one."
                )
    return matches


def _known(world: World) -> list[Known]:
    sub_processors = {known.organisation_id: known for known in world.sub_processors.values()}
    return [
        Known(
            organisation=organisation,
            sub_processor=sub_processors.get(organisation.id),
            legal_name=str(document["legal_name"]),
            trading_name=document.get("trading_name"),
        )
        for organisation in world.organisations.values()
        for document in [organisation.periods[-1].document if organisation.periods else organisation.document]
    ]


def _wholly(listed: Listed, known: Known) -> bool:
    """By name and brand together, wherever the one or the other has a brand."""
    known_key = whole_key(known.legal_name, known.trading_name)
    branded = listed.entity.trading_name or known.trading_name
    return bool(branded) and listed.entity.whole_key == known_key


def _exactly(listed: Listed, known: Known) -> bool:
    return listed.entity.legal_name == known.legal_name or (
        listed.entity.key == key_of(known.legal_name) and listed.entity.form == form_of(known.legal_name)
    )


def _by_legal_name(listed: Listed, known: Known) -> bool:
    return listed.entity.key == key_of(known.legal_name)


def _by_trading_name(listed: Listed, known: Known) -> bool:
    names = {key_of(name) for name in (known.trading_name,) if name}
    return listed.entity.key in names
