"""What people decided about names that look alike: two names of one sub-processor, or of two."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from registry.errors import Fault, InvalidError
from registry.rules.imports.names import key_of


class Identity(Struct, frozen=True, kw_only=True):
    """One decision about two names."""

    registered: str
    """The name that was on the register, as it was given."""
    listed: str
    same: bool
    decided_by: str
    decided_at: datetime

    @property
    def keys(self) -> frozenset[str]:
        """The two names as names are compared."""
        return frozenset((key_of(self.registered), key_of(self.listed)))


class Identities:
    """All decisions, looked up by the keys of the names; of one pair the last decision holds."""

    def __init__(self, remembered: Iterable[Identity], given: Iterable[Identity] = ()) -> None:
        self.given = tuple(given)
        self._of: dict[frozenset[str], Identity] = {}
        self._same: dict[str, set[str]] = {}
        for decided in (*remembered, *self.given):
            self._of[decided.keys] = decided
        for keys, decided in self._of.items():
            if decided.same:
                one, other = keys
                self._same.setdefault(one, set()).add(other)
                self._same.setdefault(other, set()).add(one)

    def of(self, key: str, other: str) -> Identity | None:
        """What was decided about two keys, if anything was."""
        return self._of.get(frozenset((key, other)))

    def same_as(self, keys: Iterable[str]) -> set[str]:
        """The keys that are names of the same sub-processor."""
        return set().union(*(self._same.get(key, ()) for key in keys))


def read_decisions(
    same: Mapping[str, str], different: Mapping[str, str], by: str, at: datetime
) -> tuple[Identity, ...]:
    """The decisions of a request; raises `InvalidError` for one that decides nothing, or both ways."""
    found: dict[frozenset[str], Identity] = {}
    for member, pairs in (("same", same), ("different", different)):
        for registered, listed in pairs.items():
            decided = Identity(
                registered=registered, listed=listed, same=member == "same", decided_by=by, decided_at=at
            )
            message = None
            if len(decided.keys) == 1:
                message = f"“{registered}” and “{listed}” are compared as one name anyway. Leave this out."
            elif decided.keys in found and found[decided.keys].same != decided.same:
                message = (
                    f"“{registered}” and “{listed}” are said to be the same and different. Say one of both."
                )
            if message is not None:
                raise InvalidError(message, [Fault(message=message, member=f"{member}.{registered}")])
            found[decided.keys] = decided
    return tuple(found.values())
