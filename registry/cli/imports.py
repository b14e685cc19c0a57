"""``onward import``: take over a list as a company publishes it; a dry run unless told to commit."""

import argparse
import asyncio
import base64
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

import transfers
from registry.actions import imports as actions
from registry.cli.connection import connected
from registry.cli.import_texts import Progress, text
from registry.errors import InvalidError, PayloadTooLargeError, RegistryError
from registry.formats.lists import MAX_BYTES
from registry.resources.imports import ImportReport, ImportRequest
from registry.resources.lists import Column
from registry.web.bodies import explain
from registry.web.rights import PUBLISHERS, require


def register(subparsers: Any) -> None:
    """Add ``import``."""
    parser = subparsers.add_parser(
        "import",
        help="take over a published list",
        description="Read a list of sub-processors and say row by row what would happen. With --commit it does: "
        "all or nothing. Importing the same list again changes nothing.",
    )
    parser.add_argument(
        "file", type=Path, help="a file: CSV, XLSX, JSON, or a table as HTML or text; - for standard input"
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
        "--table",
        metavar="TITLE",
        help="the sheet, or the table of a page, that is meant: its title or number",
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
        "--accept",
        action="append",
        default=[],
        metavar="CODE",
        help="a check that may block without stopping the import, for the --reason given; may be given again",
    )
    parser.add_argument(
        "--same",
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="two names of one sub-processor, on the register and on the list; remembered; may be given again",
    )
    parser.add_argument(
        "--different",
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="two names that look alike and are not one sub-processor's; remembered; may be given again",
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
    command = ["onward", *sys.argv[1:]]
    print(msgspec.json.encode(report).decode() if arguments.json else text(report, command))
    return 0


async def _import(given: ImportRequest) -> ImportReport:
    async with connected(begins=True) as session:
        require(session.actor, "importList")
        setting = actions.Setting(
            law=transfers.load_law(session.settings.law_files),
            notice_days=session.settings.notice_days,
            publishes=session.actor.role in PUBLISHERS,
        )
        progress = Progress(sys.stderr)
        try:
            async with session.pool.acquire() as beside:
                return await actions.run(
                    session.connection, beside, session.actor, session.clock, given, setting, progress
                )
        finally:
            progress.end()


def _request(arguments: argparse.Namespace) -> ImportRequest:
    if arguments.accept and not arguments.reason:
        raise InvalidError("What is accepted needs a written reason: give --reason TEXT beside --accept.")
    told = None
    if arguments.already_told or arguments.told_on:
        if not (arguments.already_told and arguments.told_on):
            raise InvalidError("Give --already-told and --told-on together: how clients were told, and when.")
        told = {"told_on": arguments.told_on, "how": arguments.already_told}
    values = {
        "name": "standard input" if str(arguments.file) == "-" else arguments.file.name,
        "content": _content(arguments.file),
        "encoding": "base64",
        "table": arguments.table,
        "effective_on": arguments.effective_on,
        "commit": arguments.commit,
        "columns": pairs("--map", arguments.map, "HEADING=COLUMN"),
        "services": dict.fromkeys(arguments.service, True),
        "reason": arguments.reason,
        "accept": [{"code": code} for code in arguments.accept],
        "same": pairs("--same", arguments.same, "OLD=NEW"),
        "different": pairs("--different", arguments.different, "OLD=NEW"),
        "skip_rejected": arguments.skip_rejected,
        "keep_missing": arguments.keep_missing,
        "already_told": told,
    }
    try:
        return msgspec.convert(values, ImportRequest)
    except msgspec.ValidationError as error:
        fault = explain(str(error))
        option = (fault.member or "").replace("_", "-")
        raise InvalidError(f"--{option} cannot be used: {fault.message}.", [fault]) from error


def pairs(option: str, given: Sequence[str], form: str) -> dict[str, str]:
    """What was written as “ONE=OTHER”, cut at the last equals sign."""
    pairs = {}
    for item in given:
        one, separator, other = item.rpartition("=")
        if not (one.strip() and separator and other.strip()):
            raise InvalidError(
                f"{option} “{item}” is not of the form “{form}”. Write both, with “=” between."
            )
        pairs[one.strip()] = other.strip()
    return pairs


def _content(path: Path) -> str:
    """The file byte by byte; what it is, in which encoding, is found out by whoever reads it."""
    if str(path) == "-":
        content = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        content = b"" if path.stat().st_size > MAX_BYTES else path.read_bytes()
    size = len(content) if str(path) == "-" else path.stat().st_size
    if size > MAX_BYTES:
        raise PayloadTooLargeError(
            f"The list has {size} bytes; lists of up to {MAX_BYTES} are read. Split it."
        )
    if not content:
        raise InvalidError("The list is empty. Give a file with a table in it, such as CSV or XLSX.")
    return base64.b64encode(content).decode()
