"""What the engine answers: the assessment, its findings and their sources."""

from datetime import date
from typing import Final, Literal

from msgspec import Struct

from transfers.vocabulary import Level, Regime, Verdict

EUR_LEX: Final = "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:"
"""Where an act is published, by the CELEX number that follows."""


class Source(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a finding can be read: an instrument by CELEX number or name, and its address.

    ``open_point`` names the record of a disputed question, where the finding rests on one.
    """

    url: str
    celex: str | None = None
    instrument: str | None = None
    open_point: str | None = None


class Finding(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of the reasoning. ``safeguard`` is the index it is about, where several are on record."""

    code: str
    level: Level
    article: str
    message: str
    sources: tuple[Source, ...]
    safeguard: int | None = None


class Missing(Struct, frozen=True, kw_only=True):
    """A fact on which the outcome turns, and the question that would settle it."""

    fact: str
    ask: str


class ReliedOn(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What carries the transfer: an adequacy decision, or a safeguard by its index."""

    kind: Literal["adequacy", "safeguard", "derogation", "onward"]
    index: int | None = None
    decision: str | None = None


class Assessment(Struct, frozen=True, kw_only=True):
    """The verdict on one transfer on one day.

    ``valid_until`` is the last day of the unbroken span on which the same facts give the same
    verdict, as far as the dates on record tell; null when nothing on record ends it.
    """

    verdict: Verdict
    as_of: date
    regime: Regime
    relied_on: ReliedOn | None
    conservative_verdict: Verdict | None
    alternative_verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    valid_until: date | None
    law_edition: str
