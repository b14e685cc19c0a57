"""One question put to the rules: facts, law and day, with what is looked up once."""

from datetime import date
from typing import Final

from transfers import codes
from transfers.facts import Data, Exporter, Facts, Importer
from transfers.law import Law
from transfers.standing import Slice
from transfers.statements import Book
from transfers.vocabulary import Area, ImporterKind, Regime

REGIME_OF: Final = (Regime.EU_GDPR, Regime.EU_GDPR, Regime.UK_GDPR, Regime.CH_FADP)
"""Whose tools count, by ``Book``: under the UK regime before 2021 the EU's."""
AREA_KEYS: Final = {
    Area.SVALBARD: "SJ",
    Area.JAN_MAYEN: "SJ",
    Area.NORTHERN_CYPRUS: "CY/northern_cyprus",
}
_SUBDIVISIONS: Final = codes.subdivision_is()


class Case:
    """A question and its look-ups. ``regime`` is the one whose tools count on the day."""

    __slots__ = (
        "asked",
        "book",
        "data",
        "day",
        "exporter",
        "facts",
        "importer",
        "key",
        "law",
        "place",
        "regime",
    )

    def __init__(self, facts: Facts, law: Law, day: date) -> None:
        importer = facts.importer
        self.facts: Facts = facts
        self.law: Law = law
        self.day: date = day
        self.asked: Regime = facts.regime
        self.exporter: Exporter = facts.exporter
        self.importer: Importer = importer
        self.data: Data = facts.data
        self.key: str = destination(importer)
        self.place: Slice = law.standings[facts.regime][self.key].on(day)
        self.book: Book = self.place.book
        self.regime: Regime = REGIME_OF[self.book]

    @property
    def is_organisation(self) -> bool:
        return self.importer.kind is ImporterKind.INTERNATIONAL_ORGANISATION


def destination(importer: Importer) -> str:
    """The territory that is judged: by legal area, then subdivision, then country code.

    An ISO 3166-2 code of a territory that has an ISO 3166-1 code of its own is that territory.
    """
    if importer.area is not None:
        key = AREA_KEYS.get(importer.area)
        if key is not None:
            return key
    if importer.subdivision is not None:
        own = _SUBDIVISIONS.get(importer.subdivision)
        if own is not None:
            return own
    return codes.canonical(importer.country)
