"""A run read from left to right: what stands side by side is put together, from the city to the country."""

from transfers.places.brackets import before_bracket, explains, speaks_of_whom, take_bracket
from transfers.places.clauses import Clause, Item, Run, Segment, is_numero
from transfers.places.codes import (
    Code,
    code_of,
    doubtful,
    is_code_list,
    is_hidden,
    is_only_codes,
    is_postal,
    is_state_line,
    province,
    stands_alone,
)
from transfers.places.companies import without_companies
from transfers.places.found import PLACES, Found, Gathered, Level
from transfers.places.lexicon import Kind, Lexicon, Meaning
from transfers.places.names import without_names
from transfers.places.readings import Doubt, Status
from transfers.places.settling import Leading, is_small_country, is_town, named_after, settle

OPEN = Doubt(Status.UNBOUNDED, "it leaves open where else, or on what it depends")


class RunReader:
    """Reads one run; `gathered` is the result."""

    def __init__(self, lexicon: Lexicon, beside: str | None = None) -> None:
        """Read in brackets behind a place in the country `beside`."""
        self.lexicon = lexicon
        self.beside = beside
        self.gathered = Gathered()
        self.negated = False
        self.leading: list[Leading] = []

    def read(self, run: Run) -> Gathered:
        segments, company = without_companies(run, self.lexicon)
        segments = without_names(segments, self.gathered.doubts)
        if any(item.kind in (Kind.OPEN, Kind.PLACEHOLDER) for item in company):
            self.gathered.doubts.append(OPEN)
        self.code_list = is_code_list(segments, self.lexicon)
        self.only_codes = is_only_codes(segments, self.lexicon)
        for number, segment in enumerate(segments):
            self._segment(number, segment)
        settle(self.gathered, self.leading, self.lexicon)
        if company and not self.gathered.places:
            self.gathered.unknown.append(" ".join(item.raw for item in company))
        self.gathered.doubts.extend(found.doubt for found in self.gathered.places if found.doubt)
        return self.gathered

    def _segment(self, number: int, segment: Segment) -> None:
        unknown: list[Item] = []
        places_before = len(self.gathered.places)
        groups_before = len(self.gathered.groups)
        for at, item in enumerate(segment.items):
            if self._is_unknown(number, segment, at, item):
                unknown.append(item)
        plain = " ".join(
            item.raw
            for item in unknown
            if item.is_plain_word and item.word not in self.lexicon.two_letter_words
        )
        if plain:
            self.gathered.doubts.append(Doubt(Status.UNKNOWN, f"“{plain}” is not understood"))
        if unknown and len(self.gathered.places) == places_before:
            self.leading.append(Leading(number, tuple(unknown), is_town(segment)))
        if len(self.gathered.groups) > groups_before:
            self._groups_beside(number)

    def _is_unknown(self, number: int, segment: Segment, at: int, item: Item) -> bool:
        """Read one item; True for a word that says we know not what."""
        code = code_of(item, self.lexicon)
        if item.inner is not None:
            self._bracket(number, item.inner)
        elif self._is_read(number, segment, at, code):
            return False
        elif item.meaning is None:
            return item.is_unknown and (code is None or not is_postal(segment, at))
        elif item.meaning.shy and any(
            other.is_unknown and code_of(other, self.lexicon) is None for other in segment.items
        ):
            return True
        elif code is not None and is_hidden(segment, item, code):
            self.gathered.places.append(doubtful(code, number))
        else:
            self._meaning(number, item, item.meaning)
        return False

    def _groups_beside(self, number: int) -> None:
        """A group in one segment with a place that it holds only says where that place lies."""
        beside = [found for found in self.gathered.places if found.last == number]
        for group in self.gathered.groups:
            if (
                group.segment == number
                and beside
                and all(explains(group.code, found, self.lexicon) for found in beside)
            ):
                group.explained = True

    def _meaning(self, number: int, item: Item, meaning: Meaning) -> None:
        if meaning.kind is Kind.NEGATION:
            self.negated = True
        elif meaning.kind is Kind.OPEN:
            self.gathered.doubts.append(OPEN)
        elif meaning.kind is Kind.PLACEHOLDER:
            self.gathered.doubts.append(Doubt(Status.UNKNOWN, f"“{item.raw}” says that it is not filled in"))
        elif meaning.kind is Kind.AMBIGUOUS:
            self._ambiguous(number, meaning)
        elif self.negated and self._is_outside(meaning):
            self.negated = False
        elif self.negated and (meaning.kind is Kind.GROUP or meaning.kind in PLACES):
            self.gathered.doubts.append(
                Doubt(
                    Status.UNKNOWN,
                    f"it speaks of “{item.raw}” as excluded, or not at all; name the places alone",
                )
            )
        elif meaning.kind is Kind.GROUP and meaning.code:
            self.gathered.add_group(meaning.code, number)
            self._group_after_address(number, meaning.code)
        elif meaning.kind in PLACES:
            self._place(Found.of(meaning, PLACES[meaning.kind], number))

    def _is_outside(self, meaning: Meaning) -> bool:
        """As in "Switzerland (non-EU)": true of the place before the bracket, and no exception from it."""
        members = self.lexicon.members.get(meaning.code or "") if meaning.kind is Kind.GROUP else None
        return bool(members) and self.beside is not None and self.beside not in (members or ())

    def _ambiguous(self, number: int, meaning: Meaning) -> None:
        """Georgia is settled by the city before it; anything else stays open."""
        before = self._neighbour(number)
        if meaning.name == "Georgia" and before is not None and before.level is Level.CITY:
            if before.country == "US":
                before.raise_to(Level.SUBDIVISION, number, subdivision="US-GA")
                return
            if before.country == "GE":
                before.raise_to(Level.COUNTRY, number)
                return
            before.doubt = named_after(before, meaning.name)
        self.gathered.places.append(
            Found(
                level=Level.REGION if meaning.code else Level.SUBDIVISION,
                first=number,
                last=number,
                options=(meaning.country,) if meaning.country else (),
                option_region=meaning.code,
                doubt=Doubt(Status.AMBIGUOUS, meaning.note),
                name=meaning.name,
            )
        )

    def _place(self, found: Found) -> None:
        before = self._neighbour(found.first)
        # "IN, US" may be Indiana and may be India with the United States.
        is_list = self.only_codes and before is not None and before.doubt is not None
        if before is None or is_list or not before.take(found):
            self.gathered.places.append(found)

    def _neighbour(self, number: int) -> Found | None:
        """The place before, if it stands in this segment or the last one that says anything."""
        if not self.gathered.places:
            return None
        last = self.gathered.places[-1]
        between = any(last.last < part.segment < number for part in self.leading)
        return None if between else last

    def _code(self, number: int, segment: Segment, at: int, code: Code) -> bool:
        """Read a code; False where it is a word or part of a postal code instead."""
        before = self._neighbour(number)
        alone = stands_alone(segment, segment.items[at], self.lexicon)
        item = segment.items[at]
        after_unknown = bool(self.leading) and self.leading[-1].segment == number - 1
        behind = at > 0 and segment.items[at - 1].is_unknown
        if before is not None and before.level is Level.CITY and (alone or before.last == number):
            return self._code_after_city(number, before, code)
        if before is not None and before.subdivision and alone and code.is_double:
            return self._code_after_subdivision(number, before, code)
        if (alone and at == 0 and after_unknown) or (behind and is_state_line(segment, at, code)):
            return self._code_after_unknown(number, code)
        if before is not None and before.is_bare_country("US") and code.state and not code.country and alone:
            before.subdivision = code.state
            before.last = number
            return True
        if not alone or (item.kind is Kind.NEGATION and len(segment.items) > 1):
            return False
        if code.raw == "NA":
            note = "“NA” is the code of Namibia, and short for North America and for nothing at all: write the name"
            self.gathered.doubts.append(Doubt(Status.AMBIGUOUS, note))
        elif code.is_double and not self.code_list:
            self._double(number, before, code)
        elif code.country:
            self._place(Found(level=Level.COUNTRY, first=number, last=number, country=code.country))
        else:
            if before is not None and before.is_bare_country(before.country) and at == 0:
                before.doubt = Doubt(Status.AMBIGUOUS, f"before “{code.raw}” it may be a town of that name")
            self._place(
                Found(
                    level=Level.SUBDIVISION, first=number, last=number, country="US", subdivision=code.state
                )
            )
        return True

    def _double(self, number: int, before: Found | None, code: Code) -> None:
        if before is not None and is_small_country(before) and not self.only_codes:
            before.doubt = named_after(before, code.raw)
        self.gathered.places.append(doubtful(code, number))

    def _code_after_city(self, number: int, city: Found, code: Code) -> bool:
        in_country = code.country is not None and code.country in city.candidates
        in_state = code.state is not None and "US" in city.candidates
        if code.country and (code.country == city.country or (in_country and not code.state)):
            city.settle(code.country, Level.COUNTRY, number)
        elif in_state and not in_country:
            city.settle("US", Level.SUBDIVISION, number, subdivision=code.state)
        elif code.is_double or in_country:
            city.doubt = named_after(city, code.raw)
            self.gathered.places.append(doubtful(code, number))
        elif code.country and not code.state:
            self._place(Found(level=Level.COUNTRY, first=number, last=number, country=code.country))
        else:
            city.doubt = named_after(city, code.raw)
            self.gathered.places.append(doubtful(code, number))
        return True

    def _code_after_subdivision(self, number: int, before: Found, code: Code) -> bool:
        """As in "Toronto, Ontario, CA"; but "Ontario, CA" is a town in California too."""
        if code.country and before.country == code.country and "US" not in before.options:
            before.settle(code.country, Level.COUNTRY, number)
            return True
        if "US" in before.options:
            note = f"{before.name} lies in {before.country} and in the United States, and “{code.raw}” can be either"
            before.doubt = Doubt(Status.AMBIGUOUS, f"{note}: write the country's name")
            before.last = number
            return True
        if before.country not in (code.country, "US"):
            before.doubt = named_after(before, code.raw)
        self.gathered.places.append(doubtful(code, number))
        return True

    def _code_after_unknown(self, number: int, code: Code) -> bool:
        if code.country and code.state:
            self.gathered.places.append(doubtful(code, number))
        elif code.country:
            self._place(Found(level=Level.COUNTRY, first=number, last=number, country=code.country))
        else:
            self._place(
                Found(
                    level=Level.SUBDIVISION, first=number, last=number, country="US", subdivision=code.state
                )
            )
        return True

    def _is_read(self, number: int, segment: Segment, at: int, code: Code | None) -> bool:
        """Whether an item is a code, or none of the words that have a meaning here."""
        if is_numero(segment, at) or self._is_withdrawn(segment, segment.items[at]):
            return True
        if self._province_after_city(number, segment, at, code):
            return True
        return code is not None and self._code(number, segment, at, code)

    def _province_after_city(self, number: int, segment: Segment, at: int, code: Code | None) -> bool:
        """As in "London, ON": a code that is no country's tells in which country of that name the city is."""
        item = segment.items[at]
        city = self._neighbour(number)
        if (code is not None and (code.country or code.state)) or city is None:
            return False
        if city.level is not Level.CITY or not stands_alone(segment, item, self.lexicon):
            return False
        found = province(item, city.candidates, self.lexicon)
        if found is not None:
            city.settle(found[:2], Level.SUBDIVISION, number, subdivision=found)
        return found is not None

    def _is_withdrawn(self, segment: Segment, item: Item) -> bool:
        """Say so of a code that is no country's any more."""
        former = self.lexicon.withdrawn.get(item.raw)
        if former is None or len(segment.items) > 1:
            return False
        note = f"“{item.raw}” was the code of {former} and is withdrawn: name the country meant"
        self.gathered.doubts.append(Doubt(Status.UNKNOWN, note))
        return True

    def _bracket(self, number: int, inner: tuple[Clause, ...]) -> None:
        before = before_bracket(self.gathered, number)
        inside = Gathered()
        for clause in inner:
            for run in clause.runs:
                if not speaks_of_whom(run):
                    reader = RunReader(self.lexicon, beside=before[-1].country if before else None)
                    inside.merge(reader.read(run))
        inside.unknown.clear()
        take_bracket(self.gathered, inside, inner, number, self.lexicon)

    def _group_after_address(self, number: int, code: str) -> None:
        """As in "Paris, France, EU": behind a city, the group is the last line of the address."""
        before = self._neighbour(number)
        if before is not None and before.city and before.last == number - 1:
            self.gathered.groups[-1].explained = explains(code, before, self.lexicon)
