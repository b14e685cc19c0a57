"""``onward import``: take over a list as a company publishes it; a dry run unless told to commit."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

import msgspec

import transfers
from registry.actions import imports as actions
from registry.cli.connection import connected
from registry.errors import InvalidError, PayloadTooLargeError, RegistryError
from registry.formats.lists import MAX_BYTES, decoded
from registry.resources.imports import ImportAction, ImportedRow, ImportReport, ImportRequest
from registry.resources.lists import Column
from registry.web.bodies import explain
from registry.web.rights import PUBLISHERS, require

NAME_WIDTH = 44


def register(subparsers: Any) -> None:
    """Add ``import``."""
    parser = subparsers.add_parser(
        "import",
        help="take over a published list",
        description="Read a list of sub-processors as CSV and say row by row what would happen. With --commit it does: "
        "all or nothing. Importing the same list again changes nothing.",
    )
    parser.add_argument(
        "file", type=Path, help="a CSV file with headings in its first row; - for standard input"
    )
    parser.add_argument("--commit", action="store_true", help="write it; without this nothing is written")
    parser.add_argument("--effective-on", metavar="DAY", help="the day on which the list is true (today)")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="HEADING=COLUMN",
        help=f"which column a heading is: {', '.join(Column)}; may be given again",
    )
    parser.add_argument(
        "--service",
        action="append",
        default=[],
        metavar="KEY",
        help="a service that the list is for; may be given again",
    )
    parser.add_argument(
        "--reason", help="told to clients, and recorded for what the import takes upon itself"
    )
    parser.add_argument(
        "--skip-rejected", action="store_true", help="commit the other rows although some are rejected"
    )
    parser.add_argument(
        "--keep-missing", action="store_true", help="the list is a part: what it does not have stays"
    )
    parser.add_argument("--already-told", metavar="HOW", help="how clients were told at the time")
    parser.add_argument("--told-on", metavar="DAY", help="and when")
    parser.add_argument("--json", action="store_true", help="print the report as the API answers it")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """1 when the list could not be taken, with each fault that the message does not hold on standard error."""
    try:
        report = asyncio.run(_import(_request(arguments)))
    except RegistryError as error:
        for fault in error.errors:
            if fault.message in error.detail:
                continue
            where = ", ".join(filter(None, (f"row {fault.row}" if fault.row else "", fault.member or "")))
            print(f"onward: {where or arguments.file}: {fault.message}", file=sys.stderr)
        raise
    print(msgspec.json.encode(report).decode() if arguments.json else text(report))
    return 0


async def _import(given: ImportRequest) -> ImportReport:
    async with connected(begins=True) as session:
        require(session.actor, "importList")
        setting = actions.Setting(
            law=transfers.load_law(session.settings.law_files),
            notice_days=session.settings.notice_days,
            publishes=session.actor.role in PUBLISHERS,
        )
        return await actions.run(session.connection, session.actor, session.clock, given, setting)


def _request(arguments: argparse.Namespace) -> ImportRequest:
    columns = {}
    for item in arguments.map:
        heading, separator, column = item.rpartition("=")
        if not separator:
            raise InvalidError(f"--map “{item}” has no “=”. Write it as “HEADING=COLUMN”.")
        columns[heading] = column
    told = None
    if arguments.already_told or arguments.told_on:
        if not (arguments.already_told and arguments.told_on):
            raise InvalidError("Give --already-told and --told-on together: how clients were told, and when.")
        told = {"told_on": arguments.told_on, "how": arguments.already_told}
    values = {
        "name": "standard input" if str(arguments.file) == "-" else arguments.file.name,
        "content": _content(arguments.file),
        "effective_on": arguments.effective_on,
        "commit": arguments.commit,
        "columns": columns,
        "services": dict.fromkeys(arguments.service, True),
        "reason": arguments.reason,
        "skip_rejected": arguments.skip_rejected,
        "keep_missing": arguments.keep_missing,
        "already_told": told,
    }
    try:
        return msgspec.convert(values, ImportRequest)
    except msgspec.ValidationError as error:
        fault = explain(str(error))
        option = (fault.member or "").replace("_", "-")
        if option == "content":
            raise InvalidError(
                "The list is empty. Give a CSV file with headings in its first row."
            ) from error
        raise InvalidError(f"--{option} cannot be used: {fault.message}.", [fault]) from error


def _content(path: Path) -> str:
    if str(path) == "-":
        return decoded(sys.stdin.buffer.read(MAX_BYTES + 1))
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise PayloadTooLargeError(
            f"The list has {size} bytes; lists of up to {MAX_BYTES} are read. Split it."
        )
    return decoded(path.read_bytes())


def text(report: ImportReport) -> str:
    """The report as a table for people."""
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
    blocks = _blocks(report)
    if blocks:
        lines.append(f"Checks stand against them; --json has each. With the reason “{report.reason}”:")
        lines += [f"  {code} ({len(names)}): {', '.join(names)}" for code, names in blocks.items()]
    if not report.committed:
        lines.append("Nothing was written. Repeat with --commit to do it.")
    return "\n".join(lines)


def counted(count: int, what: str) -> str:
    """A number with its noun."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _blocks(report: ImportReport) -> dict[str, list[str]]:
    """The sub-processors against whose changes each check stands."""
    blocks: dict[str, list[str]] = {}
    for change in report.changes:
        for code in sorted({check.code for check in change.checks}):
            blocks.setdefault(code, []).append(change.name)
    return blocks


def _row(row: ImportedRow) -> list[str]:
    number = f"row {row.row}" if row.row is not None else ""
    places = ", ".join(place.country or place.group or f"? {place.text}" for place in row.places)
    width = max(len(action) for action in ImportAction)
    first = (
        f"{number:<8} {row.action.value:<{width}}  {row.name[:NAME_WIDTH]:<{NAME_WIDTH}}  {places}".rstrip()
    )
    return [first, *(f"{'':<8} {'':<{width}}  ! {problem}" for problem in row.problems)]
