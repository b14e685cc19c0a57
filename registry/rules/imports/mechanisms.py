"""Transfer columns of published lists, read into claimed safeguards: what a list says, not what is on record.

`mechanisms` reads a cell alone; `contradictions` (in a module of its own) holds the reading against places and law.
A claim has no evidence and no day, so the law engine never relies on it without asking for both.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from registry.resources.terms import Safeguard
from registry.rules.imports import mechanism_words as words
from registry.rules.imports.mechanism_words import Ground
from transfers import safeguards as tools
from transfers.places import says_nothing
from transfers.places.cleaning import visible
from transfers.vocabulary import ApprovedUnder, BcrKind, ClauseSet, DerogationGround, Framework

TEXT_MAX = 2_000
"""Longer cells are no mechanism; what is behind is not read, which is reported."""

ONE_SET_FROM = date(2022, 12, 28)
"""From this day on only the clauses of 2021 can be meant: Article 4(4) of Decision (EU) 2021/914."""

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_ABBREVIATION = re.compile(r"\b(?:[a-z]\.){2,}")
_CUT = re.compile(r"[;\n•|]|(?<=[a-z)가-힣]{4})(?<!\blitt)(?<!\bpara)(?<!buchst)\.(?=\s|$)")
_PART_START = re.compile(r"[;,\n•|(]")
_PART_END = re.compile(r"[;,\n•|(]")
_LETTERS = re.compile(r"[^\W\d_]")
_SETS = re.compile(r"2021/91[45]|2010/87|2004/915|2002/16|2001/497")
_DECISION = re.compile(r"\b(?:19|20)\d\d/\d{2,4}\b")
_BCR_KIND = (
    (BcrKind.CONTROLLER, re.compile(r"\bbcrs?-?c\b|\bcontrollers?\b")),
    (BcrKind.PROCESSOR, re.compile(r"\bbcrs?-?p\b|\bprocessors?\b")),
)
_SWISS = re.compile(r"\bswiss|\bswitzerland\b|\bschweiz|\bsuisse\b|\bfadp\b|\brevfadp\b|\bdsg\b|\bfdpic\b")
_DEROGATION = (
    (DerogationGround.A, re.compile(r"a49-1-a|consent|einwilligung|consentement")),
    *((DerogationGround(letter), re.compile(rf"a49-1-{letter}")) for letter in "bcdefg"),
)


class Reading(Struct, frozen=True, kw_only=True):
    """What a transfer column says."""

    text: str
    """The cell on one line."""
    claimed: dict[str, Safeguard] = {}
    """Instruments by key, in the order in which they are relied on; none has evidence or a day."""
    frameworks: tuple[Framework, ...] = ()
    """Lists on which the vendor is said to stand: facts of its organisation, to be checked on the list."""
    adequacy: bool = False
    """An adequacy decision is claimed."""
    no_transfer: bool = False
    """It is said that nothing leaves the EU or EEA."""
    nothing: bool = False
    """It is said that there is no mechanism ("N/A")."""
    decisions: tuple[str, ...] = ()
    """Numbers of decisions that are named beside an adequacy decision: "2021/1772"."""
    notes: tuple[str, ...] = ()
    """What was not understood or not taken, and what to do about it."""


class _Match(Struct, frozen=True, kw_only=True):
    ground: Ground
    framework: Framework | None
    start: int
    end: int
    written: str
    clause: str
    """All of the sentence in which it stands."""
    part: str
    """From the last comma or bracket to the next."""


def mechanisms(text: str, day: date) -> Reading:
    """Read a cell; `day` is the day on which the list is true, by which "SCCs" means one set or several."""
    written = " ".join(visible(text).split())
    if says_nothing(text):
        return Reading(text=written, nothing=bool(_LETTERS.search(written)))
    bare = plain(text[:TEXT_MAX])
    found = _matches(bare)
    notes: list[str] = []
    if len(text) > TEXT_MAX:
        notes.append(f"Only the first {TEXT_MAX} characters of the transfer mechanism are read. Shorten it.")
    taken = []
    for match in found:
        if _is_refused(match, bare, found):
            notes.append(
                f"“{written}” speaks of “{match.written}” as absent or still to come, so it is not taken over."
            )
        else:
            taken.append(match)
    notes.extend(_not_understood(bare, found))
    claimed = _claimed(taken, day, notes)
    frameworks = tuple(dict.fromkeys(match.framework for match in taken if match.framework))
    notes.extend(
        f"“{written}” says that the vendor stands on the list of {FRAMEWORK_NAMES[framework]}. Look it up there, and"
        " record the certification with the organisation."
        for framework in frameworks
    )
    grounds = {match.ground for match in taken}
    if grounds and grounds <= {Ground.AGREEMENT, Ground.MEASURE}:
        notes.append(
            f"“{written}” names no ground of a transfer: a processing agreement or a security measure is none."
            " Ask for the mechanism."
        )
    return Reading(
        text=written,
        claimed=claimed,
        frameworks=frameworks,
        adequacy=Ground.ADEQUACY in grounds,
        no_transfer=Ground.NO_TRANSFER in grounds,
        nothing=grounds == {Ground.NOTHING},
        decisions=tuple(
            dict.fromkeys(
                number
                for match in taken
                if match.ground is Ground.ADEQUACY
                for number in _DECISION.findall(match.clause)
                if not _SETS.fullmatch(number)
            )
        ),
        notes=tuple(dict.fromkeys(notes)),
    )


FRAMEWORK_NAMES = {
    Framework.EU_US_DPF: "the EU-US Data Privacy Framework",
    Framework.UK_EXTENSION: "the UK Extension to the Data Privacy Framework",
    Framework.SWISS_US_DPF: "the Swiss-US Data Privacy Framework",
    Framework.PRIVACY_SHIELD: "the Privacy Shield",
    Framework.SWISS_US_PRIVACY_SHIELD: "the Swiss-US Privacy Shield",
    Framework.SAFE_HARBOUR: "Safe Harbour",
    Framework.APEC_CBPR: "the Cross-Border Privacy Rules",
}


def plain(text: str) -> str:
    """The text as it is compared: lower case, without dots in abbreviations, articles in one form."""
    bare = unicodedata.normalize("NFKC", visible(text)).casefold().replace("’", "'")
    bare = _DASHES.sub("-", bare).replace("\u00a0", " ")
    bare = _ABBREVIATION.sub(lambda match: match.group().replace(".", ""), bare)
    bare = re.sub(r"[^\S\n]+", " ", bare)
    return words.ARTICLE.sub(_article, bare)


def _article(match: re.Match[str]) -> str:
    article, paragraph, letters = match["article"], match["paragraph"], match["letters"]
    if letters is None:
        return f"a{article}-{paragraph}" if paragraph else f"a{article}"
    paragraph = paragraph or {"46": "2", "49": "1"}.get(article, "1")
    behind = " " if match.group()[-1:].isspace() else ""
    return ", ".join(f"a{article}-{paragraph}-{letter}" for letter in words.LETTER.findall(letters)) + behind


def _matches(text: str) -> list[_Match]:
    """All grounds that the text names, in the order of the text; each stretch of it is read once."""
    left = text
    found: list[_Match] = []
    cuts = [match.span() for match in _CUT.finditer(text)]
    for ground, framework, pattern in words.PATTERNS:
        for match in pattern.finditer(left):
            start, end = match.span()
            first = max((last for _, last in cuts if last <= start), default=0)
            last = min((cut for cut, _ in cuts if cut >= end), default=len(text))
            found.append(
                _Match(
                    ground=ground,
                    framework=framework,
                    start=start,
                    end=end,
                    written=match.group().strip(),
                    clause=text[first:last],
                    part=text[_part_start(text, start) : _part_end(text, end)],
                )
            )
        left = pattern.sub(lambda match: "\0" * len(match.group()), left)
    if not found and words.ONLY_EEA.match(text):
        found.append(
            _Match(
                ground=Ground.NO_TRANSFER,
                framework=None,
                start=0,
                end=len(text),
                written=text.strip(),
                clause=text,
                part=text,
            )
        )
    return sorted(found, key=lambda match: match.start)


def _part_start(text: str, at: int) -> int:
    return max((match.end() for match in _PART_START.finditer(text, 0, at)), default=0)


def _part_end(text: str, at: int) -> int:
    """The next comma or stronger mark that does not stand in a bracket opened behind `at`."""
    while following := _PART_END.search(text, at):
        if following.group() != "(":
            return following.start()
        closing = text.find(")", following.end())
        if closing < 0:
            break
        at = closing
    return len(text)


def _is_refused(match: _Match, text: str, found: list[_Match]) -> bool:
    """Whether it is named as absent, ended or still to come; a condition ("where applicable") is no refusal."""
    if match.ground in (Ground.NO_TRANSFER, Ground.NOTHING, Ground.MEASURE):
        return False
    before = text[_part_start(text, match.start) : match.start].strip()
    if words.CONDITION.match(before):
        return False
    ahead = min((other.start for other in found if other.start >= match.end), default=len(text))
    behind = words.JOINT.split(text[match.end : min(ahead, _part_end(text, match.end))])[0]
    before = words.OPPOSITE.split(before)[-1]
    return bool(words.REFUSED_BEFORE.search(before) or words.REFUSED_BEHIND.search(behind))


def _not_understood(text: str, found: list[_Match]) -> Iterable[str]:
    at = 0
    for cut in [*_CUT.finditer(text), None]:
        end = cut.start() if cut else len(text)
        said = text[at:end].strip(" .,")
        if _LETTERS.search(said) and not any(at <= match.start < end for match in found):
            yield (
                f"“{said}” in the transfer mechanism is not understood, and is not taken over. Name the instrument,"
                " such as “SCCs (Module 3)”."
            )
        at = cut.end() if cut else end


def _claimed(found: list[_Match], day: date, notes: list[str]) -> dict[str, Safeguard]:
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


def _tools(match: _Match, day: date, notes: list[str]) -> Iterable[tuple[str, tools.Safeguard]]:
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


def _clauses(match: _Match, day: date, notes: list[str]) -> Iterable[tuple[str, tools.Scc]]:
    named = list(dict.fromkeys(_SETS.findall(match.clause)))
    if not named and day < ONE_SET_FROM:
        notes.append(
            f"“{match.written}” does not say which set of clauses, and on {day} more than one was in use, so it is"
            " not taken over. Name the set, such as “SCCs 2021/914”."
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


def _corporate_rules(match: _Match) -> Iterable[tuple[str, tools.Bcr]]:
    under = ApprovedUnder.UK_GDPR if match.written.startswith("uk") else None
    kinds = [kind for kind, pattern in _BCR_KIND if pattern.search(match.part)]
    for kind in kinds:
        yield f"bcr-{kind}", tools.Bcr(kind=kind, approved_under=under)
    if not kinds:
        yield "bcr", tools.Bcr(approved_under=under)


def _derogation(match: _Match, notes: list[str]) -> Iterable[tuple[str, tools.Derogation]]:
    grounds = [ground for ground, pattern in _DEROGATION if pattern.search(match.written)]
    for ground in grounds:
        yield f"derogation-{ground}", tools.Derogation(ground=ground)
    if not grounds and not match.written.startswith("derogation"):
        notes.append(
            f"“{match.written}” does not say which ground of Article 49(1), so it is not taken over. Name its letter."
        )
