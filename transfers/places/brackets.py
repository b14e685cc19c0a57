"""What stands in brackets explains what stands before them, or contradicts it."""

from transfers.places.clauses import Clause, Run
from transfers.places.found import Found, Gathered
from transfers.places.lexicon import Lexicon
from transfers.places.readings import Doubt, Status

WHOM = frozenset(
    (
        "customer",
        "customers",
        "client",
        "clients",
        "user",
        "users",
        "recipient",
        "recipients",
        "tenant",
        "tenants",
    )
)


def speaks_of_whom(run: Run) -> bool:
    """As in "(EU customers)" says whose data, not where."""
    words = [item.word for segment in run.segments for item in segment.items]
    return bool(words) and words[-1] in WHOM


def explains(group: str, found: Found, lexicon: Lexicon) -> bool:
    """Whether a group only says in which part of the world a place lies."""
    if group in ("GLOBAL", "CUSTOMER_SELECTED"):
        return False
    members = lexicon.members.get(group) or frozenset()
    return found.country is not None and found.doubt is None and (not members or found.country in members)


def before_bracket(gathered: Gathered, number: int) -> list[Found]:
    """The places that a bracket in this segment can speak of."""
    return [found for found in gathered.places if found.last in (number, number - 1)]


def take_bracket(
    gathered: Gathered, inside: Gathered, inner: tuple[Clause, ...], number: int, lexicon: Lexicon
) -> None:
    """Lay what a bracket says over what stands before it."""
    before = before_bracket(gathered, number)
    if before and (_is_own_code(before[-1], inner, lexicon) or _is_own_point(before[-1], inner, lexicon)):
        return
    gathered.doubts.extend(_left_open(inside, before[-1] if before else None))
    _groups(gathered, inside, before, number, lexicon)
    group = next((g for g in reversed(gathered.groups) if g.segment == number), None)
    if group is not None and inside.places and all(explains(group.code, f, lexicon) for f in inside.places):
        group.explained = True
    for found in inside.places:
        holder = gathered.places[-1] if gathered.places and before else None
        found.first = found.last = number
        if holder is None or (group is not None and holder.last != number):
            gathered.places.append(found)
        else:
            _explain(gathered, holder, found, number)


def _explain(gathered: Gathered, holder: Found, found: Found, number: int) -> None:
    if not holder.agrees(found):
        found.doubt = found.doubt or Doubt(
            Status.AMBIGUOUS, "what stands in brackets is another place than what stands before them"
        )
        gathered.places.append(found)
        return
    if holder.country is None and found.country is not None:
        holder.settle(found.country, holder.level, number)
    if not holder.fill(found):
        gathered.places.append(found)


def _is_own_code(holder: Found, inner: tuple[Clause, ...], lexicon: Lexicon) -> bool:
    """As in "India (IN)" and "Milano (MI)": the code of the place before, or of a part of its country."""
    items = [item for clause in inner for run in clause.runs for part in run.segments for item in part.items]
    if len(items) != 1 or holder.country is None or not items[0].raw.isupper():
        return False
    return items[0].raw == holder.country or f"{holder.country}-{items[0].raw}" in lexicon.subdivisions


def _is_own_point(holder: Found, inner: tuple[Clause, ...], lexicon: Lexicon) -> bool:
    """As in "Ashburn, United States (iad)": the short code of the region in that city."""
    items = [item for clause in inner for run in clause.runs for part in run.segments for item in part.items]
    point = lexicon.points.get(items[0].raw.lower()) if len(items) == 1 else None
    if point is None or point.country != holder.country or holder.city not in (None, point.name):
        return False
    holder.city = point.name if holder.city or not holder.is_bare_country(holder.country) else holder.city
    if items[0].raw.islower():
        holder.region = holder.region or point.code
    return True


def _left_open(inside: Gathered, holder: Found | None) -> list[Doubt]:
    """The doubts of a bracket, without those that the place before it settles."""
    settled = [
        found.doubt
        for found in inside.places
        if holder is not None and holder.country in found.candidates and found.country is None
    ]
    return [doubt for doubt in inside.doubts if doubt not in settled]


def _groups(gathered: Gathered, inside: Gathered, before: list[Found], number: int, lexicon: Lexicon) -> None:
    for group in inside.groups:
        known = [*before, *inside.places]
        explained = group.explained or (
            bool(known) and all(explains(group.code, found, lexicon) for found in known)
        )
        added = gathered.add_group(group.code, -1 if explained else number)
        added.explained = explained
