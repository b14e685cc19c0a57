"""Sentences of the engine, made once and then only pointed at.

A statement is written beside its rule. Under each of the four bodies of rules it is one frozen
finding that cites the provision; with a record of the law it also cites that record's instrument.
"""

from enum import IntEnum
from typing import Final, Protocol

from transfers.findings import EUR_LEX, Finding, Source
from transfers.vocabulary import Level


class Book(IntEnum):
    """The body of rules that governs a day under a regime."""

    __hash__ = int.__hash__

    DIRECTIVE = 0
    EU_GDPR = 1
    UK_GDPR = 2
    CH_FADP = 3


_FADP: Final = Source(
    url="https://www.fedlex.admin.ch/eli/cc/2022/491/en",
    instrument="Federal Act on Data Protection, SR 235.1, Arts 16-17",
)
STATUTES: Final[tuple[Source, ...]] = (
    Source(
        url=EUR_LEX + "31995L0046",
        celex="31995L0046",
        instrument="Directive 95/46/EC, Arts 25-26",
    ),
    Source(url=EUR_LEX + "32016R0679", celex="32016R0679", instrument="GDPR, Chapter V"),
    Source(
        url="https://www.legislation.gov.uk/eur/2016/679/chapter/V",
        instrument="UK GDPR, Chapter V",
    ),
    _FADP,
)
"""The statute that a finding cites, by ``Book``."""


class Cited(Protocol):
    """A record of the law that can be cited; ``id`` is unique among all records."""

    @property
    def id(self) -> str: ...

    @property
    def cites(self) -> tuple[Source, ...]: ...


class Statement:
    """One sentence under every body of rules."""

    __slots__ = ("_under", "article", "code", "level", "message")

    def __init__(self, code: str, level: Level, article: str, message: str, *sources: Source) -> None:
        self.code = code
        self.level = level
        self.article = article
        self.message = message
        self._under = tuple(
            Finding(code=code, level=level, article=article, message=message, sources=(*sources, statute))
            for statute in STATUTES
        )

    def under(self, book: Book) -> Finding:
        """Return the finding that cites the provision of ``book``."""
        return self._under[book]

    def citing(self, book: Book, *records: Cited) -> Finding:
        """Return the finding that cites the records' instruments before the provision."""
        return Finding(
            code=self.code,
            level=self.level,
            article=self.article,
            message=self.message.format(*records),
            sources=(*(source for record in records for source in record.cites), STATUTES[book]),
        )


def supports(code: str, article: str, message: str, *sources: Source) -> Statement:
    """A reason why the transfer is lawful."""
    return Statement(code, Level.SUPPORTS, article, message, *sources)


def refuses(code: str, article: str, message: str, *sources: Source) -> Statement:
    """A reason why a ground does not carry the transfer."""
    return Statement(code, Level.REFUSES, article, message, *sources)


def warns(code: str, article: str, message: str, *sources: Source) -> Statement:
    """A duty that seems unmet; never changes a verdict."""
    return Statement(code, Level.WARNS, article, message, *sources)


def informs(code: str, article: str, message: str, *sources: Source) -> Statement:
    """A circumstance worth knowing; never changes a verdict."""
    return Statement(code, Level.INFORMS, article, message, *sources)
