"""``onward export``: the published list as a file, in the columns that users know."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

import msgspec

import transfers
from registry.actions import exports as actions
from registry.cli.connection import connected
from registry.errors import Fault, InvalidError
from registry.formats.exports import FORMATS
from registry.resources.base import Day


def register(subparsers: Any) -> None:
    """Add ``export``."""
    parser = subparsers.add_parser(
        "export",
        help="write the published list to a file",
        description="Write the published list of a day as CSV, XLSX, JSON or Markdown. Importing it again changes "
        "nothing.",
    )
    parser.add_argument(
        "--format",
        choices=[*FORMATS],
        help="the form; without it the ending of --output says it, else it is csv",
    )
    parser.add_argument("--as-of", metavar="DAY", help="the list of another day than today")
    parser.add_argument("--service", metavar="KEY", help="what is for one service, or for all of them")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to write it (standard output)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    form = arguments.format or (
        arguments.output.suffix.removeprefix(".").lower() if arguments.output else "csv"
    )
    if form not in FORMATS:
        raise InvalidError(
            f"“{arguments.output}” ends in no form that is written. Say one by --format: {', '.join(FORMATS)}."
        )
    if form == "xlsx" and arguments.output is None and sys.stdout.isatty():
        raise InvalidError("A spreadsheet is no text for a terminal. Give --output FILE.")
    content = asyncio.run(_export(form, arguments.as_of, arguments.service))
    if arguments.output is not None:
        arguments.output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
    return 0


async def _export(form: str, as_of: str | None, service: str | None) -> bytes:
    async with connected() as session:
        try:
            day = msgspec.convert(as_of, Day) if as_of else session.clock.today()
        except msgspec.ValidationError as error:
            message = f"--as-of “{as_of}” is no day. Write one such as 2026-11-24."
            raise InvalidError(message, [Fault(message=message, member="as_of")]) from error
        _, content = await actions.export(
            session.connection,
            form,
            day=day,
            law=transfers.load_law(session.settings.law_files),
            public_url=session.settings.public_url,
            service=service,
        )
        return content
