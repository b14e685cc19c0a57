"""Migrations: each file once, in order, all of them or none."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from migrations import Migration, MigrationError, apply, read
from registry import database

ONE = Migration("0001_vendor.sql", "CREATE TABLE vendor (id int PRIMARY KEY); INSERT INTO vendor VALUES (1);")
TWO = Migration("0002_name.sql", "ALTER TABLE vendor ADD name text; UPDATE vendor SET name = 'Acme';")
THREE = Migration("0003_place.sql", "CREATE TABLE place (id int);")
BROKEN = Migration("0002_broken.sql", "CREATE TABLE half (id int); SELECT nonsense;")


@pytest.fixture
async def connection(empty_database_url: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    opened = await database.connect(empty_database_url)
    yield opened
    await opened.close()


async def test_each_file_is_applied_once_and_in_order(connection: database.Connection) -> None:
    assert await apply(connection, [ONE]) == ["0001_vendor.sql"]
    assert await apply(connection, [ONE, TWO]) == ["0002_name.sql"]
    assert await apply(connection, [ONE, TWO]) == []
    assert await connection.fetchval("SELECT name FROM vendor") == "Acme"


async def test_when_one_file_fails_none_is_applied(connection: database.Connection) -> None:
    with pytest.raises(
        MigrationError, match='0002_broken.sql cannot be applied: column "nonsense" does not exist'
    ):
        await apply(connection, [ONE, BROKEN])

    assert await connection.fetchval("SELECT to_regclass('vendor') IS NULL AND to_regclass('half') IS NULL")
    assert await apply(connection, [ONE, TWO]) == ["0001_vendor.sql", "0002_name.sql"]


async def test_a_file_that_was_edited_after_it_was_applied_is_refused_by_name(
    connection: database.Connection,
) -> None:
    await apply(connection, [ONE])

    with pytest.raises(MigrationError, match="0001_vendor.sql was edited after it was applied"):
        await apply(connection, [ONE._replace(sql=ONE.sql + " "), TWO])

    assert await connection.fetchval("SELECT count(*) FROM migration") == 1


async def test_a_file_that_was_applied_and_is_missing_now_is_refused_by_name(
    connection: database.Connection,
) -> None:
    await apply(connection, [ONE, TWO])

    with pytest.raises(MigrationError, match="migrated with 0002_name.sql, which this version"):
        await apply(connection, [ONE])


async def test_a_pending_file_below_the_highest_applied_one_is_refused_by_name(
    connection: database.Connection,
) -> None:
    await apply(connection, [ONE, THREE])

    with pytest.raises(MigrationError, match="0002_name.sql is not applied, but 0003_place.sql is"):
        await apply(connection, [ONE, TWO, THREE])


async def test_of_several_that_start_at_once_one_applies_and_the_others_find_nothing_to_do(
    empty_database_url: str,
) -> None:
    connections = [await database.connect(empty_database_url) for _ in range(4)]
    slow = Migration("0003_slow.sql", "SELECT pg_sleep(0.2); CREATE TABLE place (id int);")

    applied = await asyncio.gather(*(apply(connection, [ONE, TWO, slow]) for connection in connections))

    for connection in connections:
        await connection.close()
    assert sorted(applied) == [[], [], [], ["0001_vendor.sql", "0002_name.sql", "0003_slow.sql"]]


async def test_a_table_in_use_is_not_waited_for_longer_than_a_few_seconds(
    connection: database.Connection, empty_database_url: str
) -> None:
    await apply(connection, [ONE])
    other = await database.connect(empty_database_url)
    async with other.transaction():
        await other.execute("LOCK TABLE vendor IN ACCESS SHARE MODE")

        with pytest.raises(MigrationError, match="Somebody is using the table"):
            await apply(connection, [ONE, TWO])

    await other.close()
    assert await apply(connection, [ONE, TWO]) == ["0002_name.sql"]


async def test_our_own_files_apply_to_an_empty_database(connection: database.Connection) -> None:
    assert await apply(connection) == [migration.name for migration in read()]


def test_files_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("0010_third.sql", "0002_second.sql", "0001_first.sql"):
        (tmp_path / name).write_text("SELECT 1;")
    (tmp_path / "notes.txt").write_text("not a migration")

    assert [migration.name for migration in read(tmp_path)] == [
        "0001_first.sql",
        "0002_second.sql",
        "0010_third.sql",
    ]


@pytest.mark.parametrize("name", ["1_first.sql", "0001-first.sql", "0001_First.sql", "first.sql"])
def test_a_name_that_is_no_number_and_words_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("SELECT 1;")

    with pytest.raises(MigrationError, match=f"{name} is no name for a migration"):
        read(tmp_path)


def test_two_files_of_one_number_are_refused(tmp_path: Path) -> None:
    (tmp_path / "0001_vendor.sql").write_text("SELECT 1;")
    (tmp_path / "0001_client.sql").write_text("SELECT 1;")

    with pytest.raises(MigrationError, match="2 migrations have the number 0001"):
        read(tmp_path)
