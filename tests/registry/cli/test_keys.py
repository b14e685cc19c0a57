"""``onward keys``: by the machine's operator, or with a key of the role admin."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from registry.actions import access_keys
from registry.clock import Clock
from registry.database import Pool
from registry.resources.access_keys import KeyRole
from tests import keys, serving

SECRET = re.compile(r"^onw_[A-Za-z0-9_-]{43}$", re.MULTILINE)


def onward(*arguments: str, environ: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [Path(sys.executable).parent / "onward", "keys", *arguments],
        env=serving.clean_environ() | dict(environ),
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_operator_needs_no_key_where_the_data_is_theirs(server: serving.Server) -> None:
    environ = {"ONWARD_DATA_DIR": os.fspath(server.data_dir)}

    made = onward("create", "--role", "privacy", "--holder", "Pia Müller", "--days", "90", environ=environ)
    listed = onward("list", environ=environ)

    assert made.returncode == 0, made.stderr
    assert SECRET.fullmatch(made.stdout.strip()), "KEY=$(onward keys create …) takes the secret alone"
    assert "Pia Müller" in listed.stdout
    assert "privacy" in listed.stdout
    assert not SECRET.search(listed.stdout)


async def test_keys_are_made_listed_and_revoked_with_an_admins_key(
    pool: Pool, clock: Clock, database_url: str
) -> None:
    async with pool.acquire() as db:
        first = await access_keys.ensure_first_admin(db, clock, lambda _: None)
    assert first is not None
    environ = {"DATABASE_URL": database_url, "ONWARD_KEY": str(first.secret)}

    made = onward("create", "--role", "auditor", "--holder", "Otto", environ=environ)
    identifier = made.stderr.split()[4]
    revoked = onward("revoke", identifier, environ=environ)
    again = onward("revoke", identifier, environ=environ)

    assert revoked.returncode == 0, revoked.stderr
    assert f"{identifier}  auditor" in revoked.stdout
    assert again.returncode == 1
    assert "revoked already" in again.stderr
    assert await pool.fetchval("SELECT count(*) FROM access_key WHERE revoked_at IS NOT NULL") == 1
    actors = await pool.fetch("SELECT DISTINCT actor FROM journal WHERE operation = 'revoked'")
    assert [row["actor"].split(":")[0] for row in actors] == ["key"]


async def test_a_key_is_bound_to_a_client_by_its_reference(
    pool: Pool, clock: Clock, database_url: str
) -> None:
    headers = await keys.headers(pool, clock, KeyRole.ADMIN)
    environ = {"DATABASE_URL": database_url, "ONWARD_KEY": headers["Authorization"].removeprefix("Bearer ")}
    client_id = await pool.fetchval(
        "INSERT INTO client (reference, created_at, created_by) VALUES ('C-1', $1, 'tester') RETURNING id",
        clock.now(),
    )
    options = ("create", "--role", "client", "--holder", "Dana")

    made = onward(*options, "--client", "C-1", environ=environ)
    unknown = onward(*options, "--client", "C-2", environ=environ)
    nobodys = onward(*options, environ=environ)

    assert SECRET.fullmatch(made.stdout.strip()), made.stderr
    assert f"client {client_id}" in made.stderr
    assert (unknown.returncode, nobodys.returncode) == (1, 1)
    assert "no client with the reference C-2" in unknown.stderr
    assert "--client cannot be used" in nobodys.stderr


async def test_another_role_is_told_that_admins_may(pool: Pool, clock: Clock, database_url: str) -> None:
    headers = await keys.headers(pool, clock, KeyRole.PRIVACY, "Pia")
    environ = {"DATABASE_URL": database_url, "ONWARD_KEY": headers["Authorization"].removeprefix("Bearer ")}

    refused = onward("create", "--role", "admin", "--holder", "Pia", environ=environ)

    assert refused.returncode == 1
    assert "privacy" in refused.stderr
    assert "admin may" in refused.stderr


async def test_a_shared_database_needs_a_key(pool: Pool, clock: Clock, database_url: str) -> None:
    await keys.headers(pool, clock, KeyRole.ADMIN)

    for refused in (
        onward("list", environ={"DATABASE_URL": database_url}),
        onward("create", "--role", "admin", "--holder", "Eve", environ={"DATABASE_URL": database_url}),
    ):
        assert refused.returncode == 1
        assert "Set ONWARD_KEY to your access key" in refused.stderr


async def test_while_no_admins_key_is_good_whoever_has_the_database_makes_one(
    pool: Pool, clock: Clock, database_url: str
) -> None:
    await keys.headers(pool, clock, KeyRole.ADMIN)
    await pool.execute("UPDATE access_key SET revoked_at = created_at, revoked_by = 'tester'")
    environ = {"DATABASE_URL": database_url}

    another_role = onward("create", "--role", "privacy", "--holder", "Pia", environ=environ)
    made = onward("create", "--role", "admin", "--holder", "Ada", environ=environ)
    again = onward("create", "--role", "admin", "--holder", "Eve", environ=environ)

    assert another_role.returncode == 1
    assert made.returncode == 0, made.stderr
    assert onward("list", environ=environ | {"ONWARD_KEY": made.stdout.strip()}).returncode == 0
    assert again.returncode == 1
    actor = await pool.fetchval("SELECT actor FROM journal ORDER BY number DESC LIMIT 1")
    assert actor.startswith("local:")


def test_where_there_is_no_register_none_is_begun_unasked(tmp_path: Path, empty_database_url: str) -> None:
    here = onward("list", environ={"ONWARD_DATA_DIR": os.fspath(tmp_path / "data")})
    shared = onward("list", environ={"DATABASE_URL": empty_database_url, "ONWARD_KEY": "onw_" + "a" * 43})

    assert here.returncode == shared.returncode == 1
    assert f"There is no register in {tmp_path / 'data'} yet. Start `onward serve`" in here.stderr
    assert "There is no register in the database of DATABASE_URL yet" in shared.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("create", "--role", "boss", "--holder", "A"), "invalid choice: 'boss'"),
        (("create", "--role", "admin", "--holder", "A\n"), "--holder cannot be used"),
        (("create", "--role", "admin", "--holder", ""), "--holder cannot be used"),
        (("create", "--role", "admin", "--holder", "A", "--days", "0"), "--days cannot be used"),
        (("create", "--role", "admin"), "--holder"),
        (("revoke", "not-an-id"), "not-an-id"),
    ],
)
def test_what_cannot_be_is_named(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    refused = onward(*arguments, environ={"ONWARD_DATA_DIR": os.fspath(tmp_path / "data")})

    assert refused.returncode in {1, 2}
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "data").exists()
