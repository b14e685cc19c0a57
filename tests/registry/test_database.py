"""Connections: their codec and timeouts, and what is said about a server that cannot serve."""

from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from registry import database
from tests import databases

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(-1e6, 1e6, allow_subnormal=False)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


@given_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=DOCUMENTS)
async def test_jsonb_comes_back_as_it_went(pool: database.Pool, document: object) -> None:
    assert await pool.fetchval("SELECT $1::jsonb", document) == document


async def test_sessions_are_in_utc_and_no_statement_runs_for_ever(pool: database.Pool) -> None:
    assert await pool.fetchval("SHOW timezone") == "UTC"
    assert await pool.fetchval("SHOW statement_timeout") == "30s"
    assert await pool.fetchval("SHOW idle_in_transaction_session_timeout") == "30s"


async def test_a_server_with_all_it_needs_is_accepted(pool: database.Pool) -> None:
    async with pool.acquire() as connection:
        await database.check_server(connection)


async def test_a_database_of_another_encoding_is_refused_with_the_remedy(database_server: str) -> None:
    name = f"onward_test_{uuid4().hex}"
    owner = await database.connect(database_server)
    await owner.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    try:
        connection = await database.connect(databases.named(database_server, name))
        with pytest.raises(database.ServerError, match="encoded in LATIN1.*ENCODING 'UTF8'"):
            await database.check_server(connection)
        await connection.close()
    finally:
        await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await owner.close()


async def test_a_user_who_may_not_create_the_extension_is_told_who_can(empty_database_url: str) -> None:
    name = databases.name_of(empty_database_url)
    user = f"onward_test_{uuid4().hex}"
    owner = await database.connect(empty_database_url)
    await owner.execute(f"CREATE ROLE {user} LOGIN PASSWORD 'test'")
    try:
        connection = await database.connect(as_user(empty_database_url, user))
        with pytest.raises(database.ServerError, match="administrator run CREATE EXTENSION btree_gist"):
            await database.check_server(connection)

        await owner.execute("CREATE EXTENSION btree_gist")
        await database.check_server(connection)
        await connection.close()
    finally:
        await owner.execute(f'REVOKE ALL ON DATABASE "{name}" FROM {user}')
        await owner.execute(f"DROP ROLE {user}")
        await owner.close()


def test_a_server_that_is_too_old_is_named_with_the_version_that_is_needed() -> None:
    said = database.too_old("15.18")

    assert said.startswith("The database server is PostgreSQL 15.18")
    assert "version 18 or later" in said


def as_user(dsn: str, user: str) -> str:
    parts = urlsplit(dsn)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:test@{host}"))
