"""The words that the resolver knows, each with its meaning, from our tables and from pycountry."""

import gettext
import tomllib
from enum import Enum
from functools import cache

import pycountry
from msgspec import Struct

from transfers.places.cleaning import folded
from transfers.places.tables import DATA, table
from transfers.places.tokens import AND, words_of

LANGUAGES = (
    *("de", "fr", "es", "it", "nl", "sv", "da", "nb_NO", "fi", "pl", "pt", "ko", "ja", "zh_CN"),
    *("zh_TW", "ru", "uk", "cs", "el"),
)
"""Languages in which lists were seen, and their neighbours; pycountry brings the names."""

LONGEST_ACRONYM = 4
"""A name of so many capital letters is read in capitals only, and is too short to be misspelt."""

NO_WORDS = frozenset(("usa", "uk", "eu", "uae", "eea"))
"""Acronyms that are no words, so that their case does not matter."""


class Kind(Enum):
    """What a word does to the reading."""

    COUNTRY = "country"
    SUBDIVISION = "subdivision"
    CITY = "city"
    REGION = "region"
    GROUP = "group"
    AMBIGUOUS = "ambiguous"
    NOISE = "noise"
    OPEN = "open"
    NEGATION = "negation"
    PLACEHOLDER = "placeholder"
    LEGAL_FORM = "legal form"


class Meaning(Struct, frozen=True):
    """What a name means.

    `country` is certain unless `elsewhere` names others too; without `country` only the context can tell.
    A `shy` name counts only where nothing else but places stands in its part of the text, and a `capital`
    one only in capital letters.
    """

    kind: Kind
    country: str | None = None
    code: str | None = None
    name: str | None = None
    elsewhere: tuple[str, ...] = ()
    note: str = ""
    shy: bool = False
    capital: bool = False

    @property
    def candidates(self) -> tuple[str, ...]:
        """Every country in which a place of this name lies."""
        return (*((self.country,) if self.country else ()), *self.elsewhere)


class Lexicon(Struct, frozen=True):
    """All names, as sequences of folded words."""

    names: dict[tuple[str, ...], Meaning]
    beginnings: frozenset[tuple[str, ...]]
    countries: frozenset[str]
    codes: dict[str, str]
    """Codes written for another: UK for GB."""
    alpha_3: dict[str, str]
    states: frozenset[str]
    """Two-letter codes of the states of the United States."""
    subdivisions: frozenset[str]
    """ISO 3166-2, whole: CA-ON, IT-MI."""
    provinces: dict[str, frozenset[str]]
    """Names of subdivisions by country, folded."""
    azure: dict[str, str]
    """Names of Azure's regions that are parts of the world as well, folded, with the regions' codes."""
    points: dict[str, Meaning]
    """Short codes of places of computing, which are words or codes of other things too: "iad", "mad"."""
    inside: dict[str, str]
    members: dict[str, frozenset[str]]
    pointers: tuple[tuple[str, ...], ...]
    forms_like_codes: frozenset[str]
    negation_marks: tuple[str, ...]
    """Writings of refusal in scripts without spaces."""
    open_marks: tuple[str, ...]
    """Writings in such scripts that leave open what else there is."""
    nothing: frozenset[str]
    """Texts, folded, that say that no place is given."""
    two_letter_words: frozenset[str]
    withdrawn: dict[str, str]
    """Codes that are no country's any more, with what they were."""
    spellings: frozenset[str]
    """Long country names, folded, to notice a misspelt one."""


class _Builder:
    """Collects names; the first meaning given to a name holds."""

    def __init__(self) -> None:
        self.names: dict[tuple[str, ...], Meaning] = {}
        self.clashes: set[tuple[str, ...]] = set()

    def add(self, name: str, meaning: Meaning) -> None:
        key = words_of(name)
        if not key:
            return
        self.names.setdefault(key, meaning)
        spaced = tuple(part for word in key for part in word.split("-") if part)
        if meaning.kind is not Kind.REGION or name[-1:].isdigit():  # "EU de" is no region of IBM.
            self.names.setdefault(spaced, meaning)
        if "saint" in key:
            self.names.setdefault(tuple("st" if word == "saint" else word for word in key), meaning)

    def add_translation(self, name: str, country: str) -> None:
        """A name in another language; one that two countries share in two languages is dropped."""
        key = words_of(name)
        known = self.names.get(key)
        if known is None and key not in self.clashes:
            self.names[key] = Meaning(Kind.COUNTRY, country=country, shy=True)
        elif known is not None and known.kind is Kind.COUNTRY and known.country != country and known.shy:
            del self.names[key]
            self.clashes.add(key)


@cache
def load() -> Lexicon:
    """Read the tables once per process."""
    build = _Builder()
    countries = tomllib.loads((DATA / "countries.toml").read_text("utf-8"))
    words = tomllib.loads((DATA / "words.toml").read_text("utf-8"))
    groups = tomllib.loads((DATA / "groups.toml").read_text("utf-8"))
    shy = {words_of(word) for word in words["shy"].split()}
    for name, code in words["exact"].items():
        build.add(name, Meaning(Kind.COUNTRY, country=code))
    for name, note in words["ambiguous"].items():
        build.add(name, Meaning(Kind.AMBIGUOUS, name=name, note=note))
    _add_countries(build, countries["names"], shy)
    _add_groups(build, groups, shy)
    _add_places(build, shy)
    azure = _add_azure(build, words["azure"])
    _add_words(build, words)
    for language in LANGUAGES:
        _add_language(build, language)
    return Lexicon(
        names=build.names,
        beginnings=frozenset(key[:length] for key in build.names for length in range(1, len(key) + 1)),
        countries=frozenset({country.alpha_2 for country in pycountry.countries} | {"XK"}),
        codes=countries["codes"],
        alpha_3={country.alpha_3: country.alpha_2 for country in pycountry.countries} | {"XKX": "XK"},
        states=frozenset(
            state.code[3:]
            for state in pycountry.subdivisions
            if state.country_code == "US" and state.type in ("State", "District")
        ),
        subdivisions=frozenset(subdivision.code for subdivision in pycountry.subdivisions),
        provinces=_provinces(),
        azure=azure,
        points=_points(),
        inside=countries["inside"],
        members={code: frozenset(group["members"]) for code, group in groups.items()},
        pointers=tuple(words_of(pointer) for pointer in words["pointers"]),
        forms_like_codes=frozenset(words["legal_forms_like_codes"].split()),
        negation_marks=tuple(words["negation_marks"]),
        open_marks=tuple(words["open_marks"]),
        nothing=frozenset(" ".join(words_of(text)) for text in words["nothing"]) | {""},
        two_letter_words=frozenset(words["two_letter_words"].split()),
        withdrawn=countries["withdrawn"],
        spellings=frozenset(
            " ".join(key)
            for key, meaning in build.names.items()
            if meaning.kind is Kind.COUNTRY and not meaning.shy and len(" ".join(key)) > LONGEST_ACRONYM
        ),
    )


def _add_countries(build: _Builder, names: dict[str, list[str]], shy: set[tuple[str, ...]]) -> None:
    for code, written in names.items():
        for name in written:
            build.add(name, _named(Meaning(Kind.COUNTRY, country=code), name, shy))
    for country in pycountry.countries:
        for name in (
            country.name,
            getattr(country, "common_name", ""),
            getattr(country, "official_name", ""),
        ):
            build.add(name, _named(Meaning(Kind.COUNTRY, country=country.alpha_2), name, shy))


def _add_groups(build: _Builder, groups: dict[str, dict[str, list[str]]], shy: set[tuple[str, ...]]) -> None:
    for code, group in groups.items():
        for name in group["names"]:
            build.add(name, _named(Meaning(Kind.GROUP, code=code), name, shy))


def _add_places(build: _Builder, shy: set[tuple[str, ...]]) -> None:
    for row in table("subdivisions.csv"):
        for name in row["names"].split(";"):
            meaning = Meaning(
                Kind.SUBDIVISION,
                country=row["code"][:2],
                code=row["code"],
                name=name,
                elsewhere=tuple(filter(None, row["elsewhere"].split(";"))),
            )
            build.add(name, _named(meaning, name, shy))
    for row in table("cities.csv"):
        meaning = Meaning(
            Kind.CITY,
            country=row["country"] or None,
            name=row["name"],
            elsewhere=tuple(filter(None, row["elsewhere"].split(";"))),
        )
        for name in (row["name"], *filter(None, row["also"].split(";"))):
            build.add(name, _named(meaning, name, shy))
    for row in table("regions.csv"):
        build.add(
            row["code"],
            Meaning(Kind.REGION, country=row["country"], code=row["code"], name=row["place"] or None),
        )
    for code, meaning in _points().items():
        for written in [code] if "-" in code else [f"{code}{number}" for number in range(1, 10)]:
            build.add(written, meaning)


def _points() -> dict[str, Meaning]:
    return {
        row["code"]: Meaning(Kind.REGION, country=row["country"], code=row["code"], name=row["place"])
        for row in table("points.csv")
    }


def _add_azure(build: _Builder, regions: dict[str, str]) -> dict[str, str]:
    """Doubts that the country settles; beside the word Azure the resolver puts the code in their place."""
    for name, code in regions.items():
        region = build.names[words_of(code)]
        note = (
            f"“{name}” is a part of the world, and the name of Azure's region {code}: write the country or the region's"
            " code"
        )
        build.add(name, Meaning(Kind.AMBIGUOUS, country=region.country, code=code, name=name, note=note))
    return {" ".join(words_of(name)): code for name, code in regions.items()}


def _provinces() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for subdivision in pycountry.subdivisions:
        found.setdefault(subdivision.country_code, set()).add(" ".join(words_of(subdivision.name)))
    return {country: frozenset(names) for country, names in found.items()}


def _add_words(build: _Builder, words: dict[str, str]) -> None:
    for section, kind in (
        ("noise_phrases", Kind.NOISE),
        ("not_negations", Kind.NOISE),
        ("open_phrases", Kind.OPEN),
        ("negation_phrases", Kind.NEGATION),
    ):
        for phrase in words[section]:
            build.add(phrase, Meaning(kind))
    for section, kind in (
        ("open", Kind.OPEN),
        ("negations", Kind.NEGATION),
        ("placeholders", Kind.PLACEHOLDER),
        ("legal_forms", Kind.LEGAL_FORM),
        ("noise", Kind.NOISE),
    ):
        for word in words[section].split():
            if word not in AND:
                build.add(word, Meaning(kind))


def _add_language(build: _Builder, language: str) -> None:
    translated = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language]).gettext
    for country in pycountry.countries:
        for name in (country.name, getattr(country, "common_name", country.name)):
            build.add_translation(translated(name), country.alpha_2)


def _named(meaning: Meaning, name: str, shy: set[tuple[str, ...]]) -> Meaning:
    """The meaning under a name that may be a word too, or a word once it is not in capitals."""
    bare = name.replace(".", "")
    return Meaning(
        meaning.kind,
        country=meaning.country,
        code=meaning.code,
        name=meaning.name,
        elsewhere=meaning.elsewhere,
        shy=words_of(name) in shy,
        capital=bare.isupper()
        and len(bare) <= LONGEST_ACRONYM
        and folded(bare) not in ("usa", "uk", "eu", "uae", "eea"),
    )
