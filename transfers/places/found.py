"""A place while it is being put together, and what a run has gathered."""

from dataclasses import dataclass, field
from enum import IntEnum

from transfers.places.lexicon import Kind, Meaning
from transfers.places.readings import Doubt, PlaceCode, Status


class Level(IntEnum):
    """From the finest to the widest."""

    REGION = 0
    CITY = 1
    SUBDIVISION = 2
    COUNTRY = 3


PLACES = {
    Kind.COUNTRY: Level.COUNTRY,
    Kind.SUBDIVISION: Level.SUBDIVISION,
    Kind.CITY: Level.CITY,
    Kind.REGION: Level.REGION,
}


@dataclass
class Found:
    """One place: what is known of it, and the segments of the run in which it stands."""

    level: Level
    first: int
    last: int
    country: str | None = None
    subdivision: str | None = None
    city: str | None = None
    region: str | None = None
    options: tuple[str, ...] = ()
    """Other countries in which a place of this name lies."""
    option_subdivision: str | None = None
    """The subdivision, should the country turn out to be the United States."""
    option_region: str | None = None
    """The cloud region, should the country turn out to be the one of the options."""
    doubt: Doubt | None = None
    name: str | None = None

    @classmethod
    def of(cls, meaning: Meaning, level: Level, segment: int) -> "Found":
        doubt = None
        if meaning.country is None:
            options = ", ".join(meaning.elsewhere)
            doubt = Doubt(
                Status.AMBIGUOUS,
                f"{meaning.name} is a city in more than one country ({options}): name the country",
            )
        return cls(
            level=level,
            first=segment,
            last=segment,
            country=meaning.country,
            subdivision=meaning.code if level is Level.SUBDIVISION else None,
            city=meaning.name if level in (Level.CITY, Level.REGION) else None,
            region=meaning.code if level is Level.REGION else None,
            options=meaning.elsewhere,
            doubt=doubt,
            name=meaning.name,
        )

    @property
    def candidates(self) -> tuple[str, ...]:
        return (*((self.country,) if self.country else ()), *self.options)

    def is_bare_country(self, code: str | None) -> bool:
        """Whether it is a country of which nothing finer is said."""
        return (
            self.country == code
            and not (self.subdivision or self.city or self.region)
            and self.level is Level.COUNTRY
        )

    def settle(self, country: str, level: Level, segment: int, *, subdivision: str | None = None) -> None:
        """The context tells which country is meant."""
        self.country = country
        self.region = self.region or self.option_region
        self.options = ()
        self.doubt = None
        self.raise_to(level, segment, subdivision=subdivision)

    def raise_to(self, level: Level, segment: int, *, subdivision: str | None = None) -> None:
        self.subdivision = subdivision or self.subdivision
        self.level = max(self.level, level)
        self.last = segment

    def take(self, other: "Found") -> bool:
        """Take in the next place where both are one: a city and its state, a state and its country."""
        if other.first - self.last > 1 or other.doubt is not None:
            return False
        if self.level < other.level and other.country in self.candidates and other.country is not None:
            return self._take_wider(other, other.country)
        if (
            self.level is other.level is Level.SUBDIVISION
            and other.country in self.options
            and not other.options
        ):
            return self._take_namesake(other)
        if self.level > other.level and self.country in other.candidates and self.doubt is None:
            return self._take_finer(other)
        return False

    def _take_namesake(self, other: "Found") -> bool:
        """As in "Victoria, British Columbia": the town of a name that a state has elsewhere."""
        self.city = self.city or self.name
        self.country, self.subdivision, self.options = other.country, other.subdivision, ()
        self.last = other.last
        return True

    def _take_wider(self, other: "Found", country: str) -> bool:
        settled = self.country == country and self.doubt is None
        explicit = self.option_subdivision is not None or not self.country or settled
        if explicit or (self.subdivision and other.level is Level.COUNTRY):
            if country == "US" and self.option_subdivision:
                self.subdivision = self.option_subdivision
            elif self.subdivision and not self.subdivision.startswith(f"{country}-"):
                self.subdivision, self.city = None, self.city or self.name
            self.settle(country, other.level, other.last, subdivision=other.subdivision)
            return True
        self.doubt = Doubt(
            Status.AMBIGUOUS,
            f"{self.name} lies in {self.country}, but there is one in {country}: write them apart",
        )
        if other.level is Level.SUBDIVISION:
            self._lean(other, country)
            return True
        return False

    def _lean(self, other: "Found", country: str) -> None:
        """As in "Dublin, Ohio" is a doubt until "USA" follows."""
        self.options = (country,)
        self.country = None
        self.raise_to(other.level, other.last, subdivision=other.subdivision)
        self.option_subdivision = other.subdivision

    def _take_finer(self, other: "Found") -> bool:
        """As in "USA, Oregon": the finer one refines the wider, once for each level."""
        if other.country != self.country and other.options and other.country is not None:
            return False
        return self.fill(other, close=True)

    def agrees(self, other: "Found") -> bool:
        """Whether another description can be of the same country."""
        if other.country is not None and other.country == self.country:
            return True
        if self.country is None:
            return other.country in self.options and other.doubt is None
        return self.country in other.candidates and other.country is None

    def fill(self, other: "Found", *, close: bool = False) -> bool:
        """Add what the other says more; False where it is a second place of its kind."""
        if other.level is Level.COUNTRY:
            return True
        for member in ("region", "city", "subdivision"):
            mine, theirs = getattr(self, member), getattr(other, member)
            if mine and theirs and mine != theirs:
                return False
        self.region = self.region or other.region
        self.city = self.city or other.city
        self.subdivision = self.subdivision or other.subdivision
        if close:
            self.last = other.last
        return True

    def code(self) -> PlaceCode | None:
        """The place for the answer; None while its country is not certain."""
        if self.country is None or self.doubt is not None:
            return None
        return PlaceCode(
            country=self.country,
            subdivision=self.subdivision,
            city=self.city,
            cloud_region=self.region,
        )


@dataclass
class FoundGroup:
    """A group that is named, and whether a place beside it says what it stands for."""

    code: str
    segment: int
    explained: bool = False


@dataclass
class Gathered:
    """What a run, or a text, says."""

    places: list[Found] = field(default_factory=list)
    groups: list[FoundGroup] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Words of runs that name no place at all."""

    def add_group(self, code: str, segment: int) -> FoundGroup:
        group = FoundGroup(code, segment)
        self.groups.append(group)
        return group

    def merge(self, other: "Gathered") -> None:
        self.places.extend(other.places)
        self.groups.extend(other.groups)
        self.doubts.extend(other.doubts)
        self.unknown.extend(other.unknown)
