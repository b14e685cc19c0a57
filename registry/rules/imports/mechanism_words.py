"""The words of transfer columns, from `mechanisms.toml`, made ready for matching."""

import re
import tomllib
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from transfers.vocabulary import Framework


class Ground(StrEnum):
    """What a transfer column can name."""

    SCC = "scc"
    AUTHORITY_CLAUSES = "authority-clauses"
    BCR = "bcr"
    CERTIFICATION = "certification"
    CODE = "code-of-conduct"
    AD_HOC = "ad-hoc-clauses"
    ARRANGEMENT = "administrative-arrangement"
    INSTRUMENT = "public-instrument"
    UK_IDTA = "uk-idta"
    UK_ADDENDUM = "uk-addendum"
    DEROGATION = "derogation"
    FRAMEWORK = "framework"
    ADEQUACY = "adequacy"
    NO_TRANSFER = "no-transfer"
    NOTHING = "nothing"
    AGREEMENT = "agreement"
    MEASURE = "measure"


LADDER = (
    Ground.INSTRUMENT,
    Ground.BCR,
    Ground.SCC,
    Ground.AUTHORITY_CLAUSES,
    Ground.CODE,
    Ground.CERTIFICATION,
    Ground.UK_IDTA,
    Ground.UK_ADDENDUM,
    Ground.AD_HOC,
    Ground.ARRANGEMENT,
    Ground.DEROGATION,
)
"""Instruments in the order of Articles 46(2)(a) to (f), 46(3) and 49; the British tools stand behind (f)."""

_TABLE = tomllib.loads(Path(__file__).with_name("mechanisms.toml").read_text("utf-8"))
_EEA = str(_TABLE["eea"])


def _any(written: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(written).replace("{EEA}", _EEA))


def _words(written: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(written)})\b")


PATTERNS: tuple[tuple[Ground, Framework | None, re.Pattern[str]], ...] = tuple(
    (
        Ground(entry["name"]),
        Framework(entry["framework"]) if "framework" in entry else None,
        _any(entry["words"]),
    )
    for entry in _TABLE["ground"]
)
ONLY_EEA = re.compile(rf"^\W*{_EEA}(?: only)?\W*$")
REFUSED_BEFORE = _words(_TABLE["refused"]["before"])
REFUSED_BEHIND = re.compile(f"{_words(_TABLE['refused']['behind']).pattern}|없음|예정|未締結")
CONDITION = _words(_TABLE["said"]["condition"])
FALLBACK = _words(_TABLE["said"]["fallback"])
OPPOSITE = _words(_TABLE["said"]["opposite"])
JOINT = re.compile(f"{_words(_TABLE['said']['joint']).pattern}|[/+&]")

ARTICLE = re.compile(
    r"\b(?:art(?:icles?|ikel|ículo|icolo|s)?|a)\s*[.-]?\s*(?P<article>28|4[5-9])\b"
    r"(?:\s*[(.,-]?\s*(?:abs(?:atz)?|para(?:graph)?s?|paragraphe|al|lid|ust|n[or]?)?\s*\.?\s*(?P<paragraph>[1-6])\b\s*\)?)?"
    r"(?:\s*[(,.-]?\s*(?:lit+|letters?|buchst(?:abe)?|points?|lettre|let|pkt|sub)?\s*\.?\s*"
    r"(?P<letters>(?:\([a-g]\)|[a-g]\)|[a-g]\b)(?:\s*(?:,|and|und|et|or|/|&)\s*\(?[a-g]\b\)?)*)\s*\)?)?"
)
"""An article of Chapter V, or Article 28, in the spellings of several languages."""
LETTER = re.compile(r"\b[a-g]\b")

ROLES = tuple((int(module), re.compile(pattern)) for module, pattern in _TABLE["roles"].items())
NUMBERS = {word: int(number) for number, spelt in _TABLE["numbers"].items() for word in spelt}
_NUMBER = "|".join(sorted(NUMBERS, key=len, reverse=True))
MODULES = re.compile(
    rf"(?:\bmod(?:ul[eo]?s?|uls?|\.)?|모듈|モジュール)\s*(?:no\.?\s*)?(?P<first>{_NUMBER})\b"
    rf"(?P<more>(?:\s*(?:,|/|&|\+|-|to|bis|and|und|et|or|oder)\s*(?:mod(?:ul[eo]?s?)?\s*)?(?:{_NUMBER})\b)*)"
)
MORE = re.compile(
    rf"(?P<joint>-|to\b|bis\b|[,/&+]|and\b|und\b|et\b|or\b|oder\b)\s*(?:mod(?:ul[eo]?s?)?\s*)?(?P<number>{_NUMBER})\b"
)
