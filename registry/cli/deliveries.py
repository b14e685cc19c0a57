"""``onward worker``, ``onward deliveries`` and ``onward bounces``: sending, looking, sending again, hearing back."""

import argparse
import asyncio
import os
import signal
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from msgspec.structs import replace

import migrations
from registry import database
from registry.actions import deliveries as actions
from registry.actions.writing import writing
from registry.cli import logs
from registry.cli.connection import connected, none_yet, require_begun, tell_clock
from registry.cli.delivering import deliver
from registry.cli.mailboxes import messages
from registry.cli.serve import open_database, stopping_on
from registry.errors import NotFoundError
from registry.formats.bounces import bounces
from registry.resources.deliveries import Delivery, DeliveryState
from registry.settings import Settings
from registry.store import deliveries as store
from registry.store import register as register_store
from registry.web.rights import require

MANY = 500

say = partial(print, flush=True)


def register(subparsers: Any) -> None:
    """Add ``worker``, ``deliveries`` with its own commands, and ``bounces``."""
    worker = subparsers.add_parser(
        "worker",
        help="send what is due",
        description="Send notices by webhook and mail until told to stop. `serve` does it too, unless told not to; any"
        " number of workers share the work.",
    )
    worker.set_defaults(run=lambda _: _work())

    parser = subparsers.add_parser("deliveries", help="look at what was sent, and send it again")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listing = commands.add_parser("list", help="list deliveries, with what their receivers said last")
    listing.add_argument("--state", choices=[state.value for state in DeliveryState])
    listing.add_argument("--change", type=UUID, metavar="ID", help="of this change alone")
    listing.add_argument("--subscription", type=UUID, metavar="ID", help="on this subscription alone")
    listing.set_defaults(run=lambda arguments: asyncio.run(_list(arguments)))
    replay = commands.add_parser("replay", help="send deliveries again, under their ids")
    replay.add_argument("id", type=UUID, nargs="+", help="as `onward deliveries list` shows it")
    replay.set_defaults(run=lambda arguments: asyncio.run(_replay(arguments.id)))

    returned = subparsers.add_parser(
        "bounces",
        help="read what mail servers return",
        description="Read delivery-status notifications from a file, an mbox, a Maildir or standard input. What failed"
        " for good is noted with its delivery, and its address is written to no more until it is confirmed again.",
    )
    returned.add_argument("mailbox", help="a file, a Maildir, or - for standard input")
    returned.set_defaults(run=lambda arguments: asyncio.run(_hear(arguments.mailbox)))


def _work() -> None:
    logs.begin()
    settings = Settings.load(os.environ)
    tell_clock(settings)
    require_begun(settings)
    with (
        stopping_on(signal.SIGTERM),
        stopping_on(signal.SIGHUP),
        suppress(KeyboardInterrupt),
        open_database(settings) as dsn,
    ):
        asyncio.run(_deliver(settings, dsn))
    say("Stopped.")


async def _deliver(settings: Settings, dsn: str) -> None:
    connection = await database.connect(dsn)
    try:
        await database.check_server(connection)
        if not await register_store.is_there(connection):
            raise NotFoundError(none_yet(settings))
        await migrations.apply(connection)
    finally:
        await connection.close()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    mail = "" if settings.smtp is not None else " Mail waits, since ONWARD_SMTP_URL is not set."
    say(f"Delivering.{mail} Press Ctrl-C to stop.")
    await deliver(replace(settings, database_url=dsn), stop)


async def _list(arguments: argparse.Namespace) -> None:
    async with connected() as session:
        require(session.actor, "listDeliveries")
        after: UUID | None = None
        while found := await store.page(
            session.connection,
            MANY,
            client_id=session.actor.client_id,
            change_id=arguments.change,
            subscription_id=arguments.subscription,
            state=DeliveryState(arguments.state) if arguments.state else None,
            after=after,
        ):
            for delivery in found:
                say(_line(delivery))
            after = found[-1].id


async def _replay(ids: list[UUID]) -> None:
    async with connected() as session:
        require(session.actor, "replayDelivery")
        async with writing(session.connection, session.actor, session.clock) as w:
            replayed = [await actions.replay(w, delivery_id) for delivery_id in ids]
    for delivery in replayed:
        say(_line(delivery))


async def _hear(mailbox: str) -> None:
    async with connected() as session:
        require(session.actor, "replayDelivery")
        failed = delayed = known = 0
        for message in messages(mailbox):
            for bounce in bounces(message):
                failed += bounce.permanent
                delayed += not bounce.permanent
                if bounce.message_id is None or not bounce.permanent:
                    continue
                async with writing(session.connection, session.actor, session.clock) as w:
                    delivery = await actions.bounce(w, bounce.message_id, bounce.text)
                if delivery is not None:
                    known += 1
                    say(_line(delivery))
    say(f"{failed} notifications of failures, {known} of deliveries that failed by them.")
    if delayed:
        say(f"{delayed} of delays, from which nothing follows: their servers go on trying.")


def _line(delivery: Delivery) -> str:
    said = f"  {delivery.last_status}" if delivery.last_status else ""
    return (
        f"{delivery.id}  {delivery.state:<12}  {delivery.channel:<7}  {delivery.occasion:<12}"
        f"  {delivery.attempts} attempts{said}"
    )
