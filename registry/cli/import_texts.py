"""The report of an import as a person reads it in a terminal, and a bar while it runs."""

import shlex
from collections.abc import Sequence
from typing import TextIO

from registry.resources.changes import ChangeState
from registry.resources.imports import ImportAction, ImportedRow, ImportReport

NAME_WIDTH = 44
BAR_WIDTH = 30


class Progress:
    """Tells how far an import is: as a bar that is drawn over itself in a terminal, else in a line now and then."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._drawn = False
        self._told = -1

    def __call__(self, what: str, count: int, of: int | None) -> None:
        """Tell a step; a plain line only for each tenth of the whole."""
        whole = of or count
        if self._out.isatty():
            full = BAR_WIDTH * count // whole if whole else BAR_WIDTH
            bar = "█" * full + "░" * (BAR_WIDTH - full)
            self._out.write(f"\r{bar} {count:,} of {whole:,} {what}\x1b[K")
            self._out.flush()
            self._drawn = True
            return
        tenth = 10 * count // whole if whole else 10
        if whole > PLAIN_FROM and tenth != self._told:
            print(f"onward: {count:,} of {whole:,} {what}", file=self._out)
        self._told = tenth

    def end(self) -> None:
        """Leave the line of the bar."""
        if self._drawn:
            self._out.write("\r\x1b[K")
            self._out.flush()


PLAIN_FROM = 1000
"""Shorter lists are done before anybody would read a line about them."""


def text(report: ImportReport, command: Sequence[str]) -> str:
    """The report as a table for people, with what to type next; `command` is what was typed."""
    lines = [f"{report.name}, true from {report.effective_on} on"]
    lines += [f"  {note}" for note in report.notes]
    lines.append("")
    for row in report.rows:
        lines += _row(row)
    lines.append("")
    summary = report.summary
    counts = {
        "to add": summary.add,
        "to change": summary.change,
        "to remove": summary.remove,
        "the same": summary.same,
        "rejected": summary.reject,
    }
    lines.append(
        f"{counted(summary.rows, 'row')}: " + ", ".join(f"{count} {what}" for what, count in counts.items())
    )
    if report.changes:
        state = report.changes[0].state.value
        are = "is" if len(report.changes) == 1 else "are"
        verb = f"{are} {state}" if report.committed else f"would be {state}"
        lines.append(f"{counted(len(report.changes), 'change')} {verb}")
    lines += _blocks(report)
    lines += _questions(report)
    if not report.committed:
        lines.append("Nothing was written. Repeat with --commit to do it.")
        lines.append(f"  {_next(report, command)}")
    return "\n".join(lines)


def counted(count: int, what: str) -> str:
    """A number with its noun."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _blocks(report: ImportReport) -> list[str]:
    """Each check that stands against changes, and against whose."""
    if not report.blocks:
        return []
    lines = ["Checks stand against them; --json has each:"]
    for block in report.blocks:
        state = "accepted" if block.accepted else "to be accepted or mended"
        if not block.acceptable:
            state = "never acceptable"
        more = f" and {block.changes - len(block.names)} more" if block.changes > len(block.names) else ""
        lines.append(f"  {block.code} ({block.changes}, {state}): {', '.join(block.names)}{more}")
    return lines


def _questions(report: ImportReport) -> list[str]:
    lines = []
    for asked in report.questions:
        pair = shlex.quote(f"{asked.registered}={asked.listed}")
        lines.append(
            f"Is “{asked.listed}” (row {asked.row}) another name of “{asked.registered}”? {asked.reason.capitalize()}."
        )
        lines.append(f"  --same {pair}  or  --different {pair}")
    return lines


def _next(report: ImportReport, command: Sequence[str]) -> str:
    """What to type to commit: the same, with the checks accepted that would stop it."""
    words = [*command, "--commit"]
    publishes = any(change.state is ChangeState.PUBLISHED for change in report.changes)
    codes = [block.code for block in report.blocks if publishes and block.acceptable and not block.accepted]
    words += [word for code in codes for word in ("--accept", code)]
    if codes and "--reason" not in command:
        return f"{shlex.join(words)} --reason TEXT"
    return shlex.join(words)


def _row(row: ImportedRow) -> list[str]:
    number = f"row {row.row}" if row.row is not None else ""
    places = ", ".join(place.country or place.group or f"? {place.text}" for place in row.places)
    width = max(len(action) for action in ImportAction)
    first = (
        f"{number:<8} {row.action.value:<{width}}  {row.name[:NAME_WIDTH]:<{NAME_WIDTH}}  {places}".rstrip()
    )
    return [first, *(f"{'':<8} {'':<{width}}  ! {problem}" for problem in row.problems)]
