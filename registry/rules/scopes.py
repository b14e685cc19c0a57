"""What a published change is about, for those who follow a part of the news only.

A filter must never hide what concerns its reader. So what nobody can tell counts as concerned: a use without
services is for all of them, a place that is in no country may be in any, and a sub-processor without a category
may have each.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from msgspec import Struct

from registry.resources.changes import ChangeKind
from registry.resources.filters import Filter
from registry.resources.periods import TermsPeriod
from registry.rules.patches import Document
from transfers import codes
from transfers.law import Law

RETRACTING = frozenset({ChangeKind.WITHDRAWAL, ChangeKind.POSTPONEMENT, ChangeKind.CORRECTION})
"""Kinds of change that are news for whoever was told of the change that they are about."""


class Scope(Struct, frozen=True, kw_only=True):
    """The keys of services, the categories and the countries concerned; ``None`` is all of them."""

    services: frozenset[str] | None = None
    categories: frozenset[str] | None = None
    countries: frozenset[str] | None = None

    def __or__(self, other: "Scope") -> "Scope":
        return Scope(
            services=_either(self.services, other.services),
            categories=_either(self.categories, other.categories),
            countries=_either(self.countries, other.countries),
        )


EVERYTHING = Scope()


def matches(wanted: Filter, kind: str, about_kind: str | None, scope: Scope) -> bool:
    """Whether a change is among those that are followed.

    A withdrawal, postponement or correction also has the kind of the change that it is about: whoever follows
    additions learns that one does not come.
    """
    kinds = {kind, about_kind} if kind in RETRACTING else {kind}
    return (
        (not wanted.kinds or not kinds.isdisjoint(wanted.kinds))
        and _concerns(wanted.services, scope.services)
        and _concerns(wanted.categories, scope.categories)
        and _concerns(wanted.countries, scope.countries)
    )


def of_terms(
    before: Sequence[TermsPeriod], after: Sequence[TermsPeriod], facts: Sequence[Document], law: Law
) -> Scope:
    """What a change of a sub-processor's terms is about, from its periods before and after.

    Where only some uses or places differ, it is about these. ``facts`` are those of its organisation, whose
    country is always concerned: from there it can reach what it processes elsewhere.
    """
    touched = _touched(before, after)
    documents = _distinct(period.document for period in touched)
    uses = list(_differing(documents))
    return Scope(
        services=_all(_services(use, place) for use, places in uses for place in places),
        categories=_all(_one(document.get("category")) for document in documents),
        countries=_all(
            (
                *(_countries(place, touched, law) for _, places in uses for place in places),
                *(_one(_canonical(each.get("country"))) for each in facts),
            )
        ),
    )


def of_facts(facts: Sequence[Document], terms: Sequence[TermsPeriod], law: Law) -> Scope:
    """What a change of an organisation's facts is about: all that it does for us as a sub-processor.

    One that is no sub-processor, such as our own, concerns everybody.
    """
    return of_terms((), terms, facts, law) if terms else EVERYTHING


def _concerns(wanted: Collection[str], concerned: frozenset[str] | None) -> bool:
    return not wanted or concerned is None or not concerned.isdisjoint(wanted)


def _either(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return None if one is None or other is None else one | other


def _all(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    found: frozenset[str] | None = frozenset()
    for each in sets:
        found = _either(found, each)
    return found


def _one(value: str | None) -> frozenset[str] | None:
    return None if value is None else frozenset({value})


def _canonical(code: str | None) -> str | None:
    return None if code is None else codes.canonical(code)


def _touched(before: Sequence[TermsPeriod], after: Sequence[TermsPeriod]) -> list[TermsPeriod]:
    """The periods that are not the same before and after; all of them where every one is."""

    def missing(periods: Sequence[TermsPeriod], others: Sequence[TermsPeriod]) -> list[TermsPeriod]:
        known = [(each.first, each.last, each.document) for each in others]
        return [each for each in periods if (each.first, each.last, each.document) not in known]

    return missing(before, after) + missing(after, before) or [*before, *after]


def _distinct(documents: Iterable[Document]) -> list[Document]:
    found: list[Document] = []
    for document in documents:
        if document not in found:
            found.append(document)
    return found


def _differing(documents: Sequence[Document]) -> Iterable[tuple[Document, list[Document]]]:
    """Each use that is not the same in all documents, with its places that are not.

    All uses, with all their places, where the documents differ in something else, or where there is one only.
    """
    whole = len(documents) == 1 or _differ([_without(document, "uses") for document in documents])
    for variants in _by_key([document.get("uses", {}) for document in documents]):
        if not whole and not _differ(variants):
            continue
        known = [use for use in variants if use is not None]
        entire = whole or len(known) < len(variants) or _differ([_without(use, "places") for use in known])
        for use in known:
            yield (
                use,
                [
                    place
                    for key, place in use.get("places", {}).items()
                    if entire or _differ([each.get("places", {}).get(key) for each in known])
                ],
            )


def _by_key(objects: Sequence[Document]) -> Iterable[list[Any]]:
    """The values under each key in all objects, ``None`` where it is not there."""
    for key in dict.fromkeys(key for each in objects for key in each):
        yield [each.get(key) for each in objects]


def _differ(values: Sequence[Any]) -> bool:
    return any(value != values[0] for value in values[1:])


def _without(document: Document, member: str) -> Document:
    return {name: value for name, value in document.items() if name != member}


def _services(use: Document, place: Document) -> frozenset[str] | None:
    chosen = place.get("services") or use.get("services")
    return frozenset(chosen) if chosen else None


def _countries(place: Document, periods: Sequence[TermsPeriod], law: Law) -> frozenset[str] | None:
    """The country of a place, the members of its group when the terms began, or any."""
    if group := place.get("group"):
        days = [period.first for period in periods if period.first is not None]
        return frozenset(code for day in days for code in law.members(group, day))
    return _one(_canonical(place.get("country")))
