"""The records of law data: what each table of a TOML file may hold."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from transfers.findings import EUR_LEX, Source
from transfers.vocabulary import Area, BindingLaw, ClauseSet, Framework, Purpose, Regime, Sector

Line: TypeAlias = Annotated[str, Meta(min_length=1, pattern=r"^\S")]
Sure: TypeAlias = Literal["checked", "likely", "unsure"]
Reading: TypeAlias = Literal["holds", "fails"]
Union: TypeAlias = Literal["EU", "EEA"]


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any table of a file; an unknown key is an error."""


class Record(Entry, frozen=True, kw_only=True):
    """Where a fact is published, when that was last read, and how sure it is.

    ``checked``: a text that states or quotes it was read; ``likely``: not read back.
    """

    id: Line
    source: Line
    checked_on: date
    sure: Sure
    celex: Line | None = None
    instrument: Line | None = None

    @property
    def cites(self) -> tuple[Source, ...]:
        return (Source(url=self.source, celex=self.celex, instrument=self.instrument),)


class Event(Record, frozen=True, kw_only=True):
    """One legal event; ``first_day`` and ``last_day`` are included."""

    event: Line
    first_day: date
    last_day: date | None = None

    def covers(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


class Membership(Event, frozen=True, kw_only=True):
    """States in which EU data protection law applies by membership."""

    union: Union
    codes: tuple[str, ...]
    says: tuple[str, ...] = ()


class Territory(Event, frozen=True, kw_only=True):
    """Territories whose standing does not follow from a membership."""

    codes: tuple[str, ...]
    status: Literal["inside", "outside", "disputed"]
    says: tuple[str, ...]
    point: str | None = None


class Region(Entry, frozen=True, kw_only=True):
    """Regions inside a state with a status but no code of their own."""

    subdivisions: tuple[str, ...]
    says: tuple[str, ...]


class BelongsTo(Entry, frozen=True, kw_only=True):
    """Whose entry on a list of states a territory follows."""

    codes: tuple[str, ...]
    state: str
    point: str | None = None
    by_list_entry: bool = False


class NationalExtension(Event, frozen=True, kw_only=True):
    """National law that binds on both sides of a transfer from these exporters."""

    codes: tuple[str, ...]
    exporters: tuple[str, ...]
    careful_reading: Reading = "fails"


class CarveOut(Entry, frozen=True, kw_only=True):
    """What a decision leaves out: all members named must be met.

    One met and another not on record is unknown; none on record is the ordinary case. With ``kind`` it
    is for such importers alone. With ``point`` it is disputed; from ``unsure_from`` to ``last_day`` it
    may have ended already. ``binds_in_part``: the law that the decision names exempts this in part only,
    so it binds all the same.
    """

    why: Line
    kind: Literal["public"] | None = None
    sectors: tuple[Sector, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    data: Literal["credit", "immigration_control"] | None = None
    point: str | None = None
    unless_bound: bool = False
    binds_in_part: bool = False
    last_day: date | None = None
    unsure_from: date | None = None


class Phase(Entry, frozen=True, kw_only=True):
    """A stretch of a decision's life and the act on which its days rest."""

    first_day: date
    last_day: date
    act_of: date
    celex: Line
    says: str | None = None

    @property
    def id(self) -> str:
        return f"act {self.celex}"

    @property
    def cites(self) -> tuple[Source, ...]:
        return (Source(url=EUR_LEX + self.celex, celex=self.celex),)


class Adequacy(Event, frozen=True, kw_only=True):
    """A decision, regulation or entry of a list that finds a destination adequate."""

    regime: Regime
    title: Line
    scope: Line
    codes: tuple[str, ...] = ()
    organisation: str | None = None
    also_called: tuple[str, ...] = ()
    ended_by: Literal["court", "sunset", "accession", "repeal"] | None = None
    ended: Line | None = None
    unsure_from: date | None = None
    unsure_until: date | None = None
    conditional: bool = False
    judged: bool = True
    indicative: bool = False
    struck_on: date | None = None
    subject_to: tuple[BindingLaw, ...] = ()
    public_bodies: Literal["inside", "outside", "outside_if_unknown"] = "inside"
    unclear_subdivisions: tuple[str, ...] = ()
    unclear_point: str | None = None
    provinces_with_own_act: tuple[str, ...] = ()
    certifications: tuple[Framework, ...] = ()
    list_open_from: date | None = None
    not_eligible_sectors: tuple[Sector, ...] = ()
    sensitive: Literal["sensitive_opt_in", "flag_sensitive_to_importer"] | None = None
    automated_only: bool = False
    excluded_areas: tuple[Area, ...] = ()
    eea_known_from: date | None = None
    oj: Line | None = None
    carve_out: tuple[CarveOut, ...] = ()
    phase: tuple[Phase, ...] = ()


class Clauses(Event, frozen=True, kw_only=True):
    """A set of clauses and the roles it was written for."""

    set: ClauseSet
    title: Line
    roles: Literal["controller_to_controller", "controller_to_processor", "modules", "none"]


class Use(Event, frozen=True, kw_only=True):
    """How long sets could be signed, and be relied on, under a regime."""

    regime: Regime
    sets: tuple[ClauseSet, ...]
    conclude_until: date | None = None
    rely_until: date | None = None
    on_last_day: str | None = None
    review_from: date | None = None
    review_point: str | None = None
    swiss_adaptations: bool = False


class Tool(Record, frozen=True, kw_only=True):
    """A tool of Chapter V as it is read back; ``first_day`` where the tool has one."""

    title: Line
    article: Line
    regimes: tuple[Regime, ...]
    authorisation: Line
    limits: tuple[str, ...]
    type: str | None = None
    first_day: date | None = None
    schemes: tuple[str, ...] = ()
    guidance: Line | None = None


class MaterialChange(Event, frozen=True, kw_only=True):
    """A change of a country's law after which older assessments are outdated."""

    codes: tuple[str, ...]


class Challenge(Event, frozen=True, kw_only=True):
    """An attack on a decision that stays in force: a warning, never a review."""

    decision: str


class Point(Record, frozen=True, kw_only=True):
    """A question on which lawyers differ, or a date that is not certain."""

    question: Line
    state: Line
    scope: Line
    article: Line
    effect: Literal["review", "note"]
    first_day: date
    last_day: date | None = None
    careful_reading: Reading = "fails"
    regimes: tuple[Regime, ...] = ()
    settled_on: date | None = None
    settled: Reading | None = None

    @property
    def cites(self) -> tuple[Source, ...]:
        return (Source(url=self.source, celex=self.celex, instrument=self.instrument, open_point=self.id),)


class Records(Entry, frozen=True, kw_only=True):
    """All tables that a file of law data may hold, by their name in the file."""

    membership: tuple[Membership, ...] = ()
    territory: tuple[Territory, ...] = ()
    region: tuple[Region, ...] = ()
    belongs_to: tuple[BelongsTo, ...] = ()
    national_extension: tuple[NationalExtension, ...] = ()
    adequacy: tuple[Adequacy, ...] = ()
    clauses: tuple[Clauses, ...] = ()
    use: tuple[Use, ...] = ()
    tool: tuple[Tool, ...] = ()
    duty: tuple[Event, ...] = ()
    material_change: tuple[MaterialChange, ...] = ()
    challenge: tuple[Challenge, ...] = ()
    point: tuple[Point, ...] = ()

    def dated(self) -> Iterator[tuple[str, Record]]:
        """Yield every record that has an id, with the name of its table."""
        for table in self.__struct_fields__:
            for entry in getattr(self, table):
                if isinstance(entry, Record):
                    yield table, entry
