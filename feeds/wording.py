"""What a published change is called, in words: a headline, and a text from what to what.

The present tense holds before and after the effective day, so that the words never depend on a clock.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from itertools import groupby

from msgspec import Struct

from feeds.news import Difference, Effect, Item, Kind, Operation, Part

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_NAMES_IN_TITLE = 3
_LABELS_IN_TITLE = 3
_VALUE_IN_TITLE = 80

_ABOUT = {
    Kind.ADDED: "addition of",
    Kind.REMOVED: "removal of",
    Kind.REPLACED: "replacement that concerns",
    Kind.MATERIAL_CHANGE: "change to",
    Kind.CORRECTION: "correction to",
    Kind.WITHDRAWAL: "withdrawal that concerns",
    Kind.POSTPONEMENT: "postponement that concerns",
}
_EFFECT = {
    Effect.WIDENS: " (widens the processing)",
    Effect.NARROWS: " (narrows the processing)",
    Effect.WORDING: " (wording only)",
    Effect.ALTERS: "",
}
_KIND = {
    Kind.ADDED: "Added",
    Kind.REMOVED: "Removed",
    Kind.REPLACED: "Replaced",
    Kind.MATERIAL_CHANGE: "Changed",
    Kind.CORRECTION: "Corrected",
    Kind.WITHDRAWAL: "Withdrawn",
    Kind.POSTPONEMENT: "Postponed",
}


class Block(Struct, frozen=True):
    """A sentence and what stands under it, line by line."""

    sentence: str
    lines: tuple[str, ...] = ()


def day(value: date) -> str:
    """Write a day as "1 February 2027", whatever the machine's locale."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def kind(value: Kind) -> str:
    """Name a kind of change in one word."""
    return _KIND[value]


def title(item: Item) -> str:
    """Say in one line who changes, from what to what, and from which day."""
    if item.kind in {Kind.WITHDRAWAL, Kind.POSTPONEMENT}:
        return f"{kind(item.kind)}: {'; '.join(_moves(item))}"
    if item.kind is Kind.REPLACED and (clause := _replacement(item.parts)):
        return clause
    clauses = [
        *_group(item.parts, Operation.START),
        *_group(item.parts, Operation.END),
        *_settings(item),
    ]
    return "; ".join(clauses) or f"{kind(item.kind)}: {_names(item.parts)}"


def blocks(item: Item) -> tuple[Block, ...]:
    """Tell the whole change: a block for each part, then what holds for all of it."""
    told = [_block(item, part) for part in item.parts]
    if item.kind is Kind.CORRECTION and item.about:
        told.append(Block(f"This corrects change {item.about.number}."))
    if item.late:
        told.append(Block("This was published after a day on which it takes effect."))
    if item.objection_until is not None:
        told.append(Block(f"You may object until {day(item.objection_until)}."))
    if reason := _one_line(item.reason):
        told.append(Block(f"Reason: {reason}"))
    told.append(Block(f"Change {item.number} of the register."))
    return tuple(told)


def plain(item: Item) -> str:
    """Write the blocks as plain text, for mails and terminals."""
    return "\n\n".join(
        "\n".join([block.sentence, *(f"- {line}" for line in block.lines)]) for block in blocks(item)
    )


def html(item: Item) -> str:
    """Write the blocks as a fragment of HTML in which every text is escaped."""
    return "".join(
        f"<p>{escape(block.sentence)}</p>"
        + (f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in block.lines)}</ul>" if block.lines else "")
        for block in blocks(item)
    )


def difference(change: Difference, *, correction: bool = False) -> str:
    """Say one difference in a sentence of its own."""
    label, old, new = _capital(change.label), change.old, change.new
    if old is not None and new is not None:
        told = f"{label} {_from_to(_quoted(old), _quoted(new), correction=correction)}"
    elif new is not None:
        told = f"{label} is added: {_quoted(new)}"
    elif old is not None:
        told = f"{label} is removed: {_quoted(old)}"
    else:
        told = f"{label} changes"
    return f"{told}{_EFFECT[change.effect]}."


# The headline


def _replacement(parts: Sequence[Part]) -> str | None:
    """Say who takes whose place; None where nobody comes or nobody goes, or somebody merely changes."""
    comes = [part for part in parts if part.operation is Operation.START]
    goes = [part for part in parts if part.operation is Operation.END]
    if not comes or not goes or len(comes) + len(goes) < len(parts):
        return None
    verb = "replaces" if len(comes) == 1 else "replace"
    clause = f"{_names(comes)} {verb} {_names(goes)} as {_sub_processor(comes)}"
    days = {part.effective_on for part in parts}
    if len(days) == 1:
        return f"{clause} from {day(days.pop())}"
    spans = [f"{_name(part)} from {day(part.effective_on)}" for part in comes]
    spans += [f"{_name(part)} no longer from {day(part.effective_on)}" for part in goes]
    return f"{clause}: {', '.join(spans)}"


def _group(parts: Sequence[Part], operation: Operation) -> Iterable[str]:
    """Say together who comes, or goes, on one day."""
    concerned = sorted(
        (part for part in parts if part.operation is operation),
        key=lambda part: part.effective_on,
    )
    verb = "added as" if operation is Operation.START else "no longer"
    for effective_on, found in groupby(concerned, key=lambda part: part.effective_on):
        together = list(found)
        be = "is" if len(together) == 1 else "are"
        yield f"{_names(together)} {be} {verb} {_sub_processor(together)} from {day(effective_on)}"


def _settings(item: Item) -> Iterable[str]:
    correction = item.kind is Kind.CORRECTION
    for part in item.parts:
        if part.operation is Operation.SET:
            subject = f"Correction to {_name(part)}" if correction else _name(part)
            what = _brief(part.differences, correction=correction)
            yield f"{subject}: {what}, with effect from {day(part.effective_on)}"


def _brief(differences: Sequence[Difference], *, correction: bool) -> str:
    """Say one difference from what to what, and of several at least what they are about."""
    if not differences:
        return _unseen(correction=correction)
    if len(differences) > 1:
        labels = list(dict.fromkeys(_one_line(each.label) for each in differences))
        many = "corrections" if correction else "changes"
        return f"{len(differences)} {many} ({_enumeration(labels, _LABELS_IN_TITLE)})"
    [only] = differences
    label, old, new = _one_line(only.label), only.old, only.new
    if old is not None and new is not None:
        return f"{label} {_from_to(_short(old), _short(new), correction=correction)}"
    if new is not None:
        return f"{label} is added: {_short(new)}"
    return f"{label} changes" if old is None else f"{label} is removed: {_short(old)}"


def _from_to(old: str, new: str, *, correction: bool) -> str:
    """A correction was never otherwise, so it does not change: it reads as it should have."""
    return f"reads {new} instead of {old}" if correction else f"changes from {old} to {new}"


def _moves(item: Item) -> Iterable[str]:
    """Name together what was announced for one day and does not come, or comes on one other day."""

    def days(part: Part) -> tuple[date, date]:
        return part.previously_on or part.effective_on, part.effective_on

    for _, parts in groupby(sorted(item.parts, key=days), key=days):
        yield _moved(item, list(parts))


def _moved(item: Item, parts: Sequence[Part]) -> str:
    what = f"the {_ABOUT[item.about.kind] if item.about else 'change to'} {_names(parts)}"
    number = f" (change {item.about.number})" if item.about else ""
    day_before, new_day = parts[0].previously_on or parts[0].effective_on, parts[0].effective_on
    if item.kind is Kind.WITHDRAWAL:
        return f"{what} with effect from {day(day_before)}{number}"
    return f"{what} moves from {day(day_before)} to {day(new_day)}{number}"


# The text


def _block(item: Item, part: Part) -> Block:
    correction = item.kind is Kind.CORRECTION
    lines = tuple(difference(each, correction=correction) for each in part.differences)
    name, since = _name(part), day(part.effective_on)
    match item.kind, part.operation:
        case (Kind.WITHDRAWAL, _) | (_, Operation.WITHDRAW):
            what = " This does not come:" if lines else ""
            return Block(f"{_capital(_moved(item, [part]))} is withdrawn.{what}", lines)
        case (Kind.POSTPONEMENT, _) | (_, Operation.POSTPONE):
            return Block(f"{_capital(_moved(item, [part]))}.", lines)
        case _, Operation.START:
            listed = tuple(_entry(each) for each in part.differences)
            return Block(f"{name} is added as a sub-processor from {since}.", listed)
        case _, Operation.END:
            listed = tuple(_entry(each) for each in part.differences)
            what = " What ends:" if listed else ""
            return Block(f"{name} is no longer a sub-processor from {since}.{what}", listed)
        case _:
            return Block(
                f"{name}, with effect from {since}:",
                lines or (f"{_capital(_unseen(correction=correction))}.",),
            )


def _unseen(*, correction: bool) -> str:
    """What is said of a change that has nothing to show to the public."""
    return f"details that are not on the public list {'are corrected' if correction else 'change'}"


def _entry(change: Difference) -> str:
    """Write a member of terms that begin or end, where there is nothing to compare with."""
    return f"{_capital(change.label)}: {_one_line(change.new or change.old or '')}"


# Words


def _names(parts: Sequence[Part]) -> str:
    return _enumeration([_name(part) for part in parts], _NAMES_IN_TITLE)


def _name(part: Part) -> str:
    return _one_line(part.sub_processor)


def _sub_processor(parts: Sequence[Part]) -> str:
    return "a sub-processor" if len(parts) == 1 else "sub-processors"


def _enumeration(words: Sequence[str], most: int) -> str:
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _quoted(value: str) -> str:
    return f"\u201c{_one_line(value)}\u201d"


def _short(value: str) -> str:
    line = _one_line(value)
    return line if len(line) <= _VALUE_IN_TITLE else f"{line[: _VALUE_IN_TITLE - 1]}\u2026"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _capital(text: str) -> str:
    line = _one_line(text)
    return line[:1].upper() + line[1:]
