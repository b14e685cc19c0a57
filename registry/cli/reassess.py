"""``onward reassess``: look at every transfer again, and record the verdicts that turned."""

import argparse
import asyncio
from typing import Any

import msgspec

from registry.actions import reassessments
from registry.cli.connection import connected
from registry.resources.reassessments import Cause, Reassessment, TurnedVerdict
from registry.web.rights import PUBLISHERS, refuse
from transfers import load_law


def register(subparsers: Any) -> None:
    """Add ``reassess``."""
    parser = subparsers.add_parser(
        "reassess",
        help="record which verdicts turned because a day passed or the law moved",
        description="Judge every transfer of today again and journal each verdict that turned since it was last "
        "recorded: because a day passed, or the law on record is another. `serve` does the same every day. What is "
        "recorded once is never recorded again, however often and wherever this runs.",
    )
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    found = asyncio.run(_reassess())
    print(msgspec.json.encode(found).decode() if arguments.json else text(found))


async def _reassess() -> Reassessment:
    async with connected() as session:
        if session.actor.role not in PUBLISHERS:
            refuse(session.actor, PUBLISHERS)
        law = load_law(session.settings.law_files)
        return await reassessments.reassess(session.connection, session.actor, session.clock, law)


def text(found: Reassessment) -> str:
    """What was found, for people."""
    lines = [
        f"{found.day}, law {found.law_edition}: {found.looked_at} transfers looked at, {len(found.turned)} turned"
    ]
    for one in found.turned:
        lines.append(f"  {one.sub_processor}, {one.place} ({one.regime})")
        lines.append(f"    {_words(one)} {one.before.value} → {one.after.value}: {one.event}")
    return "\n".join(lines)


def _words(one: TurnedVerdict) -> str:
    return f"noticed on {one.day}:" if one.cause is Cause.LAW else f"from {one.day} on:"
