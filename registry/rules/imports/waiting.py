"""Open drafts: what a list says may have been drafted already, and waits for publication."""

from collections.abc import Callable, Sequence
from uuid import UUID

from registry.resources.changes import Operation
from registry.resources.proposals import ProposedPart
from registry.resources.stored import ChangeRow
from registry.resources.terms import Terms
from registry.rules.documents import DocumentError, canonical
from registry.rules.patches import Document, MissingKeyError, merge


class Waiting:
    """The open drafts about each sub-processor and organisation, whoever drafted them."""

    def __init__(self, drafts: Sequence[ChangeRow]) -> None:
        self._of: dict[UUID, list[tuple[ChangeRow, ProposedPart]]] = {}
        for row in drafts:
            for part in row.parts:
                self._of.setdefault(part.subject_id, []).append((row, part))

    def saying(self, known: UUID, old: Document, agrees: Callable[[Document], bool]) -> str | None:
        """What to tell of a draft under which the terms would be as the list has them; None: there is none.

        `agrees` says whether terms are those of the list.
        """
        for row, part in self._of.get(known, ()):
            terms = _terms(old, part)
            if terms is not None and agrees(terms):
                return _told(row, part, "says this already")
        return None

    def stating(self, organisation_id: UUID, patch: Document) -> str | None:
        """What to tell of a draft that says all that is said of an organisation's facts; None: there is none."""
        for row, part in self._of.get(organisation_id, ()):
            if patch and all(part.patch.get(member) == value for member, value in patch.items()):
                return _told(row, part, "says this of the organisation already")
        return None

    def ending(self, known: UUID) -> str | None:
        """What to tell of a draft that ends it; None: there is none."""
        for row, part in self._of.get(known, ()):
            if part.operation in (Operation.END, Operation.WITHDRAW):
                return _told(row, part, "ends it already")
        return None

    def others(self, known: UUID) -> tuple[str, ...]:
        """What to tell of drafts that say something else than the list."""
        return tuple(
            f"Draft {row.id} of {row.drafted_by_holder} about it says something else and waits too: publish one"
            " of both, and discard the other."
            for row, _ in self._of.get(known, ())
        )


def _terms(old: Document, part: ProposedPart) -> Document | None:
    """The terms as they would be with the draft; None where it ends them or no longer fits."""
    if part.operation not in (Operation.START, Operation.SET):
        return None
    try:
        merged = merge({} if part.operation is Operation.START else old, part.patch)
        return canonical(merged, Terms)
    except (MissingKeyError, DocumentError):
        return None


def _told(row: ChangeRow, part: ProposedPart, what: str) -> str:
    return (
        f"Draft {row.id} of {row.drafted_by_holder}, effective on {part.effective_on}, {what} and waits for"
        " publication; nothing more is drafted."
    )
