"""``onward watch``: follow what vendors publish of their own sub-processors."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from registry.actions import watches as actions
from registry.actions import world as worlds
from registry.actions.watching import Setting
from registry.cli.connection import Session, connected
from registry.cli.imports import pairs
from registry.delivery.fetching import Fetcher, agent
from registry.delivery.guard import Guard
from registry.errors import ConflictError, InvalidError, NotFoundError
from registry.resources.lists import Column
from registry.resources.watches import WatchDraft, WatchedList, WatchState
from registry.rules.imports.names import key_of
from registry.store import watches as store
from registry.web.rights import require
from transfers import load_law

HOURS_MOST = 720


def register(subparsers: Any) -> None:
    """Add ``watch`` with its own commands."""
    parser = subparsers.add_parser("watch", help="follow the lists that vendors publish")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    add = commands.add_parser("add", help="watch a list or feed from now on")
    add.add_argument("source", help="an address (a page with a table, CSV, XLSX, JSON, RSS, Atom), or a file")
    add.add_argument(
        "--of", metavar="VENDOR", help="the sub-processor whose list it is; without, it is our own"
    )
    add.add_argument("--name", help="what to call it")
    add.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="HEADING=COLUMN",
        help=f"which column a heading is: {', '.join(Column)}; may be given again",
    )
    add.add_argument("--table", metavar="TITLE", help="the sheet or table that is meant: its title or number")
    add.add_argument(
        "--every",
        type=int,
        default=24,
        metavar="HOURS",
        help="hours between two looks, 1 to 720 (default 24)",
    )
    add.set_defaults(run=lambda arguments: asyncio.run(_add(arguments)))
    listed = commands.add_parser("list", help="what is watched, and what the last look found")
    listed.add_argument("--json", action="store_true", help="print it as the API answers it")
    listed.set_defaults(run=lambda arguments: asyncio.run(_list(arguments)))
    remove = commands.add_parser("remove", help="watch it no longer; what was drafted stays")
    remove.add_argument("id", help="its id, as `onward watch list` shows it")
    remove.set_defaults(run=lambda arguments: asyncio.run(_remove(arguments)))
    look = commands.add_parser(
        "run",
        help="look at everything that is watched now",
        description="Ask each source, tell what differs from when it was last read, and draft what can be drafted for "
        "a person to decide. Nothing is published. `serve` does the same once a day.",
    )
    look.add_argument("--json", action="store_true", help="print what was found as JSON")
    look.add_argument(
        "--take",
        action="store_true",
        help="believe a list that was found to have lost most of its rows, or a column",
    )
    look.add_argument("id", nargs="*", help="look at these alone, by the id that `onward watch list` shows")
    look.set_defaults(run=lambda arguments: asyncio.run(_run(arguments)))


async def _add(arguments: argparse.Namespace) -> None:
    source = _source(arguments.source)
    if not 1 <= arguments.every <= HOURS_MOST:
        raise InvalidError(
            f"A list is looked at every 1 to {HOURS_MOST} hours, not every {arguments.every}. Give another --every."
        )
    columns = pairs("--map", arguments.map, "HEADING=COLUMN")
    async with connected() as session:
        require(session.actor, "watchList")
        vendor = await _vendor(session, arguments.of) if arguments.of else None
        added = await actions.add(
            session.connection,
            session.actor,
            session.clock,
            source=source,
            name=arguments.name,
            sub_processor_id=vendor,
            columns=columns,
            table=arguments.table,
            every_hours=arguments.every,
        )
    print(
        f"{added.id}  {added.name}\nLook at it with `onward watch run`; `serve` does every {added.every_hours} hours."
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidError(f"“{text}” is no id. `onward watch list` shows them.") from error


def _source(text: str) -> str:
    """An address as it is, or the whole path of a file."""
    if "://" not in text:
        path = Path(text).resolve()
        if not path.is_file():
            raise InvalidError(
                f"There is no file {path}. Give a file, or an address with https:// before it."
            )
        return str(path)
    try:
        return msgspec.convert({"source": text}, WatchDraft).source
    except msgspec.ValidationError as error:
        raise InvalidError(f"“{text}” is no address that can be asked. Give one with https://.") from error


async def _vendor(session: Session, name: str) -> UUID:
    """The sub-processor of this id or name."""
    world = await worlds.read(session.connection)
    for key, known in world.sub_processors.items():
        facts = world.organisations[known.organisation_id].document_on(session.clock.today())
        names = {key_of(str(facts["legal_name"])), key_of(str(facts.get("trading_name") or ""))}
        if str(key) == name or key_of(name) in names - {""}:
            return key
    raise NotFoundError(f"There is no sub-processor “{name}” on the register. Write its name as it is there.")


async def _list(arguments: argparse.Namespace) -> None:
    async with connected() as session:
        require(session.actor, "listWatched")
        _show(await store.everything(session.connection), json=arguments.json)


async def _remove(arguments: argparse.Namespace) -> None:
    watch_id = _id(arguments.id)
    async with connected() as session:
        require(session.actor, "unwatchList")
        await actions.remove(session.connection, session.actor, session.clock, watch_id)
    print("It is watched no longer.")


async def _run(arguments: argparse.Namespace) -> int:
    """1 where any could not be read."""
    wanted = [_id(text) for text in arguments.id]
    async with connected() as session:
        require(session.actor, "lookAtWatched")
        settings = session.settings
        setting = Setting(law=load_law(settings.law_files), notice_days=settings.notice_days)
        found = []
        guard = Guard(settings.webhook_allow, settings.webhook_timeout, agent=agent(settings.public_url))
        async with guard:
            fetch = Fetcher(guard, session.clock, files=True)
            for one in await _wanted(session, wanted):
                try:
                    watched = await actions.claim(session.connection, session.clock, one.id)
                except ConflictError as error:
                    print(f"{one.name}: {error.detail}", file=sys.stderr)
                    continue
                fetched = await actions.ask(watched, fetch, session.clock)
                found.append(
                    await actions.look(
                        session.connection,
                        session.actor,
                        session.clock,
                        watched,
                        fetched,
                        setting,
                        take=arguments.take and (one.doubtful or bool(wanted)),
                    )
                )
    _show(found, json=arguments.json)
    return int(any(one.state is WatchState.FAILED for one in found))


async def _wanted(session: Session, ids: Sequence[UUID]) -> Sequence[WatchedList]:
    """Those that are named, or all."""
    if not ids:
        return await store.everything(session.connection)
    return [await store.get(session.connection, key) for key in ids]


def _show(lists: Any, *, json: bool) -> None:
    if json:
        print(msgspec.json.encode(list(lists)).decode())
        return
    for one in lists:
        print("\n".join(text(one)))
    if not lists:
        print("Nothing is watched. Add a list with `onward watch add`.")


def text(one: WatchedList) -> list[str]:
    """A watched list with what its last look found, as a person reads it."""
    lines = [f"{one.id}  {one.name}  ({one.state.value})"]
    if one.name != one.source:
        lines.append(f"  {one.source}")
    if one.message:
        lines.append(f"  ! {one.message}")
    if one.failing_since is not None and one.failures > 1:
        since = one.failing_since.isoformat(timespec="minutes")
        lines.append(f"    failed {one.failures} times in a row, since {since}")
    for found in one.found if one.state is WatchState.CHANGED else ():
        lines.append(f"  {found.weight.value:<10}  {found.name}")
        lines += [f"    {told}" for told in found.told]
        if found.change_id is not None:
            lines.append(f"    drafted as {found.change_id}: another person publishes or discards it")
    return lines
