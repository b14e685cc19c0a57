"""Which entity of a list is which sub-processor of the register; a doubt is said, never decided."""

from collections import Counter
from collections.abc import Callable, Sequence
from uuid import UUID

from msgspec import Struct

from registry.errors import Fault, InvalidError
from registry.resources.world import KnownOrganisation, KnownSubProcessor, World
from registry.rules.imports.entities import Listed
from registry.rules.imports.identities import Identities, Identity
from registry.rules.imports.names import Entity, form_of, key_of, whole_key


class Known(Struct, frozen=True, kw_only=True):
    """An organisation of the register, with the names it goes by and the keys they are compared by."""

    organisation: KnownOrganisation
    sub_processor: KnownSubProcessor | None
    legal_name: str
    trading_name: str | None
    key: str
    whole_key: str
    trading_key: str | None
    form: str | None


class Matches:
    """The organisations that the entities of a list were matched with."""

    def __init__(self) -> None:
        self._by_row: dict[int, Known] = {}
        self._remarks: dict[int, list[str]] = {}
        self.found: set[UUID] = set()
        """The sub-processors that the list has."""
        self.merged: dict[UUID, tuple[Listed, Identity]] = {}
        """Sub-processors that were taken over by another, which the list has in their place."""
        self._renamed: dict[int, Identity] = {}

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

    def renamed(self, listed: Listed) -> Identity | None:
        """The decision by which it is one of the register under a new name."""
        return self._renamed.get(listed.row)

    def known(self, listed: Listed) -> KnownOrganisation | None:
        """The organisation of the register that it is."""
        known = self._by_row.get(listed.row)
        return known.organisation if known else None

    def rename(self, listed: Listed, known: Known, decided: Identity) -> None:
        """Take it for a sub-processor of another name, as somebody decided."""
        self._by_row[listed.row] = known
        self._renamed[listed.row] = decided
        if known.sub_processor is not None:
            self.found.add(known.sub_processor.id)
        self.remark(
            listed,
            f"It is “{known.legal_name}” of the register under a new name, as {decided.decided_by} decided.",
        )

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
            there = (
                f"“{known.trading_name}”, which stays" if known.trading_name else "none, and takes it over"
            )
            self.remark(listed, f"The list gives it the brand “{brand}”; the register has {there}.")

    def remark(self, listed: Listed, text: str) -> None:
        self._remarks.setdefault(listed.row, []).append(text)


def match(entities: Sequence[Listed], world: World, identities: Identities) -> Matches:
    """Match by name and brand, by legal name, by trading name, then by what people decided.

    Each organisation is matched once.
    """
    matches = Matches()
    known = _known(world)
    taken: set[UUID] = set()
    times = Counter(listed.entity.key for listed in entities)
    for way in WAYS:
        index: dict[str | None, list[Known]] = {}
        for one in known:
            index.setdefault(way.known(one), []).append(one)
        for listed in entities:
            # Where the list tells a GmbH from an Inc. of one name, so must the register.
            told_apart = times[listed.entity.key] > 1 and not way.exact
            if matches.organisation(listed) is not None or told_apart:
                continue
            candidates = [
                one
                for one in index.get(way.listed(listed.entity), ())
                if one.organisation.id not in taken
                and way.agree(listed.entity, one)
                and not _is_affiliate(listed.entity, one)
            ]
            if len(candidates) == 1:
                matches.take(listed, candidates[0])
                taken.add(candidates[0].organisation.id)
            elif candidates and way.asks:
                names = ", ".join(f"“{one.legal_name}”" for one in candidates)
                matches.remark(
                    listed, f"It may be one of {names} on the register; it is taken for a new one."
                )
    _decided(matches, entities, known, taken, identities)
    return matches


def _decided(
    matches: Matches,
    entities: Sequence[Listed],
    known: Sequence[Known],
    taken: set[UUID],
    identities: Identities,
) -> None:
    """What no name tells: one of the register that has another name on the list, or was taken over by another."""
    left: dict[str, Known] = {}
    for one in known:
        if one.organisation.id not in taken and one.sub_processor is not None:
            for key in filter(None, (one.key, one.whole_key, one.trading_key)):
                left.setdefault(key, one)
    for listed in entities:
        for key in names_of(listed.entity):
            for other in sorted(identities.same_as((key,)) & left.keys()):
                one, decided = left[other], identities.of(key, other)
                if decided is None or one.sub_processor is None or one.organisation.id in taken:
                    continue
                taken.add(one.organisation.id)
                if matches.known(listed) is None:
                    matches.rename(listed, one, decided)
                else:
                    matches.merged[one.sub_processor.id] = (listed, decided)
    _refuse_idle(identities, entities, known)


def names_of(who: Entity) -> list[str]:
    """The keys of the names that an entity of the list goes by, each once."""
    brand = key_of(who.trading_name) if who.trading_name else None
    return list(dict.fromkeys(filter(None, (who.key, who.whole_key, brand))))


def _refuse_idle(identities: Identities, entities: Sequence[Listed], known: Sequence[Known]) -> None:
    """A decision of this import about a name that is nowhere is a slip of the pen."""
    if not identities.given:
        return
    there = {key for listed in entities for key in names_of(listed.entity)}
    there |= {key for one in known for key in (one.key, one.whole_key, one.trading_key) if key}
    for decided in identities.given:
        for name in (decided.registered, decided.listed):
            if key_of(name) not in there:
                message = (
                    f"“{name}” is neither on the list nor on the register. Write the name as it is there."
                )
                member = "same" if decided.same else "different"
                raise InvalidError(message, [Fault(message=message, member=f"{member}.{decided.registered}")])


def _known(world: World) -> list[Known]:
    sub_processors = {known.organisation_id: known for known in world.sub_processors.values()}
    found = []
    for organisation in world.organisations.values():
        document = organisation.periods[-1].document if organisation.periods else organisation.document
        legal_name, trading_name = str(document["legal_name"]), document.get("trading_name")
        found.append(
            Known(
                organisation=organisation,
                sub_processor=sub_processors.get(organisation.id),
                legal_name=legal_name,
                trading_name=trading_name,
                key=key_of(legal_name),
                whole_key=whole_key(legal_name, trading_name),
                trading_key=key_of(trading_name) if trading_name else None,
                form=form_of(legal_name),
            )
        )
    return found


def _is_affiliate(entity: Entity, known: Known) -> bool:
    """A company of our name with another legal form is an affiliate, not one of our own entities."""
    forms = {entity.form, known.form} - {None}
    return known.organisation.own and len(forms) > 1


def _branded(entity: Entity, known: Known) -> bool:
    return bool(entity.trading_name or known.trading_name)


def _same_form(entity: Entity, known: Known) -> bool:
    return entity.legal_name == known.legal_name or entity.form == known.form


def _always(_entity: Entity, _known: Known) -> bool:
    return True


class Way(Struct, frozen=True, kw_only=True):
    """A way of matching: the keys that must be equal, and what else must agree."""

    listed: Callable[[Entity], str]
    known: Callable[[Known], str | None]
    agree: Callable[[Entity, Known], bool] = _always
    exact: bool = False
    asks: bool = False
    """Several candidates are named."""


WAYS = (
    Way(listed=lambda who: who.whole_key, known=lambda one: one.whole_key, agree=_branded, exact=True),
    Way(listed=lambda who: who.key, known=lambda one: one.key, agree=_same_form, exact=True),
    Way(listed=lambda who: who.key, known=lambda one: one.key, asks=True),
    Way(listed=lambda who: who.key, known=lambda one: one.trading_key),
)
