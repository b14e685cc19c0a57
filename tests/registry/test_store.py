"""Every statement of the store fits the schema, and none asks a clock of its own."""

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest

from registry import store
from registry.database import Pool

STATEMENTS = [
    pytest.param(text, id=f"{module.name}.{name}")
    for module in iter_modules(store.__path__)
    for name, text in vars(import_module(f"registry.store.{module.name}")).items()
    if name.isupper()
    and isinstance(text, str)
    and re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|LOCK)\b", text)
]
CLOCK = re.compile(
    r"\b(now\(\)|current_date|current_time|localtime|statement_timestamp|transaction_timestamp)",
    re.IGNORECASE,
)


@pytest.mark.parametrize("statement", STATEMENTS)
async def test_every_statement_fits_the_schema(pool: Pool, statement: str) -> None:
    async with pool.acquire() as db:
        assert (await db.prepare(statement)).get_query() == statement

    assert not CLOCK.search(statement)
