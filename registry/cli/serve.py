"""``onward serve``: the database, the migrations, the first key, and the server, in that order."""

import argparse
import asyncio
import http
import http.client
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from importlib.metadata import version
from types import FrameType
from typing import Any

import msgspec
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

import migrations
from feeds import wording
from registry import database
from registry.actions import access_keys, demo
from registry.actions import register as register_actions
from registry.cli import logs, ports
from registry.cli.delivering import delivering
from registry.clock import Clock
from registry.embedded import Postgres
from registry.resources.access_keys import AccessKeyCreated
from registry.settings import Settings
from registry.store import access_keys as access_key_store
from transfers import Law, load_law

say = partial(print, flush=True)

# Seconds a request under way has to finish when the server stops.
STOP_PATIENCE = 10
ANSWER_PATIENCE = 60
GLANCE = 0.02


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "serve",
        help="run the server",
        description="Run the server: with DATABASE_URL on that database, otherwise on an embedded PostgreSQL.",
    )
    parser.add_argument(
        "--demo", action="store_true", help="in a directory of its own, with an example register"
    )
    parser.add_argument("--host", help="the address to listen on, instead of ONWARD_HOST")
    parser.add_argument("--port", help="the port to listen on, instead of ONWARD_PORT")
    parser.add_argument(
        "--no-worker", action="store_true", help="send nothing; `onward worker` does it elsewhere"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    with stopping_on(signal.SIGTERM), stopping_on(signal.SIGHUP), suppress(KeyboardInterrupt):
        serve(_settings(arguments, os.environ), example=arguments.demo, worker=not arguments.no_worker)
    # A terminal that was closed takes no words any more.
    with suppress(OSError):
        say("Stopped.")
    return 0


def serve(settings: Settings, *, example: bool, worker: bool = True) -> None:
    """Serve until told to stop."""
    logs.begin()
    # A fault in the operator's own file is told before anything is started.
    law = load_law(settings.law_files, Clock(settings).today())
    address, claimed = ports.claim(settings)
    with claimed:
        say(f"Onward {version('onward')}")
        if settings.law is not None:
            say(f"Law        {law.edition}, with the records of {settings.law}")
        if settings.now is not None:
            say(f"*** THE CLOCK IS SET: ONWARD_NOW starts it at {settings.now.isoformat()} ***")
        with open_database(settings) as dsn:
            asyncio.run(_prepare(dsn, settings, law, example=example))
            settings = msgspec.structs.replace(settings, database_url=dsn)
            with delivering(settings) if worker else nullcontext():
                _listen(settings, address)


def _settings(arguments: argparse.Namespace, environ: Mapping[str, str]) -> Settings:
    options = {"ONWARD_HOST": arguments.host, "ONWARD_PORT": arguments.port}
    settings = Settings.load({**environ, **{name: value for name, value in options.items() if value}})
    if arguments.demo:
        # A directory of its own, so that an example never stands in a real register.
        return msgspec.structs.replace(settings, data_dir=settings.data_dir / "demo")
    return settings


@contextmanager
def stopping_on(number: signal.Signals) -> Iterator[None]:
    """Take a signal as Ctrl-C is taken: what was begun is ended in order; one that is ignored stays so (nohup)."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.getsignal(number)
    if before is not signal.SIG_IGN:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        signal.signal(number, before)


@contextmanager
def open_database(settings: Settings) -> Iterator[str]:
    """The database of ``DATABASE_URL``, or an embedded one for as long as we serve."""
    if settings.database_url is not None:
        say("Database   the one of DATABASE_URL")
        yield settings.database_url
        return
    postgres = Postgres(settings.data_dir / "postgres")
    try:
        dsn = postgres.start()
        shared = "" if postgres.owned else ", which another process of Onward runs"
        say(f"Database   embedded PostgreSQL in {settings.data_dir}{shared}")
        yield dsn
    finally:
        postgres.stop()


async def _prepare(dsn: str, settings: Settings, law: Law, *, example: bool) -> None:
    """Bring the database up to date, and show the keys that are made, each as soon as it is."""
    clock = Clock(settings)
    connection = await database.connect(dsn)
    try:
        await database.check_server(connection)
        for name in await migrations.apply(connection):
            say(f"Migrated   {name}")
        if example:
            # It begins in the past, and moments in the journal only go on: so it comes before anything else.
            for created in await demo.load(connection, clock, settings, law):
                _show(created, settings)
            return
        if await register_actions.ensure_owner(connection, clock, settings):
            owner = f"{settings.name}, established in {settings.country}"
            say(f"Register   that of {owner} (ONWARD_NAME, ONWARD_COUNTRY)")
        tell = partial(_show, settings=settings)
        if await access_keys.ensure_first_admin(connection, clock, tell) is None:
            good = await access_key_store.is_good_admin_there(connection, clock.now())
            say(f"Keys       {_another(settings, good=good)}")
    finally:
        await connection.close()


def _show(created: AccessKeyCreated, settings: Settings) -> None:
    key = created.access_key
    until = (
        f"until {wording.day(key.expires_at.astimezone(settings.time_zone).date())}; "
        if key.expires_at
        else ""
    )
    say(f"Key        {created.secret}  ({key.role.value}; {until}shown this once)")


def _another(settings: Settings, *, good: bool) -> str:
    """How a key is come by, where none is made now."""
    if settings.database_url is None:
        return "shown when they were made; `onward keys create`, run on this machine, makes another"
    if good:
        return "shown when they were made; `onward keys create` with an admin's in ONWARD_KEY makes another"
    return "no admin's is good any more; `onward keys create --role admin --holder NAME` makes one without ONWARD_KEY"


def _listen(settings: Settings, address: str) -> None:
    """Run the server processes until a signal says stop."""
    # The server process reads the same settings again; only the database is decided here.
    os.environ["DATABASE_URL"] = str(settings.database_url)
    os.environ["ONWARD_PORT"] = str(settings.port)
    # Not forked: a copy of this process would hold the lock of the data directory.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "registry.cli.worker:application",
        address=address,
        port=settings.port,
        interface=Interfaces.ASGI,
        factory=True,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_PATIENCE,
    )
    announce = threading.Thread(target=_announce, args=(settings, address), daemon=True)
    server.on_startup(announce.start)
    # Granian takes it for a wish to reload; a terminal that is closed wishes an end, and nohup that it be ignored.
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    hang_up = signal.SIG_IGN if ignored else server.signal_handler_interrupt
    server.on_startup(partial(signal.signal, signal.SIGHUP, hang_up))
    try:
        server.serve()
    except SystemExit:
        # Granian ends the program when a process of its own failed while it was told to stop.
        if not server.interrupt_signal:
            raise


def _announce(settings: Settings, address: str) -> None:
    """Say where everything is, once it answers."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104 - not bound, but asked.
    try:
        health = _health(host, settings.port)
    except (OSError, http.client.HTTPException) as error:
        say(f"onward: the server does not answer: {error}", file=sys.stderr)
        return
    if health is not None:
        say(f"onward: the server is not well: {health}", file=sys.stderr)
    say(f"Page       {settings.public_url}/")
    say(f"Docs       {settings.public_url}/docs")
    say(f"Feed       {settings.public_url}/feeds/changes.rss")
    say("Press Ctrl-C to stop.")


def _health(host: str, port: int) -> str | None:
    """Ask the server how it is, as soon as it listens: None if it is well, else what it says."""
    deadline = time.monotonic() + ANSWER_PATIENCE
    while True:
        connection = http.client.HTTPConnection(host, port, timeout=ANSWER_PATIENCE)
        try:
            connection.request("GET", "/health")
            answer = connection.getresponse()
            said = answer.read().decode(errors="replace")
        except ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(GLANCE)
        else:
            return None if answer.status == http.HTTPStatus.OK else said
        finally:
            connection.close()
