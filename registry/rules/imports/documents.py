"""What a list says of one sub-processor, laid over the terms that the register has.

Permanent keys stay where the list speaks of the same thing, and so does everything that the list has no
column for. What it leaves out of what it speaks of has ended.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from registry.resources.lists import Column, PublishedList
from registry.rules.effect import same_words
from registry.rules.imports.data import data_of
from registry.rules.imports.entities import Listed
from registry.rules.imports.rows import NOT_STATED, Use, Where
from registry.rules.imports.safeguards import Claims, laid
from registry.rules.imports.texts import folded, one_line, slug
from registry.rules.patches import Document
from transfers.places import pieces

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
    *,
    services: Sequence[str],
    claims: Claims,
    partial: bool = False,
) -> Said:
    """The new terms of one sub-processor; where the list is `partial`, the uses that it does not have stay.

    `old` is what the register has on the day, empty for a new one. `service_keys` are keys by name;
    `services` the keys for which the whole list is, where its rows name none; `claims` the safeguards that it claims.
    """
    old_uses: Document = old.get("uses", {})
    groups = _by_purpose(listed.uses)
    pairs = _pair(groups, old_uses, partial=partial)
    taken = set(old_uses)
    uses: Document = dict(old_uses) if partial else {}
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
    if claims:
        document["safeguards"] = laid(claims, old.get("safeguards", {}))
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


def _pair(groups: Sequence[Sequence[Use]], old_uses: Document, *, partial: bool) -> dict[str, str]:
    """Which use of the register each purpose is: the same words, their spelling mended, or the only one left.

    In a part of a list, other words are another use, unless the part says no purpose at all.
    """
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
    if len(unpaired) == len(left) == 1 and (not partial or purposes[unpaired[0]] == NOT_STATED):
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
    unsaid = group[0].purpose == NOT_STATED and not read.has(Column.PURPOSE)
    if old and (unsaid or one_line(str(old["purpose"])) == group[0].purpose):
        use["purpose"] = old["purpose"]
    if any(one.services is not None for one in group):
        scopes = [one.services for one in group]
        everything = any(not scope for scope in scopes)
        keys = [] if everything else [service_keys[name] for scope in scopes for name in sorted(scope or ())]
        use["services"] = dict.fromkeys(keys, True)
    elif services and not old:
        use["services"] = dict.fromkeys(services, True)
    if any(one.data is not None for one in group):
        texts = list(dict.fromkeys(text for one in group for text in one.data or ()))
        use["data"] = data_of(texts, old.get("data", {}))
    if read.has(Column.PLACE) or read.has(Column.STORAGE_PLACE) or not old:
        # Where a list has one column for all places, it does not say in which role each is used.
        roles = read.has(Column.STORAGE_PLACE)
        use["places"] = _Places(group, old.get("places", {}), service_keys, roles=roles).documents(
            set(use.get("services", ()))
        )
    if group[0].type is not None:
        use["type"] = group[0].type.value
    if group[0].optional is not None:
        use["optional"] = any(one.optional for one in group)
    return {member: value for member, value in use.items() if value not in ({}, None)}


class _Places:
    """The places that the rows of one use name, laid over those that the register has."""

    def __init__(
        self, group: Sequence[Use], old: Document, service_keys: Mapping[str, str], *, roles: bool
    ) -> None:
        self._old = old
        self._keys = service_keys
        self._roles = roles
        self._serving: dict[Where, list[Use]] = {}
        for use in group:
            for where in use.places:
                self._serving.setdefault(where, []).append(use)
        self._everywhere = all(len(uses) == len(group) for uses in self._serving.values())
        self._for_all = not self._everywhere and all(use.services is not None for use in group)
        """Rows tell by their products which place is for which; one without a product is for all."""
        self._whole = self._cut_apart()
        self._left = {key: place for key, place in old.items() if key not in self._whole}
        self._paired = self._pair()

    def documents(self, of_use: set[str]) -> Document:
        """All places by key; one that serves only some of the use's services (`of_use`) names them."""
        taken = set(self._old)
        found: Document = dict(self._whole)
        for where, uses in self._serving.items():
            keys = self._paired.get(where) or [slug(_place_name(where), taken, "place")]
            scope = self._scope(uses)
            for key in keys:
                found[key] = self._place(where, self._old.get(key, {}), scope, of_use)
        return {key: found[key] for key in [*(key for key in self._old if key in found), *found]}

    def _cut_apart(self) -> Document:
        """Places of the register whose text the list's reading cuts apart, all parts of which it names."""
        whole: Document = {}
        for key, place in self._old.items():
            parts = {one_line(piece.text) for piece in pieces(str(place["text"]))}
            named = {one_line(where.text): where for where in self._serving}
            if len(parts) > 1 and one_line(str(place["text"])) not in parts and parts <= set(named):
                whole[key] = place
                for part in parts:
                    del self._serving[named[part]]
        return whole

    def _scope(self, uses: Sequence[Use]) -> set[str]:
        """The keys of the services that a place is for; empty: all of the use's."""
        scopes = [use.services for use in uses]
        if self._everywhere or not all(scopes):
            return set()
        return {self._keys[name] for scope in scopes for name in scope or ()}

    def _place(self, where: Where, old: Document, scope: set[str], of_use: set[str]) -> Document:
        place: Document = {**old, "role": where.role.value, "text": where.text}
        if old and not self._roles:
            place["role"] = old["role"]
        codes = {code: getattr(where, code) for code in CODES}
        if old and one_line(str(old["text"])) == where.text:
            place["text"] = old["text"]
            codes = (
                {code: old.get(code) for code in CODES} if _is_read(old) or not any(codes.values()) else codes
            )
        for code, value in codes.items():
            place.pop(code, None)
            place |= {code: value} if value else {}
        if scope and not (scope == of_use and not old.get("services")):
            place["services"] = dict.fromkeys(sorted(scope), True)
        elif scope or self._for_all:
            place.pop("services", None)
        return place

    def _pair(self) -> dict[Where, list[str]]:
        """Which places of the register each is: word for word, else by its code, else the only one left there.

        Without roles one place of the list is all that the register has there, in whatever role.
        """
        paired: dict[Where, list[str]] = {}
        texts = Counter(folded(where.text) for where in self._serving)
        for same in (_same_place, _same_text, _same_code, _same_country):
            for where in self._serving:
                if where in paired:
                    continue
                keys = [
                    key
                    for key, place in self._left.items()
                    if (not self._roles or where.role == place["role"]) and same(where, place)
                ]
                alone = same is _same_text and texts[folded(where.text)] == 1
                exact = alone or same in (_same_place, _same_code)
                for key in keys if exact and not self._roles else keys[:1]:
                    paired.setdefault(where, []).append(key)
                    del self._left[key]
        return paired


def _is_read(place: Document) -> bool:
    return bool(place.get("country") or place.get("group"))


def _same_place(where: Where, place: Document) -> bool:
    return _same_text(where, place) and all(getattr(where, code) == place.get(code) for code in CODES)


def _same_text(where: Where, place: Document) -> bool:
    return folded(where.text) == folded(str(place["text"]))


def _same_code(where: Where, place: Document) -> bool:
    codes = {code: getattr(where, code) for code in CODES}
    return any(codes.values()) and all(codes[code] == place.get(code) for code in CODES)


def _same_country(where: Where, place: Document) -> bool:
    return where.country is not None and where.country == place.get("country")


def _place_name(where: Where) -> str:
    parts = [where.country or where.group or where.text, where.city or ""]
    if where.role.value != "processing":
        parts.append(where.role.value)
    return " ".join(filter(None, parts))
