"""Transfer columns of published lists, read into claimed safeguards: what a list says, not what is on record.

`mechanisms` reads a cell alone; `contradictions` (in a module of its own) holds the reading against places and law.
A claim has no evidence and no day, so the law engine never relies on it without asking for both.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from itertools import islice

from msgspec import Struct

from registry.resources.terms import Safeguard
from registry.rules.imports import mechanism_words as words
from registry.rules.imports.claims import SETS, Match, claimed
from registry.rules.imports.mechanism_words import Ground
from transfers.places import says_nothing
from transfers.places.cleaning import visible
from transfers.vocabulary import Framework

GROUNDS_MAX = 40
"""A cell that names more is no list of mechanisms, and is not read at all."""

TEXT_MAX = 2_000
"""Longer cells are no mechanism; what is behind is not read, which is reported."""


_MARK = re.compile(r"(?<=[^\W\d_)])(?:[¹²³⁰⁴-⁹]+|[*†‡]+|\[\d{1,2}\])(?=\W|$)")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_ABBREVIATION = re.compile(r"\b(?:[a-z]\.){2,}")
_CUT = re.compile(r"[;\n•|]|(?<=[a-z)가-힣]{4})(?<!\blitt)(?<!\bpara)(?<!buchst)\.(?=\s|$)")
_PART_START = re.compile(r"[;,\n•|(]")
_PART_END = re.compile(r"[;,\n•|(]")
_LETTERS = re.compile(r"[^\W\d_]")
_DECISION = re.compile(r"\b(?:19|20)\d\d/\d{2,4}\b")


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


def mechanisms(text: str, day: date) -> Reading:
    """Read a cell; `day` is the day on which the list is true, by which "SCCs" means one set or several."""
    written = " ".join(visible(text).split())
    if says_nothing(text):
        return Reading(text=written, nothing=bool(_LETTERS.search(written)))
    bare = plain(_MARK.sub(" ", text[:TEXT_MAX]))
    found = _matches(bare)
    if len(found) > GROUNDS_MAX:
        note = f"The transfer mechanism names more than {GROUNDS_MAX} grounds, and is not read. Shorten it."
        return Reading(text=written, notes=(note,))
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
    safeguards = claimed(taken, day, notes)
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
        claimed=safeguards,
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
                if not SETS.fullmatch(number)
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


def _matches(text: str) -> list[Match]:
    """All grounds that the text names, in the order of the text; each stretch of it is read once."""
    left = text
    found: list[Match] = []
    cuts = [match.span() for match in _CUT.finditer(text)]
    for ground, framework, pattern in words.PATTERNS:
        for match in islice(pattern.finditer(left), GROUNDS_MAX + 1):
            start, end = match.span()
            first = max((last for _, last in cuts if last <= start), default=0)
            last = min((cut for cut, _ in cuts if cut >= end), default=len(text))
            found.append(
                Match(
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
            Match(
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


def _is_refused(match: Match, text: str, found: list[Match]) -> bool:
    """Whether it is named as absent, ended or still to come; a condition ("where applicable") is no refusal."""
    if match.ground in (Ground.NO_TRANSFER, Ground.NOTHING, Ground.MEASURE):
        return False
    before = text[_part_start(text, match.start) : match.start].strip()
    if words.CONDITION.match(before):
        return False
    named = [other for other in found if other.ground not in (Ground.NOTHING, Ground.NO_TRANSFER)]
    ahead = min((other.start for other in named if other.start >= match.end), default=len(text))
    behind = words.JOINT.split(text[match.end : min(ahead, _part_end(text, match.end))])[0]
    before = words.OPPOSITE.split(before)[-1]
    return bool(words.REFUSED_BEFORE.search(before) or words.REFUSED_BEHIND.search(behind))


def _not_understood(text: str, found: list[Match]) -> Iterable[str]:
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
