"""Terms narrowed to what touches one client: its services, options, region and kinds of data."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from registry.resources.authorisations import Decision, DecisionState
from registry.resources.bindings import KnownClient
from registry.resources.clients import ClientTerms, DataKind
from registry.resources.periods import TermsPeriod
from registry.resources.world import KnownSubProcessor, World
from registry.rules.patches import Document


class Scope(Struct, frozen=True, kw_only=True):
    """What a client takes on a day. Clients with equal scopes have equal lists, so they are worked out once."""

    services: frozenset[str]
    """Empty: all of them."""
    region: str | None
    withheld: frozenset[DataKind]
    options: frozenset[tuple[UUID, str]]
    """The optional uses that are switched on, by sub-processor and key."""
    every_option: bool = False
    """As if all of them were, to show what there is to be switched on."""


def scope(client: KnownClient, day: date) -> Scope | None:
    """What the client takes on the day; None where its contract does not run."""
    period = client.on(day)
    return None if period is None else of_terms(period.terms, options(client.decisions, day))


def of_terms(terms: ClientTerms, switched_on: Collection[tuple[UUID, str]] = ()) -> Scope:
    return Scope(
        services=frozenset(terms.services),
        region=terms.region,
        withheld=frozenset(terms.data_withheld),
        options=frozenset(switched_on),
    )


def options(decisions: Collection[Decision], day: date) -> set[tuple[UUID, str]]:
    """The optional uses that are switched on: of each the last switch that is true by the day holds."""
    found: dict[tuple[UUID, str], Decision] = {}
    for one in sorted(decisions, key=lambda one: (one.effective_on, one.decided_at)):
        if one.use_key is not None and one.sub_processor_id is not None and one.effective_on <= day:
            found[one.sub_processor_id, one.use_key] = one
    return {key for key, one in found.items() if one.state is DecisionState.AUTHORISED}


def narrowed(document: Document, sub_processor_id: UUID, within: Scope) -> Document | None:
    """The terms with the uses, places and data that touch the client; None where nothing does.

    The scopes of uses and places are written in the client's services alone, so that what alters for
    other services makes no difference to this client.
    """
    uses = {}
    for key, use in document.get("uses", {}).items():
        is_off = not within.every_option and (sub_processor_id, key) not in within.options
        if use.get("optional") and is_off:
            continue
        kept = _use(use, within)
        if kept is not None:
            uses[key] = kept
    return {**document, "uses": uses} if uses else None


def world(register: World, within: Scope) -> World:
    """The register with every sub-processor's terms narrowed; those that do not touch the client have none."""
    return replace(
        register,
        sub_processors={key: _sub_processor(known, within) for key, known in register.sub_processors.items()},
    )


def _sub_processor(known: KnownSubProcessor, within: Scope) -> KnownSubProcessor:
    return replace(known, periods=tuple(periods(known, within)))


def periods(known: KnownSubProcessor, within: Scope) -> list[TermsPeriod]:
    """The periods in which the sub-processor touches the client."""
    return [
        replace(period, document=document)
        for period in known.periods
        if (document := narrowed(period.document, known.id, within)) is not None
    ]


def _use(use: dict[str, Any], within: Scope) -> dict[str, Any] | None:
    services = _within(use.get("services") or {}, within.services)
    if services is None:
        return None
    places = {}
    for key, place in use.get("places", {}).items():
        kept = _place(place, services, within)
        if kept is not None:
            places[key] = kept
    if not places:
        return None
    data = {
        key: category
        for key, category in (use.get("data") or {}).items()
        if not any(category.get(kind.value) for kind in within.withheld)
    }
    return {**use, "services": services, "places": places, "data": data}


def _place(place: dict[str, Any], services: dict[str, Any], within: Scope) -> dict[str, Any] | None:
    regions = place.get("regions") or {}
    if within.region is not None and regions and within.region not in regions:
        return None
    chosen = _within(place.get("services") or {}, frozenset(services) or within.services)
    if chosen is None:
        return None
    whole = set(chosen) == set(services)
    kept = {**place, "services": {} if whole else chosen}
    if within.region is not None:
        kept.pop("regions", None)
    return kept


def _within(said: dict[str, Any], services: frozenset[str]) -> dict[str, Any] | None:
    """Which of the client's services are meant, where empty means all; None: none of them."""
    if not services:
        return dict(said)
    chosen = sorted(services if not said else services & set(said))
    return dict.fromkeys(chosen, True) if chosen else None


def reachable(client: KnownClient, day: date, *, mails: bool) -> bool:
    """Whether a notice can reach the client: a contact for the contract, and a channel that was confirmed and works.

    ``mails`` is whether any mail is sent at all.
    """
    period = client.on(day) or next(iter(client.periods), None)
    works = client.has_channel and (mails or not client.by_mail_alone)
    return works and period is not None and has_contract_contact(period.terms)


def has_contract_contact(terms: ClientTerms) -> bool:
    return any(contact.contract for contact in terms.contacts.values())


def is_special(document: Document | None) -> bool:
    """Whether special categories of data (Article 9 GDPR) are involved in terms that were narrowed to a client."""
    if document is None:
        return False
    return bool(document.get("special_categories")) or any(
        category.get("special_categories")
        for use in document["uses"].values()
        for category in (use.get("data") or {}).values()
    )


def special_agreed(client: KnownClient, within: Scope, day: date) -> bool:
    """Whether special categories are agreed upon by the day, or never given to us."""
    period = client.on(day)
    agreed = period.terms.special_categories_agreed_on if period is not None else None
    return DataKind.SPECIAL_CATEGORIES in within.withheld or (agreed is not None and agreed <= day)
