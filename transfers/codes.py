"""Country codes: which exist, what they stand for, what became of the withdrawn ones."""

import functools
from datetime import date
from importlib import resources
from typing import Final

import msgspec
import pycountry
from msgspec import Struct


class Country(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One code: ``stands_for`` is set for a reserved alias, ``became`` for a withdrawn code."""

    code: str
    name: str
    assigned: bool = True
    stands_for: str | None = None
    subdivision: str | None = None
    withdrawn_on: date | None = None
    became: tuple[str, ...] = ()
    note: str | None = None


class _Unassigned(Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    name: str
    note: str | None = None


class _Alias(Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    stands_for: str
    name: str
    subdivision: str | None = None


class _Withdrawn(Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    name: str
    withdrawn_on: date
    became: tuple[str, ...]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    checked_on: date
    source: str
    unassigned: tuple[_Unassigned, ...]
    alias: tuple[_Alias, ...]
    union: tuple[_Unassigned, ...]
    withdrawn: tuple[_Withdrawn, ...]
    subdivision_is: dict[str, str]
    short_name: dict[str, str]


@functools.cache
def _file() -> _File:
    text = resources.files("transfers").joinpath("data", "codes.toml").read_bytes()
    return msgspec.toml.decode(text, type=_File)


@functools.cache
def countries() -> dict[str, Country]:
    """Every code that exists or existed, by code."""
    table = _file()
    known = {
        entry.alpha_2: Country(code=entry.alpha_2, name=table.short_name.get(entry.alpha_2, entry.name))
        for entry in pycountry.countries
    }
    for own in (*table.unassigned, *table.union):
        known[own.code] = Country(code=own.code, name=own.name, assigned=False, note=own.note)
    for alias in table.alias:
        known[alias.code] = Country(
            code=alias.code,
            name=alias.name,
            assigned=False,
            stands_for=alias.stands_for,
            subdivision=alias.subdivision,
        )
    for gone in table.withdrawn:
        known[gone.code] = Country(
            code=gone.code,
            name=gone.name,
            assigned=False,
            withdrawn_on=gone.withdrawn_on,
            became=gone.became,
            stands_for=gone.became[0] if len(gone.became) == 1 else None,
        )
    return known


@functools.cache
def subdivision_is() -> dict[str, str]:
    """ISO 3166-2 codes of territories with an ISO 3166-1 code of their own."""
    return dict(_file().subdivision_is)


KNOWN: Final = frozenset(countries())
_CANONICAL: Final = {code: entry.stands_for or code for code, entry in countries().items()}


def canonical(code: str) -> str:
    """The code that ``code`` stands for: ``GB`` for ``UK``, ``DE`` for ``DD``; itself otherwise."""
    return _CANONICAL[code]


def require_known(code: str) -> None:
    """Raise ``ValueError`` for a code that never existed, saying what to write instead."""
    if code not in KNOWN:
        raise ValueError(
            f"{code} is not and never was an ISO 3166-1 country code; "
            "give the two-letter code of a country or territory, such as DE"
        )


def require_within(subdivision: str, country: str) -> None:
    """Raise ``ValueError`` for an ISO 3166-2 code that lies in another country."""
    prefix = subdivision[:2]
    own = canonical(country)
    if prefix in KNOWN and canonical(prefix) == own:
        return
    if subdivision_is().get(subdivision) == own:
        return
    raise ValueError(
        f"subdivision {subdivision} does not lie in {country}; "
        "its first two letters must be the country's code"
    )
