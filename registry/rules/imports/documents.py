"""What a list says of one sub-processor, laid over the terms that the register has.

Permanent keys stay where the list speaks of the same thing, and so does everything that the list has no
column for. What it leaves out of what it speaks of has ended.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from registry.resources.lists import Column, PublishedList
from registry.rules.effect import same_words
from registry.rules.imports.entities import Listed
from registry.rules.imports.rows import Use, Where
from registry.rules.imports.texts import folded, slug
from registry.rules.patches import Document

DATA_KEY = "data-"
_DATA_KEY = re.compile(rf"^{DATA_KEY}\d{{3,9}}$")
CODES = ("country", "subdivision", "city", "group")


class Said(Struct, frozen=True, kw_only=True):
    """The terms as the list has them."""

    document: Document
    uses: dict[int, str]
    """The key of the use of each row."""


def said(
    listed: Listed,
    read: PublishedList,
    old: Document,
    service_keys: Mapping[str, str],
    services: Sequence[str],
) -> Said:
    """The new terms of one sub-processor.

    `old` is what the register has on the day, empty for a new one. `service_keys` are keys by name;
    `services` the keys for which the whole list is, where its rows name none.
    """
    old_uses: Document = old.get("uses", {})
    groups = _by_purpose(listed.uses)
    pairs = _pair(groups, old_uses)
    taken = set(old_uses)
    uses: Document = {}
    of_row: dict[int, str] = {}
    for group in groups:
        purpose = group[0].purpose
        key = pairs.get(folded(purpose)) or slug(purpose, taken, "use")
        uses[key] = _use(group, read, old_uses.get(key, {}), service_keys, services)
        of_row |= {use.row: key for use in group}
    document: Document = {**old, "uses": uses}
    agreement = next((use.agreement for use in listed.uses if use.agreement), None)
    if agreement:
        document["agreement"] = {**old.get("agreement", {"status": "unknown"}), "url": agreement}
    if url := next((use.sub_processors_url for use in listed.uses if use.sub_processors_url), None):
        document["sub_processors_url"] = url
    if read.has(Column.NOTES):
        notes = "\n".join(dict.fromkeys(use.notes for use in listed.uses if use.notes))
        document |= {"summary": notes} if notes else {}
        if not notes:
            document.pop("summary", None)
    return Said(document=document, uses=of_row)


def difference(old: Any, new: Any) -> Document:
    """The merge patch (RFC 7396) that makes the new document of the old one; empty where nothing differs."""
    patch: Document = {}
    for member, value in new.items():
        if member not in old:
            patch[member] = value
        elif isinstance(value, dict) and isinstance(old[member], dict):
            if inner := difference(old[member], value):
                patch[member] = inner
        elif value != old[member]:
            patch[member] = value
    patch |= dict.fromkeys(member for member in old if member not in new)
    return patch


def _by_purpose(uses: Sequence[Use]) -> list[list[Use]]:
    """Rows with one purpose are one use, for several services or places."""
    groups: dict[str, list[Use]] = {}
    for use in uses:
        groups.setdefault(folded(use.purpose), []).append(use)
    return list(groups.values())


def _pair(groups: Sequence[Sequence[Use]], old_uses: Document) -> dict[str, str]:
    """Which use of the register each purpose is: the same words, their spelling mended, or the only one left."""
    pairs: dict[str, str] = {}
    purposes = {folded(group[0].purpose): group[0].purpose for group in groups}
    left = {key: str(use["purpose"]) for key, use in old_uses.items()}
    for same in (_equal, same_words):
        for wanted, purpose in purposes.items():
            key = next((key for key, known in left.items() if same(known, purpose)), None)
            if wanted not in pairs and key is not None:
                pairs[wanted] = key
                del left[key]
    unpaired = [wanted for wanted in purposes if wanted not in pairs]
    if len(unpaired) == len(left) == 1:
        pairs[unpaired[0]] = next(iter(left))
    return pairs


def _equal(one: str, other: str) -> bool:
    return folded(one) == folded(other)


def _use(
    group: Sequence[Use],
    read: PublishedList,
    old: Document,
    service_keys: Mapping[str, str],
    services: Sequence[str],
) -> Document:
    use: Document = {**old, "purpose": group[0].purpose}
    if any(one.services is not None for one in group):
        scopes = [one.services for one in group]
        everything = any(not scope for scope in scopes)
        keys = [] if everything else [service_keys[name] for scope in scopes for name in sorted(scope or ())]
        use["services"] = dict.fromkeys(keys, True)
    elif services and not old:
        use["services"] = dict.fromkeys(services, True)
    if any(one.data is not None for one in group):
        texts = list(dict.fromkeys(text for one in group for text in one.data or ()))
        use["data"] = _data(texts, old.get("data", {}))
    if read.has(Column.PLACE) or read.has(Column.STORAGE_PLACE) or not old:
        use["places"] = _places(group, old.get("places", {}), service_keys)
    if group[0].type is not None:
        use["type"] = group[0].type.value
    if group[0].optional is not None:
        use["optional"] = any(one.optional for one in group)
    return {member: value for member, value in use.items() if value not in ({}, None)}


def _data(texts: Sequence[str], old: Document) -> Document:
    known = {folded(str(item["text"])): key for key, item in old.items()}
    taken = set(old)
    found: Document = {}
    for text in texts:
        key = known.get(folded(text))
        if key is None:
            found[_next_key(taken)] = {"text": text}
        else:
            found[key] = {**old[key], "text": text}
    return found


def _next_key(taken: set[str]) -> str:
    """Keys of equal length, counted on, so that what is stored by key keeps the order of the list."""
    number = max((int(key[len(DATA_KEY) :]) for key in taken if _DATA_KEY.match(key)), default=0) + 1
    key = f"{DATA_KEY}{number:03}"
    taken.add(key)
    return key


def _places(group: Sequence[Use], old: Document, service_keys: Mapping[str, str]) -> Document:
    """All places of the rows; one that serves only some of the use's services names them."""
    serving: dict[Where, list[Use]] = {}
    for use in group:
        for where in use.places:
            serving.setdefault(where, []).append(use)
    everywhere = all(len(uses) == len(group) for uses in serving.values())
    left = dict(old)
    taken = set(old)
    paired = _pair_places(list(serving), left)
    found: Document = {}
    for where, uses in serving.items():
        key = paired.get(where) or slug(_place_name(where), taken, "place")
        place: Document = {**old.get(key, {}), "role": where.role.value, "text": where.text}
        for code in CODES:
            value = getattr(where, code)
            place.pop(code, None)
            place |= {code: value} if value else {}
        scopes = [use.services for use in uses]
        if not everywhere and all(scopes):
            place["services"] = {service_keys[name]: True for scope in scopes for name in sorted(scope or ())}
        found[key] = place
    return found


def _pair_places(wanted: Sequence[Where], left: Document) -> dict[Where, str]:
    """Which place of the register each place is: word for word, else by its code, else the only one left there."""
    paired: dict[Where, str] = {}
    for same in (_same_text, _same_code, _same_country):
        for where in wanted:
            if where in paired:
                continue
            key = next((key for key, place in left.items() if same(where, place)), None)
            if key is not None:
                paired[where] = key
                del left[key]
    return paired


def _same_text(where: Where, place: Document) -> bool:
    return where.role == place["role"] and folded(where.text) == folded(str(place["text"]))


def _same_code(where: Where, place: Document) -> bool:
    codes = {code: getattr(where, code) for code in CODES}
    return (
        where.role == place["role"]
        and any(codes.values())
        and all(codes[code] == place.get(code) for code in CODES)
    )


def _same_country(where: Where, place: Document) -> bool:
    return where.role == place["role"] and where.country is not None and where.country == place.get("country")


def _place_name(where: Where) -> str:
    parts = [where.country or where.group or where.text, where.city or ""]
    if where.role.value != "processing":
        parts.append(where.role.value)
    return " ".join(filter(None, parts))
