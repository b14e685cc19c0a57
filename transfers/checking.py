"""What one record of law data must satisfy beyond its types: days, sources, codes, and members that belong together."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import chain, pairwise
from typing import Any, Final

from transfers import codes
from transfers.errors import LawDataError
from transfers.records import (
    Adequacy,
    BelongsTo,
    CarveOut,
    Clauses,
    Entry,
    Event,
    MaterialChange,
    Membership,
    NationalExtension,
    Phase,
    Point,
    Record,
    Region,
    Territory,
    Tool,
    Use,
)
from transfers.standing import LAST_DAY, SAYS
from transfers.vocabulary import SAFEGUARD_TYPES, Regime

EXTRA_KEYS: Final = frozenset({"CY/northern_cyprus"})
"""Keys of legal areas that have no country code."""

EARLIEST: Final = date(1900, 1, 1)
OWN: Final = {Regime.UK_GDPR: ("GB",), Regime.CH_FADP: ("CH", "EU"), Regime.EU_GDPR: ("EU",)}
"""What an entry of a list would say nothing about: the regime's own country, and the Union save on the UK list."""

_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]+)?([/?#][^\s<>\"]*)?")
_CELEX: Final = re.compile(r"[0-9][0-9A-Z]{3,}[0-9A-Z()/]*")
_SUBDIVISION: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")

Fault = tuple[str, str]
"""The member at fault, empty for the record as a whole; and what is wrong, with the remedy."""
Span = tuple[str, date | None, str, date | None]
"""Two members by name with their days: the second may not lie before the first."""


def check_entry(file: str, key: str, entry: Entry) -> None:
    """Refuse what would be read wrongly, or read over: ``LawDataError`` names file, key and remedy."""
    for fault, what in (*_of_days(entry), *_faults(entry), *_of_codes(entry)):
        raise LawDataError(file, f"{key}.{fault}" if fault else key, what)
    for member in entry.__struct_fields__:
        value = getattr(entry, member)
        if isinstance(value, tuple):
            for number, inner in enumerate(value):
                if isinstance(inner, Entry):
                    check_entry(file, f"{key}.{member}[{number}]", inner)


def _of_days(entry: Entry) -> Iterator[Fault]:
    """Days before and after every span must be days too; a span without an end leaves its end out."""
    for member in entry.__struct_fields__:
        value = getattr(entry, member)
        if isinstance(value, date) and not EARLIEST <= value < LAST_DAY:
            taken = f"only days from {EARLIEST} and before {LAST_DAY}"
            yield member, f"{value} is not taken, {taken}; for what does not end leave it out"
    for name, first, other, last in _spans(entry):
        if first is not None and last is not None and last < first:
            if (name, other) == ("first_day", "last_day"):
                yield "", f"ends on {last} before it starts on {first}; both days are included, swap them"
            yield other, f"{last} lies before {name}, {first}; both days are included"


def _spans(entry: Entry) -> Iterable[Span]:
    def span(name: str, other: str) -> Span:
        return name, getattr(entry, name), other, getattr(entry, other)

    if isinstance(entry, Event | Phase | Point):
        yield span("first_day", "last_day")
    if isinstance(entry, Adequacy):
        yield span("unsure_from", "first_day")
        for member in ("unsure_until", "list_open_from", "struck_on"):
            yield span("first_day", member)
            yield span(member, "last_day")
        for number, phase in enumerate(entry.phase):
            yield "first_day", entry.first_day, f"phase[{number}].first_day", phase.first_day
            yield f"phase[{number}].last_day", phase.last_day, "last_day", entry.last_day
    if isinstance(entry, CarveOut):
        yield span("unsure_from", "last_day")
    if isinstance(entry, Use):
        yield span("conclude_until", "rely_until")
        yield span("review_from", "rely_until")
    if isinstance(entry, Point):
        yield span("first_day", "settled_on")


def _of_codes(entry: Entry) -> Iterator[Fault]:
    """A code under which nothing is ever judged would be read over; so would one written twice."""
    for member in ("codes", "exporters"):
        named: tuple[str, ...] = getattr(entry, member, ())
        for number, code in enumerate(named):
            fault = _of_code(entry, code) or ("is written twice" if code in named[:number] else None)
            if fault is not None:
                yield member, f"{code} {fault}"
    for member in ("subdivisions", "unclear_subdivisions", "provinces_with_own_act"):
        for written in getattr(entry, member, ()):
            if not _SUBDIVISION.fullmatch(written) or written[:2] not in codes.KNOWN:
                yield member, f"{written} is no code of a subdivision; write one such as CA-QC"


def _of_owner(entry: BelongsTo) -> Iterator[Fault]:
    fault = _of_code(entry, entry.state)
    return _met((fault is not None, "state", f"{entry.state} {fault}"))


def _of_code(entry: Entry, code: str) -> str | None:
    if code in EXTRA_KEYS:
        return None
    if code not in codes.KNOWN:
        return "is no country code that exists or existed"
    if codes.canonical(code) != code:
        return f"stands for {codes.canonical(code)}, and nothing is ever judged under it; write that"
    became = codes.countries()[code].became
    if became and isinstance(entry, Adequacy | Membership):
        return f"was withdrawn and several took its place; write {', '.join(became)}"
    if isinstance(entry, Adequacy) and code in OWN[entry.regime]:
        return f"needs no entry under {entry.regime}, and one is never asked for"
    return None


def _faults(entry: Entry) -> Iterator[Fault]:
    if isinstance(entry, Record):
        if not _ADDRESS.fullmatch(entry.source):
            yield "source", f"must be an https address where the fact is published, not {entry.source!r}"
        if entry.celex is not None and not _CELEX.fullmatch(entry.celex):
            yield "celex", f"{entry.celex!r} is no CELEX number; write one such as 32016R0679"
    says = getattr(entry, "says", None) or ()
    for code in (says,) if isinstance(says, str) else says:
        if code not in SAYS:
            yield "says", f"{code} is none of {', '.join(sorted(SAYS))}"
    for kind, faults in _OF_KIND.items():
        if isinstance(entry, kind):
            yield from faults(entry)


def _met(*checks: tuple[bool, str, str]) -> Iterator[Fault]:
    """What is wrong of a list: whether it is, the member, and the words."""
    return ((member, what) for wrong, member, what in checks if wrong)


def _of_event(entry: Event) -> Iterator[Fault]:
    ends = entry.__class__ not in _WITHOUT_END
    told = "is not looked at here, so the record would go on; how long clauses carry, rely_until of their use says"
    return _met((entry.last_day is not None and not ends, "last_day", told))


def _of_places(entry: Membership | Territory | NationalExtension) -> Iterator[Fault]:
    return _met((not entry.codes, "codes", "names no code, so it would say nothing"))


def _of_region(entry: Region) -> Iterator[Fault]:
    return _met((not entry.subdivisions, "subdivisions", "names none, so it would say nothing"))


def _of_territory(entry: Territory) -> Iterator[Fault]:
    odd = (entry.status == "disputed") != (entry.point is not None)
    return _met((odd, "point", "a disputed territory names its open point, others do not"))


def _of_point(entry: Point) -> Iterator[Fault]:
    odd = (entry.settled_on is None) != (entry.settled is None)
    return _met((odd, "settled", "a settled point has both settled_on and settled"))


def _of_use(entry: Use) -> Iterator[Fault]:
    half = (entry.review_from is None) != (entry.review_point is None)
    endless = entry.on_last_day is not None and entry.rely_until is None
    return _met(
        (not entry.sets, "sets", "names no set, so it would say nothing"),
        (half, "review_point", "a review has both review_from and review_point"),
        (endless, "on_last_day", "there is no last day to read; give rely_until too"),
    )


def _of_tool(entry: Tool) -> Iterator[Fault]:
    unknown = entry.type is not None and entry.type not in SAFEGUARD_TYPES
    types = ", ".join(SAFEGUARD_TYPES)
    yield from _met(
        (unknown, "type", f"{entry.type} is no type of safeguard; write one of {types}"),
        (not entry.regimes, "regimes", "names none, so it would be a tool nowhere"),
    )
    for scheme in entry.schemes:
        if len(scheme.split(" ")) != 2 or "" in scheme.split(" "):  # noqa: PLR2004 - a name and a version
            yield "schemes", f"{scheme!r} must be a scheme and its version, such as europrivacy v82_transfer"


def _of_carve_out(entry: CarveOut) -> Iterator[Fault]:
    nobody = not (entry.sectors or entry.purposes or entry.data)
    told = (
        "leaves nobody out: name sectors, purposes or data; public bodies as such are left out by"
        ' public_bodies = "outside"'
    )
    return _met((nobody, "", told))


def has_conditions(entry: Adequacy) -> bool:
    """Whether a decision's scope asks for something of every importer; carve-outs are exceptions."""
    listed = bool(entry.subject_to or entry.certifications or entry.automated_only)
    return listed or entry.public_bodies != "inside"


def _of_decision(entry: Adequacy) -> Iterator[Fault]:
    nowhere = not entry.codes and entry.organisation is None
    half_ended = (entry.ended_by is None) != (entry.ended is None)
    endless = entry.ended_by is not None and entry.last_day is None
    # A list that only indicated was followed by the list itself, which says what became of an entry.
    unexplained = entry.last_day is not None and entry.ended_by is None and not entry.indicative
    unsaid = (
        "is named and nothing says why it ends, so answers after it could not either; give ended_by (court, sunset,"
        " accession or repeal) and ended, the words that tell it"
    )
    scoped = has_conditions(entry)
    half_unclear = (entry.unclear_point is None) == bool(entry.unclear_subdivisions)
    no_list = entry.list_open_from is not None and not entry.certifications
    struck = entry.struck_on is not None and not entry.indicative
    for_all = (
        "is said to have conditions and names none, so all would be covered; name subject_to, certifications,"
        " automated_only or public_bodies, or say judged = false"
    )
    yield from _met(
        (nowhere, "codes", "a decision needs codes or an organisation"),
        (half_ended, "ended", "an end has both ended_by and ended, the words that tell it"),
        (unexplained and not half_ended, "last_day", unsaid),
        (endless, "last_day", "has ended_by and no last day; the decision would go on for ever"),
        (
            scoped and not entry.conditional,
            "conditional",
            "names conditions of its scope, which count only with conditional = true",
        ),
        (entry.conditional and entry.judged and not scoped, "conditional", for_all),
        (half_unclear, "unclear_point", "is named together with where it is unclear, unclear_subdivisions"),
        (no_list, "list_open_from", "there is no list; name certifications too"),
        (struck, "struck_on", "is for lists that only indicate; a decision has last_day and ended_by"),
    )
    ordered = sorted(entry.phase, key=lambda phase: phase.first_day)
    for earlier, later in pairwise(ordered):
        if earlier.last_day >= later.first_day:
            yield "phase", f"those that begin on {earlier.first_day} and {later.first_day} overlap"


_WITHOUT_END: Final = (Clauses, Use, MaterialChange, Event)
"""Sets, their use, changes of foreign law, and duties, which have no class of their own."""
_OF_KIND: Final[dict[Any, Callable[[Any], Iterator[Fault]]]] = {
    Event: _of_event,
    Membership: _of_places,
    NationalExtension: _of_places,
    Territory: lambda entry: chain(_of_places(entry), _of_territory(entry)),
    Region: _of_region,
    BelongsTo: _of_owner,
    Point: _of_point,
    Use: _of_use,
    Tool: _of_tool,
    CarveOut: _of_carve_out,
    Adequacy: _of_decision,
}
