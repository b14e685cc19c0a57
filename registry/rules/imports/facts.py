"""What a list says of an organisation itself: where it is established, its address, its website, its name."""

from registry.resources.organisations import OrganisationFacts
from registry.rules.documents import canonical
from registry.rules.effect import same_words
from registry.rules.imports.entities import Listed
from registry.rules.imports.names import key_of
from registry.rules.patches import Document

WORDS = {"country": "country of establishment", "address": "address", "website": "website"}


def facts_of(listed: Listed) -> OrganisationFacts:
    """The facts of an organisation that is new, as the list has them."""
    who = listed.entity
    return OrganisationFacts(
        legal_name=who.legal_name,
        trading_name=who.trading_name,
        address=who.address,
        registration_number=who.registration,
        country=next((use.established for use in listed.uses if use.established), who.country),
        website=next((use.website for use in listed.uses if use.website), None),
    )


def altered(listed: Listed, known: Document, *, renamed: bool) -> tuple[Document, tuple[str, ...]]:
    """The patch that makes the organisation's facts those of the list, and a remark on each of them.

    Only what all of its rows say alike is taken; where they differ, that is the remark. `known` are the facts of
    the day. A name is taken over only where somebody said that it is a new one.
    """
    patch: Document = {}
    remarks: list[str] = []
    old = canonical(known, OrganisationFacts)
    for member, values in _said(listed).items():
        if len(values) > 1:
            told = ", ".join(f"“{value}”" for value in values)
            remarks.append(f"Its rows give several for its {WORDS[member]}: {told}. None is taken over.")
        elif values and not _agree(member, old.get(member), values[0]):
            patch[member] = values[0]
            there = f"“{old[member]}”" if member in old else "none"
            remarks.append(f"Its {WORDS[member]} becomes “{values[0]}”; the register has {there}.")
    brand = listed.entity.trading_name
    if brand and "trading_name" not in old and key_of(brand) != key_of(str(old["legal_name"])):
        patch["trading_name"] = brand
    if renamed and listed.entity.legal_name != old["legal_name"]:
        patch["legal_name"] = listed.entity.legal_name
        patch |= {"trading_name": brand} if brand else {}
    return patch, tuple(remarks)


def _said(listed: Listed) -> dict[str, list[str]]:
    who = listed.entity
    said = {
        "country": [use.established for use in listed.uses] or [],
        "address": [who.address],
        "website": [use.website for use in listed.uses],
    }
    if not any(said["country"]):
        said["country"] = [who.country]
    return {member: list(dict.fromkeys(filter(None, values))) for member, values in said.items()}


def _agree(member: str, old: object, new: str) -> bool:
    if member == "website":
        return isinstance(old, str) and _bare(old) == _bare(new)
    return old == new if member == "country" else same_words(old, new)


def _bare(url: str) -> str:
    """A web address as it is compared: the same page, however it is written."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/").casefold()
