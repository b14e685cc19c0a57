"""The instruments that the grounds of a transfer column claim, in the order of the ladder."""

import re
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from registry.resources.terms import Safeguard
from registry.rules.imports import mechanism_words as words
from registry.rules.imports.mechanism_words import Ground
from transfers import safeguards as tools
from transfers.vocabulary import ApprovedUnder, BcrKind, ClauseSet, DerogationGround, Framework

ONE_SET_FROM = date(2022, 12, 28)
"""From this day on only the clauses of 2021 can be meant: Article 4(4) of Decision (EU) 2021/914."""

ONE_SET_UNTIL = date(2021, 6, 27)
FIRST_OF_ONE_SET = date(2010, 5, 15)
"""Between these days only the clauses of Decision 2010/87/EU were for transfers to processors: it replaced Decision
2002/16/EC (its Article 8), and Decision (EU) 2021/914 applies from the later day on; the others are between
controllers."""

_YEAR = re.compile(
    r"(?:^|[(,]|\b(?:sccs?|clauses|types?|klauseln|eu|decision|set|version|of|from|von|de)) ?"
    r"(2001|2002|2004|2010|2021)(?![\w/]|[.-]\d)"
)
"""The year of a set, where it is one: not that of a signature."""
_OLD_YEAR = re.compile(r"\b(?:2001|2002|2004|2010)\b(?!/)")
_OF_YEAR = {"2001": "2001/497", "2002": "2002/16", "2004": "2004/915", "2010": "2010/87", "2021": "2021/914"}
SETS = re.compile(r"2021/91[45]|2010/87|2004/915|2002/16|2001/497")
_BCR_KIND = (
    (BcrKind.CONTROLLER, re.compile(r"\bbcrs?-?c\b|\bcontrollers?\b")),
    (BcrKind.PROCESSOR, re.compile(r"\bbcrs?-?p\b|\bprocessors?\b")),
)
_DEROGATION = (
    (DerogationGround.A, re.compile(r"a49-1-a|consent|einwilligung|consentement")),
    *((DerogationGround(letter), re.compile(rf"a49-1-{letter}")) for letter in "bcdefg"),
)
_SWISS = re.compile(r"\bswiss|\bswitzerland\b|\bschweiz|\bsuisse\b|\bfadp\b|\brevfadp\b|\bdsg\b|\bfdpic\b")


class Match(Struct, frozen=True, kw_only=True):
    """A ground that a text names, with the words around it."""

    ground: Ground
    framework: Framework | None
    start: int
    end: int
    written: str
    clause: str
    """All of the sentence in which it stands."""
    part: str
    """From the last comma or bracket to the next."""


def claimed(found: list[Match], day: date, notes: list[str]) -> dict[str, Safeguard]:
    """The instruments in the order of the ladder, what is called a fallback last."""
    claims: dict[str, tuple[bool, int, tools.Safeguard]] = {}
    instruments = [match for match in found if match.ground in words.LADDER]
    for match in instruments:
        fallback = bool(words.FALLBACK.search(match.part))
        for key, tool in _tools(match, day, notes):
            known = claims.get(key)
            rank = (bool(known and known[0]) or fallback, words.LADDER.index(match.ground), tool)
            claims[key] = rank
    _drop_vaguer(claims)
    ordered = sorted(claims.items(), key=lambda claim: claim[1][:2])
    if any(words.CONDITION.search(match.part) for match in instruments):
        notes.append("A safeguard is claimed under a condition only; find out whether it is in force here.")
    if {match.ground for match in instruments} >= {Ground.UK_IDTA, Ground.UK_ADDENDUM}:
        notes.append("The IDTA and the Addendum are both named; keep the one that was concluded.")
    return {key: Safeguard(tool=claim[2], position=at) for at, (key, claim) in enumerate(ordered, 1)}


def _drop_vaguer(claims: dict[str, tuple[bool, int, tools.Safeguard]]) -> None:
    """As in "EU SCCs (Art. 46(2)(c), Module 3)", one instrument: the finer claim stands for both."""
    for vague in ("scc", "bcr", "derogation"):
        if any(key.startswith(f"{vague}-") for key in claims):
            claims.pop(vague, None)


def _tools(match: Match, day: date, notes: list[str]) -> Iterable[tuple[str, tools.Safeguard]]:
    """The instruments that one name stands for, each with its key."""
    if match.ground is Ground.SCC:
        yield from _clauses(match, day, notes)
    elif match.ground is Ground.BCR:
        yield from _corporate_rules(match)
    elif match.ground is Ground.DEROGATION:
        yield from _derogation(match, notes)
    elif match.ground is Ground.CODE:
        yield match.ground.value, tools.CodeOfConduct(code=match.written)
    elif match.ground is Ground.CERTIFICATION:
        scheme = None if match.written.startswith("a46") else match.written
        yield match.ground.value, tools.Certification(scheme=scheme)
    else:
        yield match.ground.value, _SIMPLE[match.ground]


_SIMPLE: dict[Ground, tools.Safeguard] = {
    Ground.AUTHORITY_CLAUSES: tools.SupervisoryAuthorityScc(),
    Ground.AD_HOC: tools.AdHocClauses(),
    Ground.ARRANGEMENT: tools.AdministrativeArrangement(),
    Ground.INSTRUMENT: tools.PublicInstrument(),
    Ground.UK_IDTA: tools.UkIdta(),
    Ground.UK_ADDENDUM: tools.UkAddendum(),
}


def _clauses(match: Match, day: date, notes: list[str]) -> Iterable[tuple[str, tools.Scc]]:
    named = list(dict.fromkeys(SETS.findall(match.clause)))
    named = named or list(dict.fromkeys(_OF_YEAR[year] for year in _YEAR.findall(match.part)))
    year = _OLD_YEAR.search(match.clause)
    if not named and not year and FIRST_OF_ONE_SET <= day < ONE_SET_UNTIL:
        named = [ClauseSet.SET_2010_87.value]
        notes.append(
            f"“{match.written}” does not say which set of clauses; on {day} the only one for processors was that of"
            " Decision 2010/87/EU, which is taken."
        )
    if not named and (day < ONE_SET_FROM or year):
        notes.append(
            f"“{match.written}” does not say which set of clauses, and more than one can be meant, so it is not taken"
            " over. Name the set, such as “SCCs 2021/914”."
        )
        return
    adapted = True if _SWISS.search(match.clause) else None
    for number in named or [ClauseSet.SET_2021_914.value]:
        chosen = ClauseSet(number)
        name = "scc" if chosen is ClauseSet.SET_2021_914 else f"scc-{number.replace('/', '-')}"
        modules = modules_of(match.clause) if chosen is ClauseSet.SET_2021_914 else []
        for module in modules:
            yield f"{name}-module-{module}", tools.Scc(set=chosen, module=module, swiss_adaptations=adapted)
        if not modules:
            yield name, tools.Scc(set=chosen, swiss_adaptations=adapted)


def modules_of(text: str) -> list[int]:
    """The modules that a plain text names, by number or by roles; never by what would fit."""
    found: set[int] = set()
    for match in words.MODULES.finditer(text):
        last = words.NUMBERS[match["first"]]
        found.add(last)
        for more in words.MORE.finditer(match["more"]):
            number = words.NUMBERS[more["number"]]
            if more["joint"] in ("-", "to", "bis"):
                found.update(range(last, number))
            found.add(number)
            last = number
    found.update(module for module, pattern in words.ROLES if pattern.search(text))
    return sorted(found)


def _corporate_rules(match: Match) -> Iterable[tuple[str, tools.Bcr]]:
    under = ApprovedUnder.UK_GDPR if match.written.startswith("uk") else None
    kinds = [kind for kind, pattern in _BCR_KIND if pattern.search(match.part)]
    for kind in kinds:
        yield f"bcr-{kind}", tools.Bcr(kind=kind, approved_under=under)
    if not kinds:
        yield "bcr", tools.Bcr(approved_under=under)


def _derogation(match: Match, notes: list[str]) -> Iterable[tuple[str, tools.Derogation]]:
    grounds = [ground for ground, pattern in _DEROGATION if pattern.search(match.written)]
    for ground in grounds:
        yield f"derogation-{ground}", tools.Derogation(ground=ground)
    if not grounds and not match.written.startswith("derogation"):
        notes.append(
            f"“{match.written}” does not say which ground of Article 49(1), so it is not taken over. Name its letter."
        )
