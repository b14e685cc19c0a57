"""Names of entities as lists write them, taken apart: legal name, brand, address, and the key they are matched by."""

import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from registry.rules.imports.designations import beside
from registry.rules.imports.texts import REMEMBERED, folded, one_line, without_marks
from transfers.places import Status, resolve

# Longest first, so that "Pvt. Ltd." goes as a whole.
LEGAL_FORMS = (
    "private limited company", "public limited company", "unlimited company", "private limited", "pty limited",
    "gmbh & co. kg", "gmbh & co kg", "s.à r.l.", "s.à.r.l.", "s.a.r.l.", "pvt. ltd.", "pvt ltd", "pte. ltd.",
    "pte ltd", "pty. ltd.", "pty ltd", "incorporated", "corporation", "sp. z o.o.", "company", "limited",
    "d.o.o.", "d.o.o", "s.r.o.", "s.p.a.", "l.l.c.", "l.l.p.", "s.a.s.", "s.r.l.", "s.l.u.", "a/s", "b.v.",
    "n.v.", "k.k.", "s.a.", "s.l.", "corp.", "corp", "gmbh", "sarl", "sàrl", "inc.", "inc", "ltd.", "ltd",
    "llc", "llp", "plc", "pbc", "p.b.c.", "sas", "aps", "oyj", "srl", "spa", "slu", "kft", "zrt",
    "e.v.", "co.", "ag", "ab", "as", "bv", "nv", "sa", "se", "kk", "kg", "ug", "oy", "lp", "co",
    "(주)", "주식회사", "㈜",
)  # fmt: skip

SAME_FORMS = {
    "incorporated": "inc",
    "corporation": "inc",
    "corp": "inc",
    "limited": "ltd",
    "company": "co",
    "publiclimitedcompany": "plc",
}

_FORM = "|".join(re.escape(form) for form in LEGAL_FORMS)
_ENDS_IN_FORM = re.compile(rf"(?:^|[\s,]+)(?:{_FORM})[\s,.]*$", re.IGNORECASE)
_BEGINS_WITH_FORM = re.compile(r"^(?:\(주\)|주식회사|㈜|the\s)\s*", re.IGNORECASE)
# A name up to its first legal form, with an address behind it.
_WITH_ADDRESS = re.compile(
    rf"^(?P<name>[^\d].*?[\s,](?:{_FORM})[.,]?)(?:\s+[–—-]\s+(?P<brand>[^,\d][^,]{{0,59}}))?"
    r"(?:[,;\s–—-]+)(?P<address>.*\d.*)$",
    re.IGNORECASE,
)
_DOING_BUSINESS_AS = re.compile(
    r"[\s,(]+(?:d/b/a|dba|d\.b\.a\.|doing business as|trading as|t/a)\s+(?P<brand>[^()]+?)\)?$", re.IGNORECASE
)
_BRACKET = re.compile(r"^(?P<name>.*?)\s*\((?P<inside>[^()]{1,120})\)$")
_BRAND_MAX = 60
CELL_MAX = 2_000
"""Longer cells are no name with what belongs to it, and are not taken apart."""
_INNER_CAPITAL = re.compile(r"^[a-z]+[A-Z]\w*$|^[\w-]+(?:\.[\w-]+)+$")
_NO_NAME = re.compile(r"[=<>@\"“”:;{}|\\]|//")
_STREET = re.compile(r"^(?P<brand>[^\d]{2,60}?)\s+(?P<street>\d.*)$")
# "d/b/a Sentry, 45 Fremont Street" and "(Postmark), 1 North Street": a brand before an address.
_BRAND_FIRST = re.compile(
    r"^(?:\((?P<bracket>[^()]{1,120})\)|(?:d/b/a|dba|d\.b\.a\.|trading as|t/a)\s+(?P<dba>[^,()]{1,60}))"
    r"\s*[,;–—-]\s*(?P<rest>.*\d.*)$",
    re.IGNORECASE,
)
_TOWN = re.compile(
    rf"^(?P<name>.*?[\s,](?:{_FORM})[.,]?)\s*[,;–—-]\s+(?P<address>[^\d()]+,[^\d()]+)$", re.IGNORECASE
)
_AND = re.compile(r"\s+(?:and|und|et|y|e)\s+|\s*[/;]\s+|\s+/\s*")
_QUOTES = " \"“”„'‘’«»"
# A bracket that begins so is a remark about the vendor, not a name of it.
_REMARKS = frozenset((
    "주", "formerly", "former", "previously", "fka", "optional", "beta", "alpha", "deprecated", "legacy",
    "retired", "discontinued", "new", "old", "planned", "pending", "inactive", "active", "affiliate",
    "affiliates", "subsidiary", "subsidiaries", "parent", "group", "and", "or", "as", "a", "an", "the",
    "if", "only", "not", "no", "non", "including", "excluding", "except", "via", "through", "by", "for",
    "of", "in", "from", "until", "since", "with", "without", "see", "note", "part", "owned", "acquired",
    "subprocessor", "sub", "processor", "controller", "vendor", "tbd", "tbc", "n", "ehemals", "früher",
    "optionnel",
))  # fmt: skip


class Entity(Struct, frozen=True, kw_only=True):
    """An entity as a list names it."""

    written: str
    """The cell on one line."""
    legal_name: str
    trading_name: str | None = None
    address: str | None = None
    country: str | None = None
    """Where it is established, where its cell says so for certain."""
    registration: str | None = None
    """Its number in a register, with the register."""
    former: str | None = None
    """A name that it had before."""
    parent: str | None = None
    """The company that it belongs to."""
    others: tuple[str, ...] = ()
    """Legal entities that the cell seems to name, where it seems to name several."""

    @property
    def key(self) -> str:
        return key_of(self.legal_name)

    @property
    def whole_key(self) -> str:
        """The key of the name with its brand."""
        return whole_key(self.legal_name, self.trading_name)

    @property
    def form(self) -> str | None:
        return form_of(self.legal_name)


def entity(cell: str) -> Entity:
    """Take a name cell apart; what cannot be told apart stays in the legal name.

    A bracket is an address where it is one for certain, and a brand where it looks like a name; a country, a
    formula or a remark in it stays in the name. Of "Brand (Company, Inc.)" the company is the legal name.
    """
    lines = [one_line(line) for line in cell.splitlines() if line.strip()]
    written = one_line(cell)
    if len(written) > CELL_MAX:
        return Entity(written=written, legal_name=written)
    said = beside(without_marks(lines[0]) if lines else "")
    others = _several(lines)
    if others and len(lines) > 1:
        # Nobody can say which of them is meant, so all of them stay in the name.
        return Entity(written=written, legal_name=", ".join(lines), others=others)
    below = [(beside(line), line.strip(" ,")) for line in lines[1:]]
    numbers = [found.registration for found, _ in below if found.registration]
    address = ", ".join(line for found, line in below if not found.registration) or None
    name, brand = said.rest, said.brand
    if address is None:
        name, brand, address = _address_behind(name, brand)
    if match := _DOING_BUSINESS_AS.search(name):
        brand, name = match["brand"].strip(), name[: match.start()].strip(" ,(")
    name, brand, address = _brackets(name, brand, address)
    if brand is not None and form_of(brand) and not form_of(name) and " " in brand:
        name, brand = brand, name
    return Entity(
        written=written,
        legal_name=name or written,
        trading_name=brand,
        address=address,
        country=_country(address) if address is not None else None,
        registration=said.registration or next(iter(numbers), None),
        former=said.former,
        parent=said.parent,
        others=others,
    )


def _several(lines: Sequence[str]) -> tuple[str, ...]:
    """The legal entities of a cell of which more than one part ends in a legal form; empty: there is one."""
    parts = lines if len(lines) > 1 else _AND.split(lines[0]) if lines else []
    named = [part.strip(" ,;") for part in parts]
    entities = [part for part in named if form_of(part) and " " in part and not resolve(part).places]
    is_first = bool(entities) and entities[0] == named[0]
    return tuple(entities) if is_first and len(entities) > 1 else ()


def _address_behind(name: str, brand: str | None) -> tuple[str, str | None, str | None]:
    """A name up to its legal form, a brand behind a dash or in brackets, and the address that follows."""
    match = _WITH_ADDRESS.match(name)
    if match is None:
        town = _TOWN.match(name)
        if town is not None and _country(town["address"]) is not None:
            return town["name"].rstrip(","), brand, town["address"].strip()
        return name, brand, None
    address = match["address"].strip(" ,;–—-")
    found = match["brand"]
    if first := _BRAND_FIRST.match(address):
        inside = (first["bracket"] or first["dba"]).strip(_QUOTES)
        if first["dba"] or _is_brand(inside):
            found, address = inside, first["rest"]
    if found and (street := _STREET.match(found)):
        found, address = street["brand"], f"{street['street']}, {address}"
    if address.startswith("("):
        return name, brand, None
    return match["name"].rstrip(",;"), found or brand, address


def _brackets(name: str, brand: str | None, address: str | None) -> tuple[str, str | None, str | None]:
    """Brackets at the end, from the last one on: an address or a brand; anything else stays in the name."""
    while (match := _BRACKET.match(name)) and match["name"].strip():
        inside = match["inside"].strip()
        bare = inside.strip(_QUOTES)
        if address is None and _is_address(inside):
            address = inside
        elif brand is None and bare and _is_brand(bare):
            brand = bare
        else:
            break
        name = match["name"].strip()
    return name, brand, address


@lru_cache(REMEMBERED)
def key_of(name: str) -> str:
    """What is compared of a name: without legal forms, punctuation, case and accents."""
    rest = _BEGINS_WITH_FORM.sub("", name.strip())
    while True:
        shorter = _ENDS_IN_FORM.sub("", rest).rstrip(" ,")
        if shorter == rest or not folded(shorter):
            break
        rest = shorter
    return folded(rest) or folded(name)


def whole_key(legal_name: str, trading_name: str | None) -> str:
    """What is compared of a name and its brand together."""
    return key_of(with_brand(legal_name, trading_name))


def with_brand(legal_name: str, trading_name: str | None) -> str:
    """The name with its brand behind it, where one alone does not tell entities apart."""
    return f"{legal_name} ({trading_name})" if trading_name else legal_name


def form_of(name: str) -> str | None:
    """The legal form that a name ends in, so that a group's GmbH and Inc. are told apart; None: none is written."""
    match = _ENDS_IN_FORM.search(name.strip())
    if match is None:
        return None
    form = folded(match.group()).replace(" ", "")
    return SAME_FORMS.get(form, form)


def _is_address(text: str) -> bool:
    """A bare country is none: "Acme (Ireland)" and "Acme (France)" are two companies."""
    return ("," in text or any(character.isdigit() for character in text)) and _country(text) is not None


def _is_brand(text: str) -> bool:
    first = folded(text).split()[:1]
    looks_like_name = (text[0].isalpha() and not text[0].islower()) or bool(_INNER_CAPITAL.match(text))
    if (
        not looks_like_name
        or len(text) > _BRAND_MAX
        or _NO_NAME.search(text)
        or (first and first[0] in _REMARKS)
    ):
        return False
    reading = resolve(text)
    return reading.status is Status.UNKNOWN and not reading.places and not reading.groups


def _country(text: str) -> str | None:
    reading = resolve(text)
    countries = {place.country for place in reading.places}
    return countries.pop() if reading.status is Status.RESOLVED and len(countries) == 1 else None
