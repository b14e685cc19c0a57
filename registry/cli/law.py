"""``onward law check``: what was not looked up for long, and what ends soon."""

import argparse
import os
from datetime import timedelta
from typing import Any

from registry.clock import Clock
from registry.settings import Settings
from transfers import load_law, upkeep

OLDER_THAN = 90
ENDING_WITHIN = 180
MANY = 36_500


def register(subparsers: Any) -> None:
    """Add ``law`` with its own commands."""
    parser = subparsers.add_parser("law", help="look after the law data")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    check = commands.add_parser(
        "check",
        help="list records to look up again, and what ends soon",
        description="Read the law data as the server does, that of ONWARD_LAW included, and list the records whose "
        "last check is long ago and what ends soon. Needs no database.",
    )
    check.add_argument(
        "--older-than",
        type=_days,
        default=OLDER_THAN,
        metavar="DAYS",
        help=f"records last checked more than so many days ago ({OLDER_THAN})",
    )
    check.add_argument(
        "--ending-within",
        type=_days,
        default=ENDING_WITHIN,
        metavar="DAYS",
        help=f"what ends on record within so many days from today ({ENDING_WITHIN})",
    )
    check.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    settings = Settings.load(os.environ)
    today = Clock(settings).today()
    law = load_law(settings.law_files, today)
    local = f", {len(law.local)} of them from {settings.law}" if settings.law is not None else ""
    print(f"Edition {law.edition}, {sum(1 for _ in law.records.dated())} records{local}.")

    old = upkeep.stale(law, today - timedelta(days=arguments.older_than))
    print(f"\nLast checked more than {arguments.older_than} days before {today}: {len(old)}")
    for record in old:
        mark = "  local" if record.id in law.local else ""
        print(f"  {record.checked_on}  {record.id:<44}  {record.sure:<7}  {record.source}{mark}")

    until = today + timedelta(days=arguments.ending_within)
    coming = upkeep.ending(law, today, until)
    print(f"\nEnds from {today} to {until}: {len(coming)}")
    for day, what in coming:
        print(f"  {day}  {what}")


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= MANY):
        raise argparse.ArgumentTypeError(f"write a whole number of days from 0 to {MANY}, not {text!r}")
    return int(text)
