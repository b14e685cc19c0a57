"""``onward keys``: make, list and revoke access keys."""

import argparse
import asyncio
import sys
from typing import Any
from uuid import UUID

import msgspec

from registry.actions import access_keys as actions
from registry.cli.connection import connected
from registry.database import Connection
from registry.errors import InvalidError, NotFoundError
from registry.resources.access_keys import AccessKey, AccessKeyDraft, KeyRole
from registry.store import access_keys as store
from registry.store import clients as client_store
from registry.web.bodies import explain
from registry.web.rights import require

MANY = 1_000


def register(subparsers: Any) -> None:
    """Add ``keys`` with its own commands."""
    parser = subparsers.add_parser("keys", help="make, list and revoke access keys")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    create = commands.add_parser("create", help="make a key and show its secret, this once")
    create.add_argument("--role", required=True, choices=[role.value for role in KeyRole])
    create.add_argument("--holder", required=True, help="the person who will hold the key")
    create.add_argument(
        "--client",
        metavar="REFERENCE",
        help="the client that the key is bound to: for the role client, and for contracts of one client alone",
    )
    create.add_argument("--days", type=int, default=365, help="for how many days it is good (365)")
    create.set_defaults(run=lambda arguments: asyncio.run(_create(arguments)))

    listing = commands.add_parser("list", help="list all keys, without their secrets")
    listing.set_defaults(run=lambda _: asyncio.run(_list()))

    revoke = commands.add_parser("revoke", help="revoke a key for good")
    revoke.add_argument("id", type=UUID, help="its id, as `onward keys list` shows it")
    revoke.set_defaults(run=lambda arguments: asyncio.run(_revoke(arguments.id)))


async def _create(arguments: argparse.Namespace) -> None:
    values = {"role": arguments.role, "holder": arguments.holder, "days": arguments.days}
    if arguments.client is None:
        _draft(values)  # What is wrong is said before a database is asked for.
    async with connected(recovers=arguments.role == KeyRole.ADMIN) as session:
        require(session.actor, "createAccessKey")
        if arguments.client is not None:
            values["client_id"] = await _client(session.connection, arguments.client)
        draft = _draft(values)
        created = await actions.create(session.connection, session.actor, session.clock, draft)
    print(created.secret)
    # Apart from the secret, so that KEY=$(onward keys create …) takes the secret alone.
    print(f"This is shown once. {_line(created.access_key)}", file=sys.stderr)


def _draft(values: dict[str, Any]) -> AccessKeyDraft:
    try:
        return msgspec.convert(values, AccessKeyDraft)
    except msgspec.ValidationError as error:
        fault = explain(str(error))
        option = (fault.member or "").removesuffix("_id")
        raise InvalidError(f"--{option} cannot be used: {fault.message}.", [fault]) from error


async def _client(db: Connection, reference: str) -> UUID:
    found = await client_store.find(db, None, reference)
    if not found:
        raise NotFoundError(
            f"There is no client with the reference {reference}. Look at GET /v1/clients, or take it on first with"
            " POST /v1/clients."
        )
    return found[0].id


async def _list() -> None:
    async with connected() as session:
        require(session.actor, "listAccessKeys")
        after: UUID | None = None
        while found := await store.list_after(session.connection, after, MANY):
            for key in found:
                print(_line(key))
            after = found[-1].id


async def _revoke(access_key_id: UUID) -> None:
    async with connected() as session:
        require(session.actor, "revokeAccessKey")
        revoked = await actions.revoke(session.connection, session.actor, session.clock, access_key_id)
    print(_line(revoked))


def _line(key: AccessKey) -> str:
    if key.revoked_at is not None:
        state = f"revoked {key.revoked_at:%Y-%m-%d}"
    else:
        state = f"until {key.expires_at:%Y-%m-%d}" if key.expires_at else "until revoked"
    bound = f"  client {key.client_id}" if key.client_id else ""
    return f"{key.id}  {key.role.value:<11}  {state:<18}  {key.holder}{bound}"
