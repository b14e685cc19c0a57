"""The catalogue of problems is complete and explained, and every error becomes one of it."""

from pathlib import Path

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient
from litestar import Litestar, get

from registry import errors
from registry.errors import Fault, RegistryError, Source
from registry.problems import CATALOGUE, INTERNAL, PREFIX, kind_of, problem
from registry.web.problems import answer

EXPLAINED = Path(__file__).parents[3] / "openapi" / "problems.md"


def subclasses(of: type[RegistryError]) -> list[type[RegistryError]]:
    return [each for child in of.__subclasses__() for each in (child, *subclasses(child))]


@pytest.mark.parametrize("error", subclasses(RegistryError))
def test_every_error_has_its_entry_in_the_catalogue(error: type[RegistryError]) -> None:
    assert error in CATALOGUE
    assert error.__module__ == errors.__name__


def test_every_kind_of_problem_is_explained_once_and_nothing_else_is() -> None:
    headings = [
        line.removeprefix("## ") for line in EXPLAINED.read_text().splitlines() if line.startswith("## ")
    ]

    assert sorted(headings) == sorted({kind.slug for kind in (*CATALOGUE.values(), INTERNAL)})


def test_each_explanation_gives_the_status_and_what_to_do() -> None:
    sections = {part.split("\n", 1)[0]: part for part in EXPLAINED.read_text().split("\n## ")[1:]}
    for kind in (*CATALOGUE.values(), INTERNAL):
        assert f"{kind.status}." in sections[kind.slug]
        assert "*What to do:*" in sections[kind.slug]


def test_an_error_without_an_entry_looks_like_what_it_derives_from() -> None:
    local = type("LocalError", (errors.ConflictError,), {"__module__": errors.__name__})

    assert kind_of(local) is CATALOGUE[errors.ConflictError]


def test_a_problem_carries_the_occurrence_apart_from_the_kind() -> None:
    fault = Fault(message="m", member="limit", source=Source.QUERY)

    made = problem(errors.InvalidError("Because.", [fault]))

    assert (made.type, made.status, made.detail) == (PREFIX + "invalid-request", 400, "Because.")
    assert made.errors == [fault]


async def ask(error: Exception) -> tuple[int, dict[str, str], dict[str, str]]:
    @get("/")
    async def fail() -> None:
        raise error

    app = Litestar([fail], exception_handlers={Exception: answer}, logging_config=None, openapi_config=None)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:  # type: ignore[arg-type]
        got = await client.get("/")
    return got.status_code, got.json(), dict(got.headers)


async def test_an_error_that_nobody_foresaw_tells_nothing_of_itself() -> None:
    status, body, headers = await ask(ZeroDivisionError("secret detail"))

    assert status == 500
    assert headers["content-type"] == "application/problem+json"
    assert body["type"] == "urn:onward:problem:internal-error"
    assert "secret" not in str(body)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.AdminShutdownError("x"),
        asyncpg.CannotConnectNowError("x"),
        asyncpg.ConnectionDoesNotExistError("x"),
        asyncpg.QueryCanceledError("x"),
        asyncpg.DeadlockDetectedError("x"),
        asyncpg.TooManyConnectionsError("x"),
        asyncpg.InterfaceError("pool is closing"),
        ConnectionRefusedError("x"),
        FileNotFoundError("no socket"),
        TimeoutError("x"),
    ],
)
async def test_a_database_that_does_not_answer_is_a_503_that_may_be_tried_again(error: Exception) -> None:
    status, body, headers = await ask(error)

    assert status == 503
    assert body["type"] == "urn:onward:problem:unavailable"
    assert headers["retry-after"] == "5"


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.DataError("x"),
        asyncpg.CharacterNotInRepertoireError("x"),
        asyncpg.NumericValueOutOfRangeError("x"),
    ],
)
async def test_a_value_that_the_database_refuses_is_a_fault_of_the_request(error: Exception) -> None:
    status, body, _ = await ask(error)

    assert (status, body["type"]) == (400, "urn:onward:problem:invalid-request")
