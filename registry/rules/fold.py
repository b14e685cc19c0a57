"""The fold: the terms of a subject on every day, from its published changes.

It is one pure function, so the order of publication does not matter, a withdrawn change equals one
never published, several changes on one day make one period, and a past day can still be corrected.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from registry.resources.changes import Operation
from registry.resources.periods import PublishedPart, TermsPeriod
from registry.rules.patches import Document, MissingKeyError, merge

ONE_DAY = timedelta(days=1)


class FoldError(Exception):
    """The changes do not fit together: `number` names the one that no longer makes sense."""

    def __init__(self, number: int, day: date, reason: str) -> None:
        self.number = number
        self.day = day
        self.reason = reason
        super().__init__(f"change {number}, effective {day}: {reason}")


def standing(parts: Iterable[PublishedPart], known: int | None = None) -> list[PublishedPart]:
    """The parts that hold, in the order of their days.

    Withdrawn ones are left out, postponed ones have their later day, and a correction stands right
    behind the change that it corrects. `known` leaves out what was published after that number.
    """
    seen = [part for part in parts if known is None or part.number <= known]
    withdrawn = {part.about for part in seen if part.operation is Operation.WITHDRAW}
    moved: dict[int, date] = {}
    for part in sorted(seen, key=lambda part: part.number):
        if part.operation is Operation.POSTPONE and part.about is not None:
            moved[part.about] = part.effective_on
    acting = {
        part.number: part
        for part in seen
        if part.operation not in (Operation.WITHDRAW, Operation.POSTPONE) and part.number not in withdrawn
    }

    def day(part: PublishedPart) -> date:
        if part.about is not None and part.about in acting:
            return day(acting[part.about])
        return moved.get(part.number, part.effective_on)

    def behind(part: PublishedPart) -> int:
        return part.about if part.about is not None and part.about in acting else part.number

    ordered = sorted(acting.values(), key=lambda part: (day(part), behind(part), part.number))
    return [
        PublishedPart(
            number=part.number,
            operation=part.operation,
            effective_on=day(part),
            patch=part.patch,
            about=part.about,
        )
        for part in ordered
    ]


def fold(
    parts: Iterable[PublishedPart], initial: Document | None = None, known: int | None = None
) -> list[TermsPeriod]:
    """The periods of a subject, in order, without overlap.

    `initial` is what holds before the first change: None for a sub-processor, which is not on the
    list until something starts it. Raises `FoldError` where a change sets or ends what is not there,
    starts what is, or removes a key that does not exist.
    """
    state = initial
    numbers: tuple[int, ...] = ()
    turns: list[tuple[date | None, Document | None, tuple[int, ...]]] = [(None, state, numbers)]
    began: date | None = None
    for part in standing(parts, known):
        if part.operation is Operation.END and state is not None and part.effective_on == began:
            raise FoldError(
                part.number, part.effective_on, "it ends on the very day of the start; withdraw that"
            )
        state = _apply(state, part)
        began = part.effective_on if part.operation is Operation.START else began
        numbers = (part.number,) if part.operation is Operation.START else (*numbers, part.number)
        if turns[-1][0] == part.effective_on:
            turns.pop()
        turns.append((part.effective_on, state, numbers))
    periods = []
    for index, (first, document, made_by) in enumerate(turns):
        if document is None:
            continue
        following = turns[index + 1][0] if index + 1 < len(turns) else None
        periods.append(
            TermsPeriod(
                first=first,
                last=following - ONE_DAY if following is not None else None,
                document=document,
                changes=made_by,
            )
        )
    return periods


def on(periods: Sequence[TermsPeriod], day: date) -> TermsPeriod | None:
    """The period that covers the day."""
    return next((period for period in periods if period.covers(day)), None)


def _apply(state: Document | None, part: PublishedPart) -> Document | None:
    if part.operation is Operation.START:
        if state is not None:
            raise FoldError(part.number, part.effective_on, "it starts what is already there")
        return dict(_merged({}, part))
    if state is None:
        verb = "ends" if part.operation is Operation.END else "alters"
        raise FoldError(part.number, part.effective_on, f"it {verb} what is not there on that day")
    return None if part.operation is Operation.END else _merged(state, part)


def _merged(state: Document, part: PublishedPart) -> Document:
    try:
        merged: Document = merge(state, part.patch)
    except MissingKeyError as error:
        known = f" (there are: {', '.join(error.known)})" if error.known else ""
        raise FoldError(
            part.number,
            part.effective_on,
            f"it removes {'.'.join(error.path)}, which is not there on that day{known}",
        ) from error
    return merged
