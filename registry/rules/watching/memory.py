"""What was drafted already: a difference is drafted once, as long as it lasts, whatever becomes of the draft."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from registry.resources.changes import ChangeDraft
from registry.resources.stored import ChangeRow
from registry.resources.watches import Pending
from registry.rules.imports.names import key_of

NOTHING_MORE = "Nothing more is drafted while the list says so."


def fingerprint(name: str, draft: ChangeDraft) -> str:
    """What a draft comes to, whoever it is about by id and from whatever day on."""
    parts = [[part.operation.value, part.patch] for part in draft.parts]
    said = json.dumps([key_of(name), draft.kind.value, parts], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


class Memory:
    """The drafts of one watched list, beside the open drafts of the register."""

    def __init__(self, drafted: Mapping[str, Pending], drafts: Sequence[ChangeRow]) -> None:
        self._open = {row.id for row in drafts}
        self._drafted = dict(drafted)
        self._seen: dict[str, Pending] = {}

    def known(self, key: str) -> Pending | None:
        """The draft that was made for this difference, whether it still waits or not."""
        found = self._drafted.get(key)
        if found is not None:
            self._seen[key] = found
        return found

    def waits(self, change_id: UUID) -> bool:
        return change_id in self._open

    def waiting(self, name: str, key: str | None) -> list[UUID]:
        """The drafts about this name that wait and say something else."""
        return [
            one.change_id
            for other, one in self._drafted.items()
            if other != key and key_of(one.name) == key_of(name) and self.waits(one.change_id)
        ]

    def remember(self, key: str, change_id: UUID, name: str) -> None:
        self._open.add(change_id)
        self._drafted[key] = self._seen[key] = Pending(change_id=change_id, name=name)

    def kept(self) -> dict[str, Pending]:
        """What is to be remembered: of differences that last, and of drafts that wait."""
        return {
            key: one for key, one in self._drafted.items() if key in self._seen or self.waits(one.change_id)
        }


def otherwise(waiting: Sequence[UUID]) -> tuple[str, ...]:
    """What to tell of drafts that do not say what the list says now."""
    return tuple(
        f"Draft {change_id} says what the list said before, and waits: look at it before anybody publishes it."
        for change_id in waiting
    )
