"""From the register's records to the engine's facts: the one table, each fact with its source."""

from collections.abc import Callable
from datetime import date
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from registry.resources.organisations import Certification
from registry.resources.places import Place, PlaceRole
from registry.resources.terms import Obligation, Safeguard
from registry.resources.transfers import Fact
from registry.rules.hops import Hop, Received
from transfers.facts import Facts
from transfers.safeguards import Scc
from transfers.vocabulary import Access, Upstream

UNTOLD: Any = object()
"""A fact that has its default where it is left out, and of which the register says that it does not know it."""


class Row(Struct, frozen=True):
    """How one fact is found: the member it becomes, its value (None: unknown), and its source."""

    fact: str
    value: Callable[[Hop], Any]
    source: Callable[[Hop], str]


def _exporter(member: str) -> Callable[[Hop], str]:
    return lambda hop: f"{_who_exports(hop)}, {member}"


def _who_exports(hop: Hop) -> str:
    """How a source names the record of the exporter: a client is an organisation of its own kind."""
    return (
        f"client {hop.exporter.facts.legal_name}"
        if hop.exporter_role == "controller"
        else hop.exporter.record
    )


def _importer(member: str) -> Callable[[Hop], str]:
    return lambda hop: f"{hop.importer.record}, {member}"


def _terms(hop: Hop) -> str:
    if hop.exporter_role == "controller":
        return f"terms of the client {hop.exporter.facts.legal_name}"
    return f"terms of {hop.sub_processor} from {hop.period.first or 'the beginning'}"


def _place(member: str) -> Callable[[Hop], str]:
    return lambda hop: (
        f"{hop.importer.record}, {member}"
        if hop.exporter_role == "controller"
        else f"{_terms(hop)}, uses.{hop.use_key}.places.{hop.place_key}.{member}"
    )


def _use(member: str) -> Callable[[Hop], str]:
    return lambda hop: f"{_terms(hop)}, uses.{hop.use_key}.{member}"


def _data(member: str) -> Row:
    return Row(
        f"data.{member}",
        lambda hop: any(getattr(category, member) for category in hop.use.data.values()) or None,
        lambda hop: f"{_terms(hop)}, uses.{hop.use_key}.data",
    )


def question(hop: Hop, day: date) -> dict[str, Any]:
    """The facts of the hop as the body of an assessment."""
    body: dict[str, Any] = {"regime": hop.regime, "as_of": day.isoformat()}
    for (parent, member), value in _PLACED:
        found = value(hop)
        if found is not None:
            target = body.setdefault(parent, {}) if parent else body
            target[member] = None if found is UNTOLD else found
    return body


def facts(hop: Hop, day: date) -> tuple[Fact, ...]:
    """Every fact in the question, with the record that it was taken from."""
    return (
        Fact(fact="regime", value=hop.regime, source=_regime(hop)),
        Fact(fact="as_of", value=day.isoformat(), source="the day asked about"),
        *(
            Fact(
                fact=row.fact,
                value=None if value is UNTOLD else to_builtins(value),
                source=row.source(hop),
            )
            for row in TABLE
            if (value := row.value(hop)) is not None
        ),
    )


def _regime(hop: Hop) -> str:
    if hop.upstream:
        return f"the transfers by which {hop.exporter.facts.legal_name} received the data"
    return _exporter("country")(hop)


def _exporter_role(hop: Hop) -> str:
    if hop.exporter_role == "controller":
        return f"{_who_exports(hop)} entrusts us with its data"
    return "the register is a processor's"


def _public_or_private(kind: str) -> str:
    return "public" if kind == "public" else "private"


def _same_group(hop: Hop) -> bool | None:
    """Whether exporter and importer belong to one group; unknown where a group is not on record."""
    group, other = hop.exporter.facts.group, hop.importer.facts.group
    return None if group is None or other is None else group == other


def _bound(hop: Hop, received: Received) -> Any:
    """Whether the importer is bound as the ground asks under which the exporter received the data.

    A contract that takes every obligation on is one under Article 28(4) GDPR. Standard clauses ask for more:
    their own obligations and the persons' rights as third parties (Clauses 3, 8.8 and 9(b)). Who is a party to
    them has them among its safeguards; of all others it is not on record.
    """
    agreed = hop.terms.agreement is not None and hop.terms.agreement.status == "incorporated"
    if not (agreed and all(duty in hop.terms.obligations for duty in Obligation)):
        return False
    return UNTOLD if received.upstream is Upstream.SCC else True


def _authorised(hop: Hop) -> bool:
    """Whether clauses on record say that the sub-processor is authorised (Clause 9)."""
    return any(
        safeguard.tool.sub_processor_authorisation is not None
        and safeguard.tool.sub_processor_authorisation.authorised is True
        for safeguard in ladder(hop)
        if isinstance(safeguard.tool, Scc)
    )


def _onward(value: Callable[[Hop, Received], Any]) -> Callable[[Hop], Any]:
    """A fact of hops beyond the first, whose exporter received the data itself."""
    return lambda hop: value(hop, hop.received) if hop.received is not None else None


def _received(hop: Hop) -> str:
    return hop.received.by if hop.received is not None else _terms(hop)


def _certifications(hop: Hop) -> list[dict[str, Any]] | None:
    held = hop.importer.facts.certifications
    if not held and not hop.importer.facts.certifications_known:
        return None
    return [_certification(certification) for certification in held.values()]


def _certification(held: Certification) -> dict[str, Any]:
    covers = [kind for kind, covered in (("hr", held.hr), ("non_hr", held.non_hr)) if covered]
    entry: dict[str, Any] = {
        "framework": held.framework,
        "status": held.status,
        "covers": covers,
        "names_importer": held.names_importer,
    }
    for member in ("valid_from", "valid_until"):
        day = getattr(held, member)
        if day is not None:
            entry[member] = day.isoformat()
    return entry


def _safeguards(hop: Hop) -> list[dict[str, Any]] | None:
    return [to_builtins(safeguard.tool) for safeguard in ladder(hop)] or None


def ladder(hop: Hop) -> list[Safeguard]:
    """The instruments that bind the importer, in the order in which they are relied on.

    They bind the sub-processor; another operator of a place only where it is on record as a party.
    """
    ordered = sorted(hop.terms.safeguards.items(), key=lambda item: (item[1].position, item[0]))
    return [
        safeguard
        for _, safeguard in ordered
        if hop.importer.id == hop.contractor or hop.importer.id in safeguard.parties
    ]


def engaged_alike(hop: Hop) -> tuple[object, ...]:
    """What tells the facts of a sub-processor's hops apart on one day, wherever their places are."""
    return hop.exporter.id.int, hop.importer.id.int, hop.regime, hop.use_key


def placed_alike(hop: Hop) -> tuple[object, ...]:
    """What tells the facts of hops that are engaged alike apart: what they say of their place."""
    place = hop.place
    return place.role is PlaceRole.SUPPORT_ACCESS, place.country, place.subdivision, place.area


def placed(asked: Facts, place: Place) -> Facts:
    """The facts of a hop that is engaged alike, at another place: made of those known, since that is quicker."""
    importer = replace(asked.importer, country=place.country, subdivision=place.subdivision, area=place.area)
    access = Access.REMOTE_ACCESS if place.role is PlaceRole.SUPPORT_ACCESS else Access.STORAGE
    return replace(asked, access=access, importer=importer)


TABLE: tuple[Row, ...] = (
    Row(
        "access",
        lambda hop: "remote_access" if hop.place.role is PlaceRole.SUPPORT_ACCESS else "storage",
        _place("role"),
    ),
    Row("exporter.country", lambda hop: hop.exporter.facts.country, _exporter("country")),
    Row("exporter.role", lambda hop: hop.exporter_role, _exporter_role),
    Row("exporter.kind", lambda hop: _public_or_private(hop.exporter.facts.kind), _exporter("kind")),
    Row(
        "exporter.subject_to_regime",
        _onward(lambda _, __: False),
        lambda hop: f"{hop.exporter.record}, country and subject_to: it holds the data through the chain",
    ),
    Row(
        "exporter.exercises_public_powers",
        lambda hop: hop.exporter.facts.exercises_public_powers or None,
        _exporter("exercises_public_powers"),
    ),
    Row("exporter.group_company", _same_group, _exporter("group")),
    Row("importer.country", lambda hop: hop.place.country, _place("country")),
    Row("importer.subdivision", lambda hop: hop.place.subdivision, _place("subdivision")),
    Row("importer.area", lambda hop: hop.place.area, _place("area")),
    Row("importer.role", lambda _: "processor", lambda hop: f"engagement of {hop.sub_processor}"),
    Row("importer.kind", lambda hop: hop.importer.facts.kind.value, _importer("kind")),
    Row(
        "importer.organisation",
        lambda hop: hop.importer.facts.organisation_code,
        _importer("organisation_code"),
    ),
    Row("importer.sector", lambda hop: hop.importer.facts.sector, _importer("sector")),
    Row(
        "importer.subject_to",
        lambda hop: {law.value: bound for law, bound in hop.importer.facts.subject_to.items()} or None,
        _importer("subject_to"),
    ),
    Row("importer.certifications", _certifications, _importer("certifications")),
    Row(
        "importer.same_legal_entity",
        lambda hop: hop.importer.id == hop.exporter.id or None,
        lambda hop: f"{hop.importer.record} is the exporter itself",
    ),
    Row("importer.group_company", _same_group, _importer("group")),
    Row(
        "importer.is_exporters_controller",
        lambda _: False,
        lambda hop: f"engagement of {hop.sub_processor}: it works for the exporter, not the other way round",
    ),
    _data("hr"),
    _data("special_categories"),
    _data("credit"),
    _data("immigration_control"),
    Row("data.automated_processing", lambda hop: hop.use.automated_processing, _use("automated_processing")),
    Row("data.purpose", lambda hop: hop.use.purpose_code, _use("purpose_code")),
    Row("safeguards", _safeguards, lambda hop: f"{_terms(hop)}, safeguards"),
    Row("onward_from.upstream", _onward(lambda _, received: received.upstream), _received),
    Row("onward_from.module", _onward(lambda _, received: received.module), _received),
    Row(
        "onward_from.contract",
        _onward(_bound),
        lambda hop: f"{_terms(hop)}, obligations and agreement",
    ),
    Row(
        "onward_from.authorised",
        _onward(lambda hop, _: _authorised(hop)),
        lambda hop: f"{_terms(hop)}, safeguards",
    ),
)

_PLACED = tuple((("", *row.fact.split("."))[-2:], row.value) for row in TABLE)
"""Each fact's place in the body, split once: a register asks for thousands."""
