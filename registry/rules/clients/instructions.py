"""Whether the register keeps a client's instructions, place by place (Article 28(3)(a) GDPR)."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from registry.resources.instructions import (
    CountriesExcluded,
    CountriesRequired,
    EeaOnly,
    Flag,
    Instruction,
    InstructionRule,
    NoRemoteAccess,
    RegionsExcluded,
    RegionsRequired,
    SafeguardsExcluded,
    SafeguardsRequired,
    TransferDemanded,
    VendorsExcluded,
    VendorsRequired,
)
from registry.resources.places import Place, PlaceRole
from registry.rules.clients.reserve import behind
from registry.rules.facts import ladder
from registry.rules.hops import Hop
from registry.rules.transfers import COVERED, Judged, judge
from transfers.codes import canonical
from transfers.law import Law
from transfers.vocabulary import Verdict


def contravened(rule: InstructionRule, judged: Judged, law: Law) -> str | None:  # noqa: C901, PLR0911 - one for each kind
    """Why a transfer contravenes an instruction, as the end of a sentence about its place; None: it does not."""
    hop, day = judged.hop, judged.day
    if hop.exporter_role == "controller" and isinstance(rule, VendorsExcluded | VendorsRequired):
        return None  # Vendors are whom we engage; the client engaged us itself.
    match rule:
        case EeaOnly():
            return _outside(hop, {"EEA"}, day, law)
        case CountriesExcluded():
            return _inside(hop, {canonical(country) for country in rule.countries}, day, law)
        case CountriesRequired():
            return _outside(hop, {canonical(country) for country in rule.countries}, day, law)
        case RegionsExcluded():
            return _inside(hop, set(rule.regions), day, law)
        case RegionsRequired():
            return _outside(hop, set(rule.regions), day, law)
        case VendorsExcluded():
            named = {hop.contractor, hop.importer.id} & set(rule.vendors)
            return f"{hop.importer.facts.legal_name} is excluded" if named else None
        case VendorsRequired():
            others = {hop.contractor, hop.importer.id} - set(rule.vendors)
            return f"{hop.importer.facts.legal_name} is none of the vendors named" if others else None
        case SafeguardsExcluded():
            kind = carrier(judged)
            return f"it rests on {judged.mechanism}, which is excluded" if kind in rule.safeguards else None
        case SafeguardsRequired():
            return _carried(rule, judged, law)
        case NoRemoteAccess():
            return _reached(rule, judged, law)
        case TransferDemanded():
            return None


class Contravention(Struct, frozen=True, kw_only=True):
    """A place where an instruction is not kept."""

    key: UUID
    """The id of the transfer: of those to one place under several regimes the one of the first."""
    judged: Judged
    why: str


def contraventions(
    instruction: Instruction, found: Mapping[UUID, Judged], law: Law
) -> Iterable[Contravention]:
    """Where transfers contravene an instruction, each place once, under however many regimes data go there."""
    known: dict[tuple[object, ...], Contravention] = {}
    for key, judged in found.items():
        why = contravened(instruction.rule, judged, law)
        if why is None:
            continue
        hop = judged.hop
        place = (hop.exporter.id, hop.sub_processor_id, hop.use_key, hop.place_key)
        one = Contravention(key=key, judged=judged, why=why)
        if place not in known or hop.regime < known[place].judged.hop.regime:
            known[place] = one
    return known.values()


def carrier(judged: Judged) -> str | None:
    """The kind of what a transfer rests on; None where it rests on nothing."""
    relied = judged.assessment.relied_on
    if relied is None:
        return None
    if relied.index is None:
        return relied.kind
    return str(to_builtins(ladder(judged.hop)[relied.index].tool)["type"])


def demanded(rule: TransferDemanded, found: Iterable[Judged], today: date) -> str | None:
    """Why a transfer that is demanded does not take place; None: it does."""
    country = canonical(rule.country)
    for judged in found:
        vendors = {judged.hop.contractor, judged.hop.importer.id}
        if _codes(judged.hop) == {country} and (rule.vendor is None or rule.vendor in vendors):
            return None
    return f"no transfer to {country} that touches the client is on the register on {today}"


def flag(rule: TransferDemanded, hop: Hop, day: date, law: Law) -> Flag | None:
    """What is said back to a client that demands a transfer without any ground (Articles 28(3) and 44 GDPR)."""
    judged = judge(hop, day, law)
    grounded = judged.verdict in COVERED or judged.assessment.relied_on is not None
    if grounded or judged.assessment.conservative_verdict not in (None, Verdict.NOT_COVERED):
        return None
    return Flag(
        article="44",
        reason=(
            f"On {day} no ground of Chapter V for the transfer to {hop.importer.facts.legal_name} in"
            f" {canonical(rule.country)} is on record, so we hold that it would infringe the law, and do not carry"
            " it out. Agree on a safeguard that holds, or withdraw the instruction."
        ),
        flagged_on=day,
    )


def to_country(hop: Hop, country: str) -> Hop:
    """The hop as it would be at a place in another country."""
    place = Place(role=PlaceRole.PROCESSING, text=country, country=country)
    return replace(hop, place=place)


def _codes(hop: Hop) -> set[str]:
    return {canonical(hop.place.country)} if hop.place.country is not None else set()


def _countries(hop: Hop, day: date, law: Law) -> set[str]:
    if hop.place.group is not None:
        return set(law.members(hop.place.group, day))
    return _codes(hop)


def _held(place: Place, country: str, areas: set[str], day: date, law: Law) -> bool:
    """Whether a country of a place lies in one of these countries or regions."""
    groups = areas & {"EU", "EEA"}
    return (
        country in areas
        or (place.subdivision is not None and place.subdivision in areas)
        or any(country in law.members(group, day) for group in groups)
    )


def _outside(hop: Hop, areas: set[str], day: date, law: Law) -> str | None:
    countries = _countries(hop, day, law)
    if not countries:
        return f"it names no bounded place, so it cannot be shown that it lies in {_listed(areas)}"
    out = sorted(country for country in countries if not _held(hop.place, country, areas, day, law))
    return f"{_listed(out)} is outside {_listed(areas)}" if out else None


def _inside(hop: Hop, areas: set[str], day: date, law: Law) -> str | None:
    countries = _countries(hop, day, law)
    if not countries:
        return f"it names no bounded place, so it cannot be shown that it lies outside {_listed(areas)}"
    held = sorted(country for country in countries if _held(hop.place, country, areas, day, law))
    return f"{_listed(held)} is excluded" if held else None


def _carried(rule: SafeguardsRequired, judged: Judged, law: Law) -> str | None:
    if judged.verdict is Verdict.NO_TRANSFER:
        return None
    kinds = {carrier(judged), *(one.kind for one in behind(judged, law))}
    if kinds & set(rule.safeguards):
        return None
    return f"it rests on {judged.mechanism or 'nothing'}, not on {_listed(rule.safeguards)}"


def _reached(rule: NoRemoteAccess, judged: Judged, law: Law) -> str | None:
    if judged.hop.place.role is not PlaceRole.SUPPORT_ACCESS:
        return None
    outside = _outside(judged.hop, {"EEA"}, judged.day, law)
    adequate = judged.verdict in (Verdict.NO_TRANSFER, Verdict.COVERED_BY_ADEQUACY)
    if outside is None or (rule.outside == "adequate" and adequate):
        return None
    return f"the data are reached from there, and {outside}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def standing(instructions: Iterable[Instruction], day: date) -> list[Instruction]:
    """The instructions that hold on the day and that we hold lawful."""
    return [one for one in instructions if one.covers(day) and one.flagged is None]
